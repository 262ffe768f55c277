// One interview, photographed: start, workspace with each output, history, at three widths in both themes.
import { mkdirSync } from "node:fs";

import type { Page } from "@playwright/test";

import { CLINIC, converse, hydrated, output, start } from "../tests/support/interview.js";
import { HEIGHTS, THEMES, WIDTHS } from "../tests/support/looks.js";
import { test } from "../tests/support/test.js";

const FOLDER = "shots";

/** The output's tab; on a phone the bottom bar leads to its pane first. */
async function show(page: Page, name: string, width: number) {
  if (width < 720) {
    await page
      .getByRole("navigation", { name: "Panes" })
      .getByRole("link", { name: name === "Bundle" ? /Bundle/ : /Diagram/ })
      .click();
    if (name === "Bundle" || name === "Diagram") return;
  }
  await output(page, name).click();
}

async function shoot(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: "disabled" });
}

test.setTimeout(300_000);

test("walk", async ({ page }) => {
  mkdirSync(FOLDER, { recursive: true });
  await start(page);
  const first = page.url();
  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: HEIGHTS[width] });
      await shoot(page, `asking-${width}-${theme}`);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await converse(page, CLINIC.answers, (now) => now.stage === "reviewing_workflow" || now.status === "completed");
  await page.reload();
  await hydrated(page);
  await shoot(page, "../readme");
  await start(page, "A sommelier bot for our wine shop in Porto that proposes bottles for what people eat. Call it Quim.");

  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: HEIGHTS[width] });
      for (const [name, path] of [
        ["start", "/"],
        ["history", "/history"],
        ["settings", "/settings"],
        ["chat", new URL(first).pathname],
      ]) {
        await page.goto(path);
        await hydrated(page);
        await shoot(page, `${name}-${width}-${theme}`);
      }
      if (width < 720) {
        await page.getByRole("navigation", { name: "Panes" }).getByRole("link", { name: /Fields/ }).click();
        await shoot(page, `fields-${width}-${theme}`);
      }
      for (const name of ["Diagram", "Prompt", "Tools", "Try", "Bundle"]) {
        await show(page, name, width);
        await shoot(page, `${name.toLowerCase()}-${width}-${theme}`);
      }
    }
  }
});
