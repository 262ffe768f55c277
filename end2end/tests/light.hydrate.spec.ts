// The cross-light: words of the chat, fields, steps and lines of the prompt light each other, whichever is pointed at,
// by mouse, by touch and by keyboard.
import type { Locator, Page } from "@playwright/test";

import { step } from "./support/diagram.js";
import { log, output, start } from "./support/interview.js";
import { expectAccessible } from "./support/looks.js";
import { expect, test } from "./support/test.js";

const words = (page: Page, text: string): Locator => log(page).locator("[data-words]", { hasText: text }).first();
const field = (page: Page, id: string): Locator => page.locator(`[data-field="${id}"]`);
const lit = /(^| )lit( |$)/;
const at = /(^| )at( |$)/;

test.describe("with a mouse and keys", () => {
  test.beforeEach(async ({ page }) => {
    await start(page);
    await expect(page.locator("svg.graph.measured [data-node]").nth(5)).toBeAttached();
  });

  test("words light their field and its steps", async ({ page }) => {
    const hours = words(page, "hours and prices");
    await hours.hover();
    await expect(hours).toHaveClass(lit);
    await expect(field(page, "goals")).toHaveClass(at);
    await expect(page.locator("svg.graph .node.lit")).not.toHaveCount(0);
    await page.mouse.move(5, 5);
    await expect(page.locator("svg.graph .node.lit")).toHaveCount(0);
    await hours.click();
    await page.mouse.move(5, 5);
    await expect(hours).toHaveAttribute("aria-pressed", "true");
    await expect(field(page, "goals")).toHaveClass(at);
    await page.keyboard.press("Escape");
    await expect(field(page, "goals")).not.toHaveClass(at);
  });

  test("a step lights its fields, the words they rest on and its lines", async ({ page }) => {
    const call = page.locator('svg.graph [data-node][aria-label*="Calendar"]').first();
    await call.hover();
    await expect(field(page, "tools").locator(".lit").first()).toBeVisible();
    await expect(log(page).locator("[data-words].lit")).not.toHaveCount(0);
    // Passing over a step opens no row.
    await expect(page.locator(".field.at")).toHaveCount(0);
    await call.click();
    await page.mouse.move(5, 5);
    await expect(log(page).locator("[data-words].lit")).not.toHaveCount(0);
    await expect(page.locator(".field.at")).toHaveCount(1);
    await output(page, "Prompt").click();
    await expect(page.locator(".pl-row.at").first()).toBeInViewport();
  });

  test("a field lights its words, its steps and its lines", async ({ page }) => {
    await output(page, "Prompt").click();
    await field(page, "agent_name").locator(".val").click();
    await expect(words(page, "Mia")).toHaveClass(lit);
    await expect(page.locator(".pl-row.at").first()).toContainText("Mia");
    await output(page, "Diagram").click();
    await expect(words(page, "Mia")).toHaveClass(lit);
  });

  test("a line lights its field and the words", async ({ page }) => {
    await output(page, "Prompt").click();
    await page.locator(".pl-row", { hasText: "Mia" }).first().hover();
    await expect(field(page, "agent_name")).toHaveClass(at);
    await expect(words(page, "Mia")).toHaveClass(lit);
  });

  test("all of it by keyboard", async ({ page }) => {
    const first = log(page).locator('[data-words][tabindex="0"]').first();
    await first.focus();
    await expect(first).toHaveClass(lit);
    await page.keyboard.press("ArrowRight");
    const second = page.locator("[data-words]:focus");
    await expect(second).toHaveClass(lit);
    await expect(first).not.toBeFocused();
    await page.keyboard.press("Enter");
    await expect(second).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("ArrowLeft");
    await expect(first).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.locator('[data-words][aria-pressed="true"]')).toHaveCount(0);

    const name = field(page, "agent_name").locator(".val");
    await name.focus();
    await expect(words(page, "Mia")).toHaveClass(lit);

    await output(page, "Prompt").click();
    const row = page.locator(".pl-row", { hasText: "Mia" }).first();
    await row.getByRole("button").focus();
    await expect(row).toHaveClass(at);
    await expect(words(page, "Mia")).toHaveClass(lit);
    await page.keyboard.press("Enter");
    await expect(row.getByRole("button")).toHaveAttribute("aria-pressed", "true");
    await expectAccessible(page, "lit");
  });

  test("a focused step lights as one pointed at", async ({ page }) => {
    const call = page.locator('svg.graph [data-node][aria-label*="Calendar"]').first();
    await call.focus();
    await expect(log(page).locator("[data-words].lit")).not.toHaveCount(0);
    const id = (await call.getAttribute("data-node")) ?? "";
    await expect(step(page, id)).toHaveAttribute("aria-pressed", "false");
  });
});

test.describe("with a finger", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test("a tap lights what belongs to it in the other panes", async ({ page }) => {
    await start(page);
    await words(page, "Mia").tap();
    await expect(words(page, "Mia")).toHaveAttribute("aria-pressed", "true");
    await page.getByRole("navigation", { name: "Panes" }).getByRole("link", { name: /Fields/ }).tap();
    await expect(field(page, "agent_name")).toHaveClass(at);
    await expect(field(page, "agent_name")).toBeInViewport();
    await field(page, "agent_name").locator(".val").tap();
    await field(page, "agent_name").locator(".val").tap();
    await expect(field(page, "agent_name")).not.toHaveClass(at);
    await page.getByRole("navigation", { name: "Panes" }).getByRole("link", { name: /Chat/ }).tap();
    await expect(words(page, "Mia")).not.toHaveClass(lit);
  });
});
