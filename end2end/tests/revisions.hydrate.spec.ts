// Every change is a revision: what made it, what it did to fields, diagram and prompt, back and forth; and an earlier
// message said otherwise.
import type { Locator, Page } from "@playwright/test";

import { inspector, revisions, select } from "./support/diagram.js";
import { composer, hydrated, log, say, start, status } from "./support/interview.js";
import { expectAccessible, expectNoOverflow } from "./support/looks.js";
import { expect, test } from "./support/test.js";

test.beforeEach(async ({ page }) => {
  await start(page);
  await say(page, "Calm and warm");
});

async function changes(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "All changes" }).click();
  const dialog = page.getByRole("dialog", { name: "Changes" });
  await expect(dialog.locator(".rev").first()).toBeVisible();
  return dialog;
}

/** A step is named by hand, a field is edited. */
async function edit(page: Page) {
  await select(page, (await page.locator("svg.graph [data-node]").nth(1).getAttribute("data-node")) ?? "");
  await inspector(page).getByRole("button", { name: "Rename" }).click();
  await inspector(page).getByRole("textbox", { name: "Title" }).fill("Say good day");
  await page.keyboard.press("Enter");
  await expect(page.locator("svg.graph")).toContainText("Say good day");
}

test("all changes with what made them and what they did", async ({ page }) => {
  await edit(page);
  const dialog = await changes(page);
  await expect(dialog.locator(".rev")).toHaveCount(3);
  await expect(dialog.locator(".rev .made")).toHaveText(["edited", "said", "said"]);
  await dialog.locator(".rev summary").first().click();
  await expect(dialog.getByRole("heading", { name: "Diagram" })).toBeVisible();
  await expect(dialog.locator(".rev").first()).toContainText("is now called “Say good day”");
  const second = dialog.locator(".rev").nth(1);
  await expect(second.locator(".strip")).toContainText("Tone");
  await second.locator("summary").click();
  await expect(second.getByRole("heading", { name: "Fields" })).toBeVisible();
  await expect(second.getByRole("heading", { name: "Prompt" })).toBeVisible();
  await expect(second.locator("ins.dl").first()).toBeVisible();
  await expectAccessible(page, "changes");
});

test("undo and redo go through all panes, after a reload too", async ({ page }) => {
  await edit(page);
  await page.reload();
  await hydrated(page);
  const dialog = await changes(page);
  await dialog.getByRole("button", { name: "Undo" }).click();
  await expect(dialog.locator(".rev .made").first()).toHaveText("undo");
  await expect(page.locator("svg.graph")).not.toContainText("Say good day");
  await dialog.getByRole("button", { name: "Undo" }).click();
  const fields = page.getByRole("region", { name: "Fields", includeHidden: true });
  await expect(fields.locator('[data-field="tone"]')).toHaveCount(0);
  await dialog.getByRole("button", { name: "Redo" }).click();
  await expect(fields.locator('[data-field="tone"]')).toContainText(/calm/i);
  await dialog.getByRole("button", { name: "Redo" }).click();
  await expect(page.locator("svg.graph")).toContainText("Say good day");
});

test("an earlier message said otherwise shows first what would change", async ({ page }) => {
  await say(page, "Yes, Google Calendar");
  await edit(page);
  const before = await status(page);
  const message = log(page).locator(".turn").nth(1);
  await message.hover();
  await message.getByRole("button", { name: "Edit the message" }).click();
  const editor = page.getByRole("group", { name: "Edit the message" });
  const words = editor.getByRole("textbox", { name: "Message" });
  await expect(words).toBeFocused();
  await expect(words).toHaveValue("Calm and warm");
  await words.fill("Strictly formal");
  await page.keyboard.press("Control+Enter");
  await expect(editor.getByRole("status")).toContainText("From here on this would change");
  await expect(editor.getByRole("status")).toContainText(/formal/i);
  await expectAccessible(page, "what would change");
  expect((await status(page)).version).toBe(before.version);
  await editor.getByRole("button", { name: "Leave it as it was" }).click();
  await expect(message).toContainText("Calm and warm");

  await message.hover();
  await message.getByRole("button", { name: "Edit the message" }).click();
  await words.fill("Strictly formal");
  await editor.getByRole("button", { name: "Show what changes" }).click();
  await editor.getByRole("button", { name: "Change it" }).click();
  await expect(message).toContainText("Strictly formal");
  const tone = page.locator('[data-field="tone"]');
  await expect(tone).toContainText(/formal/i);
  await expect(tone).not.toContainText(/calm/i);
  await expect(page.locator("svg.graph")).toContainText("Say good day");
  expect((await revisions(page)).at(-1)).toMatchObject({ cause: "retell", reason: "Message 2 said otherwise" });
  expect((await status(page)).collected_data).toMatchObject({ agent_name: "Mia" });

  await page.reload();
  await hydrated(page);
  await expect(message).toContainText("Strictly formal");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(message).toContainText("Calm and warm");
  await expect(tone).toContainText(/calm/i);
  await say(page, "You decide");
});

test("the editor of a message is left by Escape and keeps what is in the composer", async ({ page }) => {
  await composer(page).fill("half a thought");
  const message = log(page).locator(".turn").nth(1);
  await message.hover();
  await message.getByRole("button", { name: "Edit the message" }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("group", { name: "Edit the message" })).toHaveCount(0);
  await expect(composer(page)).toHaveValue("half a thought");
});

test("changes fit a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Changes" }).click();
  const dialog = page.getByRole("dialog", { name: "Changes" });
  await dialog.locator(".rev summary").first().click();
  await expect(dialog.locator(".rev-diff")).toBeVisible();
  await expectNoOverflow(page, "changes");
  await expectAccessible(page, "changes on a phone");
});
