// The style guide: rendered by the server alone, so all of it must be there with the script on and off.
import type { Page } from "@playwright/test";

import { everyLook } from "./support/looks.js";
import { expect, test } from "./support/test.js";

/** Primitives and variants, in the words of the code. */
async function shown(page: Page) {
  const names = (attribute: string) =>
    page.locator(`[${attribute}]`).evaluateAll((all, name) => all.map((one) => one.getAttribute(name) ?? ""), attribute);
  return { primitives: await names("data-primitive"), variants: await names("data-variant"), tokens: await names("data-token") };
}

test("every primitive is shown with each of its variants, its purpose and its line of Rust", async ({ page }) => {
  const response = await page.goto("/styleguide");
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle("Style guide · Agentwright");
  const { primitives, variants, tokens } = await shown(page);
  expect(primitives.length).toBeGreaterThanOrEqual(15);
  // The names come from the enums; a unit test holds the page against each of them.
  expect(variants).toEqual(expect.arrayContaining(["Look::Primary", "Size::Tiny", "BannerTone::Failure", "Dot::Done"]));
  expect(new Set(variants).size).toBe(variants.length);
  expect(tokens).toEqual(expect.arrayContaining(["paper", "accent", "said", "t-read", "t-display"]));
  for (const name of primitives) {
    const section = page.locator(`[data-primitive="${name}"]`);
    await expect(section.getByRole("heading", { name, exact: true })).toBeVisible();
    await expect(section.locator("p").first()).not.toBeEmpty();
    await expect(section.locator("pre")).not.toBeEmpty();
    expect(await section.locator("figure").count(), name).toBeGreaterThan(0);
    for (const figure of await section.locator("figure > div").all()) {
      const box = await figure.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), `${name}: ${await figure.innerHTML()}`).toBeGreaterThan(4);
    }
  }
});

test("colours and type are those of the style sheet", async ({ page }) => {
  await page.goto("/styleguide");
  const paint = await page.locator('[data-token="paper"] .swatch').evaluate((it) => getComputedStyle(it).backgroundColor);
  expect(paint).toBe(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  const plain = page.locator(".swatch:not([class*=of-])");
  await expect(plain).toHaveCount(0);
  const display = page.locator(".of-t-display");
  expect(await display.evaluate((it) => getComputedStyle(it).fontSize)).toBe("44px");
});

test("menus open by click and by key", async ({ page }) => {
  await page.goto("/styleguide");
  const drop = page.locator('[data-primitive="Drop"] details');
  await drop.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(drop.getByRole("button", { name: "Rename" })).toBeVisible();
});

test("in both themes at every width", async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "axe is a script");
  await page.goto("/styleguide");
  await everyLook(page, "style guide");
});

test("the chosen theme holds here too", async ({ page, context, baseURL }) => {
  await context.addCookies([{ name: "theme", value: "dark", url: baseURL! }]);
  await page.goto("/styleguide");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
