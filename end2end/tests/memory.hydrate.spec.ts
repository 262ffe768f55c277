// Nothing that was said is lost: reload, resume, history, drafts, edits.
import { expect, test } from "./support/test.js";
import { CLINIC, composer, converse, hydrated, log, messages, say, sessionId, start, status } from "./support/interview.js";

test("a reload in the middle keeps everything and goes on", async ({ page }) => {
  await start(page);
  const before = await say(page, "Calm and warm");
  const spoken = await log(page).innerText();
  await page.reload();
  await hydrated(page);
  expect(await status(page)).toEqual(before);
  expect(await log(page).innerText()).toBe(spoken);
  await expect(page.getByRole("region", { name: "Fields" })).toContainText(/calm/i);
  await converse(page, CLINIC.answers, (now) => now.status === "completed");
});

test("an interview is resumed from the history", async ({ page }) => {
  await start(page, "A concierge for our hotel in Lisbon called Inês that answers guests' questions");
  const id = sessionId(page);
  await page.goto("/history");
  await hydrated(page);
  await page.locator(`a[href*="${id}"]`).first().click();
  await page.waitForURL(new RegExp(id));
  await expect(log(page)).toContainText("hotel in Lisbon");
  await say(page, "Friendly and professional");
});

test("the history is searched, and a session deleted, undone and deleted for good", async ({ page }) => {
  await start(page, "A quiz master for pub evenings named Quentin");
  const quiz = sessionId(page);
  await start(page, "An assistant for beekeepers named Honeydew");
  const bees = sessionId(page);
  await page.goto("/history");
  await hydrated(page);
  const quizRow = page.locator(`a[href*="${quiz}"]`);
  const beesRow = page.locator(`a[href*="${bees}"]`);
  await expect(quizRow.first()).toBeVisible();
  await expect(beesRow.first()).toBeVisible();

  await page.getByRole("searchbox", { name: "Search" }).fill("beekeepers");
  await expect(quizRow).toHaveCount(0);
  await expect(beesRow.first()).toBeVisible();

  const remove = () => page.getByRole("main").getByRole("button", { name: /^Delete/ }).first();
  await beesRow.first().hover();
  await remove().click();
  await expect(beesRow).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(beesRow.first()).toBeVisible();

  await beesRow.first().hover();
  await remove().click();
  await expect(beesRow).toHaveCount(0);
  await expect
    .poll(async () => (await page.request.get(`/api/v1/sessions/${bees}/status`)).status(), { timeout: 30_000 })
    .toBe(404);
});

test("a field is edited in place, shown as edited, and taken back", async ({ page }) => {
  await start(page);
  await say(page, "Calm and warm");
  const fields = page.getByRole("region", { name: "Fields" });
  const row = fields.locator("[data-field=agent_name]");
  await row.hover();
  await row.getByRole("button", { name: "Edit" }).click();
  const editor = row.getByRole("textbox");
  await editor.fill("Luna");
  await editor.press("Enter");
  await expect(row).toContainText("Luna");
  await expect(row).toContainText("edited");
  expect((await status(page)).collected_data).toMatchObject({ agent_name: "Luna" });
  await page.reload();
  await hydrated(page);
  await expect(row).toContainText("Luna");

  await fields.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("Mia");
  await fields.getByRole("button", { name: "Redo" }).click();
  await expect(row).toContainText("Luna");
});

test("a correction in the chat says what changed", async ({ page }) => {
  await start(page);
  await say(page, "Calm and warm");
  await say(page, "Actually make it more formal");
  await expect(page.getByRole("region", { name: "Fields" })).toContainText(/formal/i);
  expect((await messages(page)).at(-1)?.content).toMatch(/formal/i);
});

test("a draft survives a reload", async ({ page }) => {
  await start(page);
  await composer(page).pressSequentially("Half our callers");
  await page.reload();
  await hydrated(page);
  await expect(composer(page)).toHaveValue("Half our callers");
});
