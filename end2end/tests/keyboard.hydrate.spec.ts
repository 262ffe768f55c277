// Everything by keyboard alone, with the focus always to be seen.
import type { Page } from "@playwright/test";

import { CLINIC, composer, hydrated, log, opening, start, status } from "./support/interview.js";
import { expect, test } from "./support/test.js";

/** Presses Tab until what has the focus has this name; fails after a round of the page. */
async function tabTo(page: Page, name: RegExp) {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    if ((await focused.count()) === 0) continue;
    const label = await focused.evaluate((element) => element.getAttribute("aria-label") || element.textContent || "");
    if (name.test(label.trim())) {
      const ring = await focused.evaluate((element) => {
        const seen = (style: CSSStyleDeclaration) => style.outlineStyle !== "none" || style.boxShadow !== "none";
        for (let at: Element | null = element; at; at = at.parentElement) if (seen(getComputedStyle(at))) return true;
        return false;
      });
      expect(ring, `the focus on ${label} cannot be seen`).toBe(true);
      return;
    }
  }
  throw new Error(`Tab never reached ${name}`);
}

test("from the first word to the bundle without a mouse", async ({ page }) => {
  await page.goto("/");
  await hydrated(page);
  await expect(opening(page)).toBeFocused();
  await page.keyboard.type(CLINIC.opening);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
  if (!(await composer(page).evaluate((element) => element === document.activeElement))) {
    await tabTo(page, /^Your answer$/);
  }
  const before = await status(page);
  await page.keyboard.type("Calm");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and warm");
  await expect(composer(page)).toHaveValue("Calm\nand warm");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await status(page)).version).toBeGreaterThan(before.version);
  await tabTo(page, /^Bundle/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Download zip" })).toBeVisible();
});

test("the conversation is announced", async ({ page }) => {
  await start(page);
  await expect(log(page)).toHaveAttribute("role", "log");
  await expect(log(page)).not.toHaveAttribute("aria-live", "off");
});
