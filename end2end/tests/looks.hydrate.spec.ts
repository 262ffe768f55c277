// Every page at every width in both themes: nothing sticks out, nothing axe finds fault with.
import type { Page } from "@playwright/test";

import { CLINIC, converse, hydrated, log, output, start } from "./support/interview.js";
import { everyWidth, THEMES } from "./support/looks.js";
import { expect, test } from "./support/test.js";

for (const theme of THEMES) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test("start and history", async ({ page }) => {
      await page.goto("/history");
      await hydrated(page);
      await everyWidth(page, "empty history");
      await start(page);
      await page.goto("/");
      await hydrated(page);
      await everyWidth(page, "start");
      await page.goto("/history");
      await hydrated(page);
      await everyWidth(page, "history");
    });

    test("workspace", async ({ page }) => {
      await start(page);
      await everyWidth(page, "first answer");
      await converse(page, CLINIC.answers, (now) => now.stage === "reviewing_workflow" || now.status === "completed");
      for (const name of ["Diagram", "Prompt", "Tools", "Bundle"]) {
        await output(page, name).click();
        await everyWidth(page, name);
      }
    });

    test("follows the system's theme", async ({ page }) => {
      await page.goto("/");
      await hydrated(page);
      expect(await brightness(page)).toBe(theme);
    });
  });
}

/** What the eye sees behind the page: light or dark. */
async function brightness(page: Page): Promise<"light" | "dark"> {
  const { data } = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d")!;
    for (const element of [document.documentElement, document.body]) {
      context.fillStyle = getComputedStyle(element).backgroundColor;
      context.fillRect(0, 0, 1, 1);
    }
    return { data: [...context.getImageData(0, 0, 1, 1).data] };
  });
  return data[0] + data[1] + data[2] > 380 ? "light" : "dark";
}

test("the switch changes the theme, and a reload keeps it", async ({ page }) => {
  await page.goto("/");
  await hydrated(page);
  expect(await brightness(page)).toBe("light");
  await page.getByRole("button", { name: "Switch theme" }).click();
  await expect.poll(() => brightness(page)).toBe("dark");
  await page.reload();
  expect(await brightness(page)).toBe("dark");
});

test("nothing moves while the page takes over", async ({ page }) => {
  await start(page);
  await page.addInitScript(() => {
    const shifts = window as unknown as { shift: number };
    shifts.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.reload();
  await hydrated(page);
  await expect(log(page)).toBeVisible();
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.02);
});
