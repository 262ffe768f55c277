// The diagram as an editor: by mouse and by keys, what it refuses and why, and changes asked for in words.
import type { Page } from "@playwright/test";

import { drag, first, flow, inspector, places, revisions, select, step } from "./support/diagram.js";
import { output, start } from "./support/interview.js";
import { expectAccessible, expectNoOverflow } from "./support/looks.js";
import { expect, test } from "./support/test.js";

test.beforeEach(async ({ page }) => {
  await start(page);
  await output(page, "Diagram").click();
  await expect(page.locator("svg.graph.measured [data-node]").nth(5)).toBeAttached();
});

/** The way on from a step. */
async function next(page: Page, id: string): Promise<string> {
  const edge = (await flow(page)).edges.find((edge) => edge.source === id && !edge.is_failure);
  if (!edge) throw new Error(`nothing follows ${id}`);
  return edge.target;
}

test("a step is renamed in place, and that is undone and done again, after a reload too", async ({ page }) => {
  const greeting = await first(page, "greeting");
  await select(page, greeting.id);
  await inspector(page).getByRole("button", { name: "Rename" }).click();
  const title = inspector(page).getByRole("textbox", { name: "Title" });
  await expect(title).toBeFocused();
  await title.fill("Say good day");
  await title.press("Enter");
  await expect(step(page, greeting.id)).toContainText("Say good day");
  await expect(inspector(page).getByRole("heading")).toHaveText("Say good day");
  expect((await revisions(page)).at(-1)).toMatchObject({
    cause: "workflow",
    reason: `Renamed “${greeting.label}” to “Say good day”`,
  });

  await page.getByRole("heading", { name: "Fields" }).click();
  await page.keyboard.press("Control+z");
  await expect(step(page, greeting.id)).not.toContainText("Say good day");
  await page.reload();
  await page.getByRole("button", { name: "Redo the last change" }).click();
  await expect(step(page, greeting.id)).toContainText("Say good day");
  await page.getByRole("button", { name: "Undo the last change" }).click();
  await expect(step(page, greeting.id)).not.toContainText("Say good day");
});

test("a step is added by the keys, and what it did not touch stays where it was", async ({ page }) => {
  const greeting = await first(page, "greeting");
  const after = await next(page, greeting.id);
  const before = await places(page);
  await step(page, greeting.id).focus();
  await page.keyboard.press("a");
  await expect(inspector(page).getByRole("textbox", { name: "Title" })).toBeFocused();
  await page.keyboard.type("May we record this call?");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Decide");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(inspector(page).getByRole("heading")).toHaveText("May we record this call?");
  const drawn = await flow(page);
  const added = drawn.nodes.find((node) => node.label === "May we record this call?");
  expect(added?.type).toBe("condition");
  const ways = drawn.edges.filter((edge) => edge.source === added?.id).map((edge) => [edge.label, edge.target]);
  expect(ways).toContainEqual(["yes", after]);
  const now = await places(page);
  const start = (await first(page, "start")).id;
  expect([now[start], now[greeting.id]]).toEqual([before[start], before[greeting.id]]);
});

test("a refused edit says which rule it breaks and offers what is legal", async ({ page }) => {
  const asks = await first(page, "confirmation");
  const before = await flow(page);
  await step(page, asks.id).focus();
  await page.keyboard.press("Delete");
  const alert = inspector(page).getByRole("alert");
  await expect(alert).toContainText("needs a yes");
  await expect(alert).toContainText("Nothing was changed.");
  expect((await flow(page)).version).toBe(before.version);

  const collects = before.nodes.find((node) => node.type === "collect_input");
  if (!collects) throw new Error("nothing is collected");
  await select(page, collects.id);
  await inspector(page).getByRole("list").getByRole("button").first().click();
  await inspector(page).getByRole("combobox", { name: "Leads to" }).selectOption({ label: before.nodes[1].label });
  await inspector(page).getByRole("button", { name: "Save" }).click();
  await expect(inspector(page).getByRole("alert")).toContainText("Nothing was changed.");
  const offer = inspector(page).locator(".refusal li button").first();
  await expect(offer).toContainText("Lead “");
  await offer.click();
  await expect(inspector(page).getByRole("alert")).toHaveCount(0);
  await expect.poll(async () => (await flow(page)).version).toBe(before.version + 1);
});

test("a way is pulled from step to step with the mouse", async ({ page }) => {
  const greeting = await first(page, "greeting");
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await step(page, greeting.id).click();
  await expect(page.locator(".knob:not(.end)")).toBeVisible();
  await drag(page, page.locator(".knob:not(.end)"), step(page, (await first(page, "collect_input")).id));
  await expect
    .poll(async () => (await flow(page)).edges.filter((edge) => edge.source === greeting.id).length)
    .toBe(2);
  const labels = (await flow(page)).edges.filter((edge) => edge.source === greeting.id).map((edge) => edge.label);
  expect(labels).toContain("otherwise");
});

