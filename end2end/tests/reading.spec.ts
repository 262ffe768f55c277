// What can be read with the script on and off.
import { expect, test } from "./support/test.js";

test("the start page invites to write, offers examples and leads on", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle(/Agentwright/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Describe your agent" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Try an example" })).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "History" }).click();
  await expect(page).toHaveURL(/\/history/);
  await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeVisible();
});

test("an address that leads nowhere says so and leads back", async ({ page, trouble }) => {
  trouble.expected(/404/);
  const response = await page.goto("/nothing-here");
  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.getByRole("main").getByRole("link").first().click();
  await expect(page.getByRole("textbox", { name: "Describe your agent" })).toBeVisible();
});

for (const [what, id] of [
  ["an unknown session", "01890000-0000-7000-8000-000000000000"],
  ["an id that is not one", "not-a-session"],
  ["a path trick", "..%2f..%2fetc%2fpasswd"],
  ["a script for an id", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"],
]) {
  test(`${what} is not found, and nothing of it is shown`, async ({ page, trouble }) => {
    trouble.expected(/404/);
    const response = await page.goto(`/s/${id}`);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("body")).not.toContainText("passwd");
  });
}

test("somebody else's session is not found", async ({ page, browser, trouble, javaScriptEnabled }) => {
  trouble.expected(/404/);
  await page.goto("/");
  await page.getByRole("textbox", { name: "Describe your agent" }).fill("A bot that answers questions about our wine");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);

  const stranger = await browser.newContext({ javaScriptEnabled, baseURL: new URL(page.url()).origin });
  const other = await stranger.newPage();
  const response = await other.goto(page.url());
  expect(response?.status()).toBe(404);
  await expect(other.locator("body")).not.toContainText("wine");
  await stranger.close();
});

test("a page asked for many times at once is the same each time", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("textbox", { name: "Describe your agent" }).fill("A bot that answers questions about our wine");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  const address = new URL(page.url()).pathname;
  for (const view of ["prompt", "bundle"]) {
    const pages = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const answer = await page.request.get(`${address}?view=${view}`);
        const text = await answer.text();
        // What the page loads goes by numbers; the browser counts them anew.
        const numbers = text.match(/__(PENDING|RESOLVED)_RESOURCES(=\[[^\]]*\]|\[\d+\])/g);
        return `${answer.status()} ${numbers?.sort().join(" ")}`;
      }),
    );
    expect([...new Set(pages)], view).toHaveLength(1);
    expect(pages[0]).toMatch(/^200 /);
  }
});
