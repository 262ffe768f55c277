// Draws the icons and the social card of `style/identity` into `public/`, with the browser and the fonts of the page:
//   node identity.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "@playwright/test";

import { executablePath } from "./chromium.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const FROM = join(ROOT, "style/identity");
const TO = join(ROOT, "public");

/** What is drawn: file, source, side in pixels. */
const ICONS = [
  ["favicon-32.png", "icon.svg", 32],
  ["apple-touch-icon.png", "maskable.svg", 180],
  ["icon-192.png", "icon.svg", 192],
  ["icon-512.png", "icon.svg", 512],
  ["maskable-192.png", "maskable.svg", 192],
  ["maskable-512.png", "maskable.svg", 512],
];

/** A PNG of 32 pixels in the frame that old browsers ask for: a directory of one picture. */
function ico(png) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2); // an icon
  head.writeUInt16LE(1, 4); // one picture
  head.writeUInt8(32, 6);
  head.writeUInt8(32, 7);
  head.writeUInt16LE(1, 10); // planes
  head.writeUInt16LE(32, 12); // bits a pixel
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
for (const [file, source, side] of ICONS) {
  const svg = readFileSync(join(FROM, source), "utf8").replace("<svg ", `<svg width="${side}" height="${side}" `);
  await page.setViewportSize({ width: side, height: side });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  writeFileSync(join(TO, file), await page.screenshot({ omitBackground: true }));
}
writeFileSync(join(TO, "favicon.ico"), ico(readFileSync(join(TO, "favicon-32.png"))));
await page.setViewportSize({ width: 1200, height: 630 });
await page.goto(pathToFileURL(join(FROM, "social-card.html")).href);
await page.evaluate(() => document.fonts.ready);
writeFileSync(join(TO, "social-card.png"), await page.screenshot());
await browser.close();
