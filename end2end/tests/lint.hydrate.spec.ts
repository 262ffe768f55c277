// What could be wrong with a prompt stands beside its lines, and one click mends what can be mended.
import type { Page } from "@playwright/test";

import { field, hydrated, output, patch, sessionId, start } from "./support/interview.js";
import { everyLook } from "./support/looks.js";
import { expect, test } from "./support/test.js";

const TWICE = ["Offer the waiting list when the day is full", "offer the waiting list when the day is full"];
const prompt = (page: Page) => page.getByRole("group", { name: "Prompt" });
const note = (page: Page, name: RegExp) => prompt(page).getByRole("note", { name });
const repetition = (page: Page) => note(page, /Repetition/);
/** The line that the note stands beside. */
const noted = (page: Page) =>
  prompt(page)
    .locator(".noted")
    .filter({ has: page.getByRole("note", { name: /Repetition/ }) })
    .locator(".pl-row")
    .first();

type Report = { score: number; findings: { rule: string }[] };

async function report(page: Page): Promise<Report> {
  const response = await page.request.get(`/api/v1/prompts/${sessionId(page)}/lint`);
  return (await response.json()) as Report;
}

/** A workspace whose notes say something twice, with its prompt shown. */
async function findings(page: Page) {
  await start(page);
  await patch(page, { additional_notes: TWICE });
  await page.reload();
  await hydrated(page);
  await output(page, "Prompt").click();
  await expect(repetition(page)).toBeVisible();
}

test("a finding stands beside its line, and a click mends it as a step that can be undone", async ({ page }) => {
  await findings(page);
  await expect(page.getByText(/Score \d+, \d+ findings?/)).toBeVisible();
  const line = noted(page);
  await expect(line).toContainText(/waiting list/i);
  const [of, beside] = [await line.boundingBox(), await repetition(page).boundingBox()];
  expect(Math.abs((of?.y ?? 0) - (beside?.y ?? 99))).toBeLessThan(6);
  expect(beside?.x).toBeGreaterThan((of?.x ?? 0) + (of?.width ?? 0) - 1);
  await expect(repetition(page)).toContainText("hint");

  await page.getByRole("button", { name: "Fix: Repetition" }).click();
  await expect(page.getByText("Fixed: repetition")).toBeVisible();
  await expect(repetition(page)).toHaveCount(0);
  expect((await field<string[]>(page, "additional_notes"))?.value).toHaveLength(1);
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(repetition(page)).toBeVisible();
  expect((await field<string[]>(page, "additional_notes"))?.value).toEqual(TWICE);
});

test("the same by keyboard", async ({ page }) => {
  await findings(page);
  const before = await report(page);
  await page.getByRole("button", { name: "Fix: Repetition" }).focus();
  await page.keyboard.press("Enter");
  const undo = page.getByRole("status").getByRole("button", { name: "Undo" });
  await expect(undo).toBeFocused();
  expect((await report(page)).score).toBeGreaterThan(before.score);
  await page.keyboard.press("Enter");
  await expect(repetition(page)).toBeVisible();
  expect(await report(page)).toEqual(before);
});

test("a finding that only somebody can mend leads to its field", async ({ page }) => {
  await start(page);
  await patch(page, { goals: ["Help people"] });
  await page.reload();
  await hydrated(page);
  await output(page, "Prompt").click();
  const vague = note(page, /Vague goal/);
  await expect(vague).toBeVisible();
  await expect(vague.getByRole("button", { name: /^Fix/ })).toHaveCount(0);
  await vague.getByRole("link", { name: "Edit goals" }).click();
  await expect(page.getByRole("textbox", { name: /^Goals/ })).toBeFocused();
});

test("a finding that another tab mended already is said at the note", async ({ page, context, trouble }) => {
  trouble.expected(/409/);
  await findings(page);
  const other = await context.newPage();
  await other.goto(`/s/${sessionId(page)}`);
  await hydrated(other);
  await output(other, "Prompt").click();
  await other.getByRole("button", { name: "Fix: Repetition" }).click();
  await expect(repetition(other)).toHaveCount(0);
  await page.getByRole("button", { name: "Fix: Repetition" }).click();
  await expect(repetition(page).getByRole("alert")).toContainText("no such finding any more");
});

test("every platform has its findings at its own lines", async ({ page }) => {
  await findings(page);
  for (const platform of ["anthropic", "openai_chat", "generic"]) {
    await page.getByRole("combobox", { name: "Platform" }).selectOption(platform);
    await expect(noted(page)).toContainText(/waiting list/i);
  }
  await page.getByRole("button", { name: "Fix: Repetition" }).click();
  await expect(repetition(page)).toHaveCount(0);
});

test("findings look right everywhere", async ({ page }) => {
  await findings(page);
  await everyLook(page, "findings");
  await page.getByRole("button", { name: "Fix: Repetition" }).click();
  await expect(page.getByText("Fixed: repetition")).toBeVisible();
  await everyLook(page, "a mended finding");
});
