// The composer works as a plain form as well: the script only makes it quicker.
import { expect, test } from "./support/test.js";
import { composer, hydrated, log, opening, send } from "./support/interview.js";

test("an interview is begun, answered and read again", async ({ page }) => {
  const first = "I want a customer support agent for our web shop";
  await page.goto("/");
  await opening(page).fill(first);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await expect(log(page)).toContainText(first);

  const second = "Help customers track orders and process returns";
  await composer(page).fill(second);
  await send(page).click();
  await expect(log(page)).toContainText(second);
  await expect(composer(page)).toHaveValue("");

  await page.reload();
  await expect(log(page)).toContainText(first);
  await expect(log(page)).toContainText(second);
  await expect(page.getByRole("region", { name: "Fields" })).toContainText(/track orders/i);
});

test("an example begins an interview", async ({ page, javaScriptEnabled }) => {
  await page.goto("/");
  if (javaScriptEnabled) await hydrated(page);
  await page.getByRole("button", { name: /Clinic receptionist/ }).click();
  // With the script it fills the composer, to be changed or sent.
  if (javaScriptEnabled) {
    await expect(opening(page)).toHaveValue(/dental clinic/);
    await page.getByRole("button", { name: "Start", exact: true }).click();
  }
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await expect(log(page)).toBeVisible();
});

test("HTML, Markdown and odd letters are shown as they were written", async ({ page }) => {
  const text = `A bot <img src=x onerror="document.title='pwned'"> <b>bold</b> [a](javascript:alert(1)) for مرحبا 👩‍🍳 & co`;
  await page.goto("/");
  await opening(page).fill(text);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await expect(log(page)).toContainText(text);
  await expect(log(page).locator("img, b:text-is('bold'), a[href^='javascript']")).toHaveCount(0);
  expect(await page.title()).not.toContain("pwned");
});
