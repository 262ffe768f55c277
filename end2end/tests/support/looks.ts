// How a page is judged by eye: contrast, names and roles (axe), and that nothing sticks out sideways.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { expect, type Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Violation = { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] };

/** No accessibility fault that axe knows of. */
export async function expectAccessible(page: Page, where: string) {
  // Evaluated, not inserted: the page's content security policy would refuse a foreign script.
  await page.evaluate(AXE);
  const faults = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } };
    return (await axe.run()).violations as Violation[];
  });
  const lines = faults.flatMap((fault) =>
    fault.nodes.map((node) => `${fault.id}: ${node.target.join(" ")}: ${node.failureSummary ?? fault.help}`),
  );
  expect(lines, where).toEqual([]);
}

/** The page is as wide as its window. */
export async function expectNoOverflow(page: Page, where: string) {
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > limit + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")}`)
      .slice(0, 10);
  });
  expect(wide, where).toEqual([]);
}

export const THEMES = ["light", "dark"] as const;
export const WIDTHS = [390, 768, 1440] as const;
export const HEIGHTS = { 390: 844, 768: 1024, 1440: 900 } as const;

/** Nothing sticks out and axe finds no fault, at every width. */
export async function everyWidth(page: Page, where: string) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    await expectNoOverflow(page, `${where} at ${width}`);
    await expectAccessible(page, `${where} at ${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** The same in both themes. */
export async function everyLook(page: Page, where: string) {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    await everyWidth(page, `${where}, ${theme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}
