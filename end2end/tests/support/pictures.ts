// Pictures of a page as it is, at every width in both themes: end2end/shots/NAME-WIDTH-THEME.png.
import { mkdirSync, writeFileSync } from "node:fs";

import type { Page } from "@playwright/test";

import { HEIGHTS, THEMES, WIDTHS } from "./looks.js";

export const FOLDER = "shots";
const names: string[] = [];

/** Fonts are there, and what moves has come to rest. */
export async function settled(page: Page) {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(350);
}

export async function shoot(page: Page, name: string) {
  names.push(name);
  mkdirSync(FOLDER, { recursive: true });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await settled(page);
      await page.screenshot({ path: `${FOLDER}/${name}-${width}-${theme}.png`, animations: "disabled" });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** Tells the contact sheet what was photographed, in its order. */
export function tell(what: string) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${what}.json`, JSON.stringify(names));
}
