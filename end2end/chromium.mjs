// Where the browser of the tests is: CHROMIUM, the system's, or the one Playwright installed. Run by itself it prints
// the path, and fails when there is none.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";

const PLACES = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  chromium.executablePath(),
];

export const executablePath = PLACES.find((place) => place && existsSync(place));

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (!executablePath) process.exit(1);
  console.log(executablePath);
}
