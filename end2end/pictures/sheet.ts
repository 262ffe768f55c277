// The contact sheet of what the other files here photographed: shots/index.html to look through, shots/contact-sheet.png,
// and a small one for the documentation.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { HEIGHTS, THEMES, WIDTHS } from "../tests/support/looks.js";
import { test } from "../tests/support/test.js";

/** Height of a picture on the sheet. */
const HIGH = 120;
/** How much larger the large sheet is. */
const LARGE = 2.5;

test("sheet", async ({ page }) => {
  const names = ["walk", "unwell"].flatMap((what) => JSON.parse(readFileSync(`shots/${what}.json`, "utf8")) as string[]);
  const cell = (name: string, width: number, theme: string) => {
    const file = `${name}-${width}-${theme}.png`;
    const wide = Math.round((HIGH * width) / HEIGHTS[width as keyof typeof HEIGHTS]);
    return `<a href="${file}"><img src="${file}" alt="${name}, ${width}, ${theme}" width="${wide}" height="${HIGH}"></a>`;
  };
  const row = (name: string) => {
    const cells = [...WIDTHS].reverse().flatMap((width) => THEMES.map((theme) => cell(name, width, theme)));
    return `<section><h2>${name}</h2>${cells.join("")}</section>`;
  };
  const style = `body{margin:16px;font:500 11px/16px Inter,system-ui,sans-serif;background:#e9e5de;color:#24201a}
    h1{font:600 15px/24px inherit}section{display:flex;gap:6px;margin:10px 0;align-items:flex-start}
    h2{width:110px;flex:none;font:inherit;overflow-wrap:anywhere}img{display:block;box-shadow:0 0 0 1px #0002}
    main{width:max-content;columns:1}`;
  const html = `<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>${style}</style><main>${names.map(row).join("")}</main>`;
  writeFileSync("shots/index.html", html);
  await page.goto(pathToFileURL(resolve("shots/index.html")).href);
  for (const [file, zoom] of [["../docs/contact-sheet.png", 1], ["shots/contact-sheet.png", LARGE]] as const) {
    await page.evaluate((zoom) => void (document.body.style.zoom = String(zoom)), zoom);
    const { width } = (await page.locator("main").boundingBox())!;
    await page.setViewportSize({ width: Math.ceil(width + 32 * zoom), height: 800 });
    await page.screenshot({ path: file, fullPage: true });
  }
});
