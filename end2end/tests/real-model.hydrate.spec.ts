// A whole interview with a model that is really there: `make test-model`. Whatever it makes of it, the interview ends.
import { expect, test } from "./support/test.js";
import { CLINIC, composer, hydrated, log, opening } from "./support/interview.js";

test.skip(!process.env.REAL_MODEL, "there is no model: run it with `make test-model`");

test("an interview with a real model ends, whatever it says", async ({ page }) => {
  test.setTimeout(600_000);
  const stop = page.getByRole("button", { name: "Stop" });
  await page.goto("/");
  await hydrated(page);
  await opening(page).fill(CLINIC.opening);
  await opening(page).press("Enter");
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
  for (const said of ["Calm and friendly", "No tools", "She must never give medical advice", "Finish now"]) {
    await expect(stop).toHaveCount(0, { timeout: 90_000 });
    await composer(page).fill(said);
    await composer(page).press("Enter");
    await expect(log(page)).toContainText(said);
  }
  await expect(stop).toHaveCount(0, { timeout: 90_000 });
  const id = new URL(page.url()).pathname.split("/").pop();
  const status = await (await page.request.get(`/api/v1/sessions/${id}/status`)).json();
  expect(status.missing_required).toEqual([]);
});
