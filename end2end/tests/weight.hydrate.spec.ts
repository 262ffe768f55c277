// What .ci/weigh counts is all that is loaded before the page works; the rest comes with the view that needs it.
import { expect, test } from "./support/test.js";
import { hydrated, output, start } from "./support/interview.js";

/** The built files by the time each was asked for, and when the page began to work. */
async function loaded(page: import("@playwright/test").Page) {
  return page.evaluate(() => {
    const files = performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/pkg/"));
    const name = (url: string) => url.split("/").at(-1) ?? "";
    const worksAt = (window as unknown as { worksAt: number }).worksAt;
    return {
      first: files.filter((file) => file.startTime < worksAt).map((file) => name(file.name)),
      later: files.filter((file) => file.startTime >= worksAt).map((file) => name(file.name)),
    };
  });
}

const FIRST = /^(agentwright|__wasm_split)\./;

test("the workspace loads what is weighed, and the rest later", async ({ page }) => {
  await page.addInitScript(() => {
    const note = () => {
      if (!document.documentElement.hasAttribute("data-hydrated")) return;
      (window as unknown as { worksAt: number }).worksAt ??= performance.now();
    };
    new MutationObserver(note).observe(document, { attributes: true, subtree: true, childList: true });
  });
  await start(page);
  await page.reload();
  await hydrated(page);
  const { first } = await loaded(page);
  expect(first.length).toBeGreaterThan(2);
  expect(first.filter((name) => !FIRST.test(name))).toEqual([]);
  await expect.poll(async () => (await loaded(page)).later.some((name) => name.startsWith("split_"))).toBe(true);
});

test("a view whose code does not come says so, and comes when tried again", async ({ page, trouble }) => {
  trouble.expected(/split_|chunk_|ERR_FAILED|Failed to (load resource|fetch)/);
  await start(page);
  let cut = true;
  await page.route(/\/(split|chunk)_/, async (route) => (cut ? route.abort("failed") : route.continue()));
  await page.reload();
  await hydrated(page);
  await output(page, "Tools").click();
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  cut = false;
  await again.click();
  await expect(page.getByRole("group", { name: "Tools" })).toBeVisible();
});

test("without its code a page reads and goes on", async ({ page, trouble }) => {
  trouble.expected(/split_|chunk_|ERR_FAILED|Failed to (load resource|fetch)/);
  await page.route(/\/(split|chunk)_/, (route) => route.abort("failed"));
  await page.goto("/");
  await page.getByRole("textbox", { name: "Describe your agent" }).fill("A quiz master for pub evenings");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
});
