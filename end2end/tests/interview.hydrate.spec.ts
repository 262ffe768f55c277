// The product's main job, typed key by key: from the start page to the files.
import { strFromU8, unzipSync } from "fflate";
import { readFileSync } from "node:fs";

import { expect, test } from "./support/test.js";
import { CLINIC, converse, log, output, say, sessionId, start, status } from "./support/interview.js";

test("a whole interview, from the first words to the zip", async ({ page }) => {
  await start(page);
  await expect(page.getByRole("region", { name: "Fields" })).toContainText("Mia");
  const done = await converse(page, CLINIC.answers, (now) => now.status === "completed");
  expect(done.stage).toBe("completed");
  expect(done.collected_data).toMatchObject({ agent_name: "Mia", use_tools: "Yes" });

  await output(page, "Diagram").click();
  const diagram = page.getByRole("region", { name: "Outputs" });
  await expect(diagram.locator("svg").filter({ hasText: /book/i }).first()).toBeVisible();

  await output(page, "Prompt").click();
  await expect(diagram).toContainText("Mia");
  await expect(diagram).toContainText(/appointment/i);

  await output(page, "Tools").click();
  await expect(diagram).toContainText(/calendar/i);

  await output(page, "Bundle").click();
  const waiting = page.waitForEvent("download");
  await page.getByRole("region", { name: "Outputs" }).getByRole("link", { name: "Download zip" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^[a-z0-9_]+_agent\.zip$/);
  const files = unzipSync(readFileSync(await download.path()));
  const names = Object.keys(files);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(name).toMatch(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._\/-]+$/);
  const text = Object.values(files).map((bytes) => strFromU8(bytes)).join("\n");
  for (const word of ["Mia", "Calendar", "emergency", "Spanish"]) expect(text).toContain(word);
  for (const name of names.filter((name) => name.endsWith(".json"))) JSON.parse(strFromU8(files[name]));
});

test("four short messages reach review with the flow they describe", async ({ page }) => {
  await start(page, "I want a customer support agent");
  await say(page, "Help customers track orders and process returns");
  await say(page, "Friendly and empathetic");
  const now = await say(page, "No, I don't need external tools");
  expect(now.stage).toBe("reviewing_workflow");
  expect(now.collected_data).toMatchObject({ use_tools: "No" });
  const flow = await page.request.get(`/api/v1/workflows/${sessionId(page)}`);
  const { workflow } = await flow.json();
  const labels = workflow.edges.map((edge: { label?: string }) => edge.label ?? "").join("\n");
  expect(labels).toMatch(/track/i);
  expect(labels).toMatch(/return/i);
});

test("an answer may be chosen from the chips", async ({ page }) => {
  await start(page, "A receptionist for our vet practice that books visits");
  const before = await status(page);
  const chip = log(page).getByRole("button", { name: /^you decide/i }).last();
  await chip.click();
  await expect.poll(async () => (await status(page)).version).toBeGreaterThan(before.version);
});

test("finish now lists what it would assume, and finishes", async ({ page }) => {
  await start(page, "A friendly bot that answers questions about our opening hours");
  await page.getByRole("button", { name: "Finish now" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: /finish/i }).click();
  await expect.poll(async () => (await status(page)).stage).toMatch(/completed|finalizing|reviewing_workflow/);
});

test("single files can be had as JSON, YAML, Markdown and text", async ({ page }) => {
  await start(page);
  await converse(page, CLINIC.answers, (now) => now.stage === "reviewing_workflow" || now.status === "completed");
  for (const [format, extension] of [
    ["json", "json"],
    ["yaml", "yaml"],
    ["markdown", "md"],
    ["text", "txt"],
  ]) {
    const response = await page.request.get(`/api/v1/prompts/${sessionId(page)}/export/download?format=${format}`);
    expect(response.status()).toBe(200);
    expect(response.headers()["content-disposition"]).toContain(`.${extension}`);
    expect(await response.text()).toContain("Mia");
  }
});

test("the diagram fits its canvas as it grows", async ({ page }) => {
  await start(page, "A phone receptionist for our clinic");
  const frame = () => page.locator("svg.graph").getAttribute("viewBox");
  await say(page, "It should answer the phone, tell prices and book visits into Google Calendar");
  await expect(page.locator("svg.graph [data-node]").nth(8)).toBeAttached();
  const grown = await frame();
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await expect.poll(frame).toBe(grown);
});
