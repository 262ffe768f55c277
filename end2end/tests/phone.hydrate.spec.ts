// The same on a phone: one pane at a time, tabs at the bottom.
import { devices } from "@playwright/test";

import { CLINIC, composer, converse, hydrated, log, opening, start } from "./support/interview.js";
import { expect, test } from "./support/test.js";

const { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch } = devices["Pixel 7"];
test.use({ viewport, userAgent, deviceScaleFactor, isMobile, hasTouch });

test("an interview by touch, with every pane within reach", async ({ page }) => {
  await page.goto("/");
  await hydrated(page);
  await opening(page).tap();
  await opening(page).pressSequentially(CLINIC.opening);
  await page.getByRole("button", { name: "Start", exact: true }).tap();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
  await expect(log(page)).toBeInViewport();
  await expect(composer(page)).toBeInViewport();

  const panes = page.getByRole("navigation", { name: "Panes" });
  await panes.getByRole("link", { name: /Fields/ }).tap();
  await expect(page.getByRole("region", { name: "Fields" })).toBeInViewport();
  await expect(page.getByRole("region", { name: "Fields" })).toContainText("Mia");
  await panes.getByRole("link", { name: /Diagram/ }).tap();
  await expect(page.getByRole("region", { name: "Outputs" })).toBeInViewport();
  await panes.getByRole("link", { name: /Bundle/ }).tap();
  await expect(page.getByRole("link", { name: "Download zip" })).toBeInViewport();
  await panes.getByRole("link", { name: /Chat/ }).tap();
  await expect(log(page)).toBeInViewport();
});

test("it can be finished on a phone", async ({ page }) => {
  await start(page);
  await converse(page, CLINIC.answers, (now) => now.status === "completed");
});
