// What an interview looks like that rests, and one whose model does not answer. On servers of their own.
import { hydrated, opening, start } from "../tests/support/interview.js";
import { shoot, tell } from "../tests/support/pictures.js";
import { test } from "../tests/support/test.js";

test.describe.configure({ mode: "serial" });
test.setTimeout(300_000);
test.afterAll(() => tell("unwell"));

test("rests", async ({ page }) => {
  await start(page);
  // The server of these pictures leaves an interview to itself after a second.
  await page.waitForTimeout(4_000);
  await page.reload();
  await hydrated(page);
  await page.getByText("This interview rests.").waitFor();
  await shoot(page, "rests");
  await page.goto("/history");
  await hydrated(page);
  await shoot(page, "history-paused");
});

test("without its model", async ({ page }) => {
  const model = process.env.MODEL_URL;
  await page.request.post(`${model}/script`, { data: { fail: 400 } });
  await page.goto(`${process.env.MODEL_BASE_URL}/`);
  await hydrated(page);
  await opening(page).fill("A phone receptionist for our clinic who makes everybody feel looked after");
  await opening(page).press("Enter");
  await page.getByText("Answered without the model").waitFor({ timeout: 60_000 });
  await shoot(page, "without-model");
  await page.goto(`${process.env.MODEL_BASE_URL}/settings`);
  await hydrated(page);
  await page.getByText("reachable").first().waitFor();
  await shoot(page, "settings-models");
});
