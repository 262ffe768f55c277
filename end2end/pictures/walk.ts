// One interview and what can go wrong around it, photographed: every page and state.
import type { Page } from "@playwright/test";

import { CLINIC, composer, converse, hydrated, send, sessionId, start } from "../tests/support/interview.js";
import { settled, shoot, tell } from "../tests/support/pictures.js";
import { test } from "../tests/support/test.js";

/** The same after going to an address. */
async function visit(page: Page, name: string, path: string) {
  await page.goto(path);
  await hydrated(page);
  await shoot(page, name);
}

test.describe.configure({ mode: "serial" });
test.setTimeout(600_000);

test.afterAll(() => tell("walk"));

test("before anything was said", async ({ page, trouble }) => {
  trouble.expected(/404/);
  await visit(page, "start-first", "/");
  await visit(page, "history-empty", "/history");
  await visit(page, "settings", "/settings");
  await visit(page, "not-found", "/nowhere");
  await visit(page, "not-found-interview", "/s/01890000-0000-7000-8000-000000000000");
  await page.goto("/settings/key");
  await shoot(page, "key");
});

test("an interview", async ({ page, trouble, context }) => {
  trouble.expected(/ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to (load resource|fetch)/);
  await start(page);
  await shoot(page, "asking");
  const path = new URL(page.url()).pathname;
  // On its way, then refused.
  await page.route("**/rpc/**", (route) => new Promise((done) => setTimeout(() => done(route.abort("failed")), 9_000)));
  await composer(page).fill("Calm and warm");
  await send(page).click();
  await page.getByText("Sending").waitFor();
  await page.getByRole("button", { name: "Try again" }).first().waitFor({ timeout: 30_000 });
  await shoot(page, "not-sent");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.getByRole("button", { name: "Discard" }).click();
  await context.setOffline(true);
  await page.getByText("Offline. ").waitFor();
  await shoot(page, "offline");
  await context.setOffline(false);

  await converse(page, CLINIC.answers, (now) => now.stage === "reviewing_workflow" || now.status === "completed");
  await page.reload();
  await hydrated(page);
  await settled(page);
  await page.screenshot({ path: "readme.png", animations: "disabled" });
  await visit(page, "chat", path);
  for (const view of ["fields", "diagram", "prompt", "tools", "try", "bundle"]) {
    await visit(page, view, `${path}?view=${view}`);
  }
  await page.goto(`${path}?view=diagram`);
  await hydrated(page);
  await page.locator("svg.graph.measured [data-node]").nth(3).click();
  await page.getByRole("region", { name: "Selected step" }).waitFor();
  await shoot(page, "selected");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "List view" }).click();
  await shoot(page, "list");
  await page.getByRole("button", { name: "All changes" }).click();
  await page.getByRole("dialog").waitFor();
  await shoot(page, "changes");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await shoot(page, "palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await shoot(page, "keys");
  await page.keyboard.press("Escape");
  await converse(page, CLINIC.answers, (now) => now.status === "completed");
  await visit(page, "finished", path);
});

test("little is known, or nothing loads", async ({ page, trouble }) => {
  trouble.expected(/ERR_FAILED|Failed to (load resource|fetch)|status 5/);
  await start(page, "A sommelier bot for our wine shop in Porto that proposes bottles for what people eat. Call it Quim.");
  const path = new URL(page.url()).pathname;
  await start(page, "Hello");
  const bare = sessionId(page);
  for (const view of ["diagram", "prompt", "tools"]) await visit(page, `${view}-empty`, `/s/${bare}?view=${view}`);
  await page.goto("/");
  await hydrated(page);
  await shoot(page, "start");
  await visit(page, "history", "/history");
  await page.getByRole("searchbox", { name: "Search" }).fill("zeppelin");
  await page.getByText("No interview says").waitFor();
  await shoot(page, "history-nothing");
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.getByRole("row").nth(1).hover();
  await page.getByRole("main").getByRole("button", { name: /^Delete/ }).first().click();
  await page.getByText("deleted").waitFor();
  await shoot(page, "history-deleted");
  await page.getByRole("button", { name: "Undo" }).click();

  // Going there inside the page shows what stands while it loads, and what when it does not.
  const link = page.locator(`a[href="${path}"]`).first();
  let fails: () => void = () => undefined;
  const waits = new Promise<void>((done) => (fails = done));
  await page.route("**/rpc/load_workspace*", async (route) => {
    await waits;
    await route.abort("failed");
  });
  await link.click();
  await page.locator('.ws[aria-busy="true"]').waitFor();
  await shoot(page, "loading");
  fails();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await shoot(page, "not-loaded");
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("the style guide", async ({ page }) => {
  await page.goto("/styleguide");
  await shoot(page, "styleguide");
});