test("a way is led by the keys", async ({ page }) => {
  const greeting = await first(page, "greeting");
  const choice = await next(page, greeting.id);
  await step(page, greeting.id).focus();
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowDown");
  await expect(step(page, choice)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(step(page, choice)).not.toBeFocused();
  const reached = await page.evaluate(() => document.activeElement?.getAttribute("data-node"));
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await flow(page)).edges.some((edge) => edge.source === greeting.id && edge.target === reached))
    .toBe(true);
});

test("steps change their order, by a key and by dragging onto a way", async ({ page }) => {
  const greeting = await first(page, "greeting");
  await step(page, greeting.id).focus();
  await page.keyboard.press("a");
  await page.keyboard.type("Say the hours");
  await page.keyboard.press("Enter");
  await expect(inspector(page).getByRole("heading")).toHaveText("Say the hours");
  const id = (await flow(page)).nodes.find((node) => node.label === "Say the hours")?.id ?? "";
  const start = (await first(page, "start")).id;
  expect(await next(page, greeting.id)).toBe(id);
  await step(page, id).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(() => next(page, start)).toBe(id);
  expect(await next(page, id)).toBe(greeting.id);

  const choice = await next(page, greeting.id);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  const [above, below] = [await step(page, greeting.id).boundingBox(), await step(page, choice).boundingBox()];
  const [from] = [await step(page, id).boundingBox()];
  if (!above || !below || !from) throw new Error("not on the screen");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(above.x + above.width / 2, above.y, { steps: 4 });
  await page.mouse.move(above.x + above.width / 2, (above.y + above.height + below.y) / 2, { steps: 4 });
  await expect(page.locator(".e.aim")).toHaveCount(1);
  await page.mouse.up();
  await expect.poll(() => next(page, greeting.id)).toBe(id);
});

test("a change in words is shown first, and taken or left", async ({ page }) => {
  const before = await flow(page);
  await page.getByRole("button", { name: "Change in words" }).click();
  const panel = page.getByRole("region", { name: "Change in words" });
  const words = panel.getByRole("textbox", { name: "What to change" });
  await expect(words).toBeFocused();
  await words.fill("Make it nicer somehow");
  await words.press("Enter");
  await expect(panel.getByRole("status")).toContainText("not understood");
  await words.fill("Ask for the insurance number before the booking");
  await words.press("Enter");
  await expect(panel.locator("ins")).toContainText("nsurance number");
  await panel.getByRole("button", { name: "Refuse" }).click();
  await expect(panel.locator("ins")).toHaveCount(0);
  expect((await flow(page)).version).toBe(before.version);
  await words.press("Enter");
  await panel.getByRole("button", { name: "Accept" }).click();
  await expect(page.locator("svg.graph")).toContainText(/insurance number/i);
  expect((await revisions(page)).at(-1)).toMatchObject({
    cause: "workflow",
    reason: "Ask for the insurance number before the booking",
  });
  await page.getByRole("button", { name: "Undo the last change" }).click();
  await expect(page.locator("svg.graph")).not.toContainText(/insurance number/i);
});

for (const theme of ["light", "dark"] as const) {
  test(`forms, refusals and differences are accessible, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    const asks = await first(page, "confirmation");
    await select(page, asks.id);
    await inspector(page).getByRole("button", { name: "Add after" }).click();
    await expect(inspector(page).getByRole("textbox", { name: "Title" })).toBeFocused();
    await expectAccessible(page, "form");
    await inspector(page).getByRole("button", { name: "Cancel" }).click();
    await inspector(page).getByRole("button", { name: "Remove" }).click();
    await expect(inspector(page).getByRole("alert")).toBeVisible();
    await expectAccessible(page, "refusal");
    await page.getByRole("button", { name: "Change in words" }).click();
    const words = page.getByRole("textbox", { name: "What to change" });
    await words.fill("Ask for the insurance number before the booking");
    await words.press("Enter");
    await expect(page.locator(".asked ins")).toBeVisible();
    await expectAccessible(page, "difference");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${new URL(page.url()).pathname}?view=diagram`);
    await select(page, asks.id);
    await inspector(page).getByRole("button", { name: "Connect" }).click();
    await expectAccessible(page, "form on a phone");
    await expectNoOverflow(page, "form on a phone");
  });
}

test("a finished agent is only looked at", async ({ page }) => {
  await page.getByRole("button", { name: "Finish now" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Finish now" }).click();
  await expect(page.getByRole("button", { name: "Reopen" })).toBeVisible();
  await select(page, (await first(page, "greeting")).id);
  await expect(inspector(page).getByRole("button", { name: "Rename" })).toHaveCount(0);
  await expect(page.locator(".knob")).toHaveCount(0);
});
