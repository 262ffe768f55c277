// What is taken home: platforms are chosen, their losses seen, the zip is loaded by a platform's own library, and opens
// again as an interview.
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { problems } from "./support/importers.js";
import { CLINIC, converse, field, hydrated, opening, output, sessionId, start } from "./support/interview.js";
import { everyLook } from "./support/looks.js";
import { expect, test } from "./support/test.js";

const outputs = (page: Page) => page.getByRole("region", { name: "Outputs" });
const card = (page: Page, name: string) =>
  page.getByRole("article").filter({ has: page.getByRole("heading", { name, exact: true }) });
const chosenFile = (page: Page) => page.getByLabel("Choose a file");

/** An interview that is ready to be taken home. */
async function reviewed(page: Page) {
  await start(page);
  await converse(page, CLINIC.answers, (now) => now.stage === "reviewing_workflow" || now.status === "completed");
}

async function downloaded(page: Page): Promise<Record<string, Uint8Array>> {
  const waiting = page.waitForEvent("download");
  await outputs(page).getByRole("link", { name: "Download zip" }).click();
  return unzipSync(readFileSync(await (await waiting).path()));
}

/** The files of one folder, without the folder. */
function inside(files: Record<string, Uint8Array>, folder: string): Record<string, Uint8Array> {
  const own = Object.entries(files).filter(([name]) => name.startsWith(`${folder}/`));
  return Object.fromEntries(own.map(([name, bytes]) => [name.slice(folder.length + 1), bytes]));
}

test("chosen platforms are downloaded with what they lose, and LangGraph runs its graph", async ({ page }) => {
  await reviewed(page);
  await output(page, "Bundle").click();
  const boxes = outputs(page).getByRole("checkbox");
  await expect(boxes.first()).toBeChecked();
  const wanted = ["LangGraph", "ElevenLabs"];
  // By mouse and by keyboard in turn.
  for (const [at, box] of (await boxes.all()).entries()) {
    const name = (await box.getAttribute("aria-label"))?.replace("Include ", "") ?? "";
    if (wanted.includes(name)) continue;
    if (at % 2) await box.click();
    else await box.press("Space");
    await expect(box).not.toBeChecked();
  }
  await expect(outputs(page)).toContainText("2 platforms");
  const losses = await card(page, "ElevenLabs").locator(".loss li").allInnerTexts();
  expect(losses.length).toBeGreaterThan(0);

  const files = await downloaded(page);
  const folders = new Set(Object.keys(files).map((name) => name.split("/")[0]));
  expect([...folders]).toEqual(expect.arrayContaining(["langgraph", "elevenlabs", "spec.json"]));
  expect(folders.has("openai")).toBe(false);
  const told = strFromU8(files["elevenlabs/loss.md"]);
  for (const loss of losses) expect(told).toContain(loss);

  const graph = inside(files, "langgraph");
  expect(await problems("langgraph", graph)).toEqual([]);
  // The same files with an edge to nowhere: what loads them can refuse.
  const broken = strFromU8(graph["graph.py"]).replace(/add_edge\("start_node", "[a-z0-9_]+"\)/, 'add_edge("start_node", "nowhere")');
  expect(broken).toContain('"nowhere"');
  expect(await problems("langgraph", { ...graph, "graph.py": strToU8(broken) })).not.toEqual([]);
});

test("with no platform chosen there is nothing to download", async ({ page }) => {
  await start(page);
  await output(page, "Bundle").click();
  const boxes = outputs(page).getByRole("checkbox");
  await expect(boxes.first()).toBeChecked();
  for (const box of await boxes.all()) await box.click();
  await expect(outputs(page)).toContainText("0 platforms");
  const link = page.locator("a").filter({ hasText: "Download zip" });
  await expect(link).toHaveAttribute("aria-disabled", "true");
  await expect(link).not.toHaveAttribute("href");
});

test("a bundle opens again as a new interview, with where each value came from", async ({ page }) => {
  await start(page);
  const first = sessionId(page);
  const goals = await field(page, "goals");
  await output(page, "Bundle").click();
  const zip = Buffer.from(zipSync(await downloaded(page)));
  await page.goto("/");
  await hydrated(page);
  // The file dialog opens by key.
  await chosenFile(page).focus();
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles({ name: "mia_agent.zip", mimeType: "application/zip", buffer: zip });
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
  expect(sessionId(page)).not.toBe(first);
  await expect(page.getByRole("region", { name: "Fields" })).toContainText("Mia");
  expect(await field(page, "goals")).toEqual(goals);
  expect(goals?.provenance).toBe("said");
});

test("an Open Agent Spec agent is dropped on the page and opens", async ({ page }) => {
  await page.goto("/");
  await hydrated(page);
  const agent = { component_type: "Agent", agentspec_version: "25.4.1", name: "front_desk", description: "Answers callers." };
  await drop(page, "agent.json", JSON.stringify(agent));
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
  await expect(page.getByRole("region", { name: "Fields" })).toContainText(/front desk/i);
  expect((await field(page, "goals"))?.provenance).toBe("inferred");
});

test("what cannot be opened is said in its place, and nothing that was typed is lost", async ({ page, trouble }) => {
  trouble.expected(/422|Failed to load resource/);
  await page.goto("/");
  await hydrated(page);
  await opening(page).fill("A clerk for our library");
  const said = page.getByRole("alert");
  for (const [name, text, reason] of [
    ["notes.txt", "hello: there", /notes\.txt was not opened.*spec\.json/],
    ["broken.json", "{", /broken\.json was not opened.*not well-formed/],
    ["broken.zip", "PK\u0003\u0004 and nothing", /broken\.zip was not opened.*zip cannot be read/],
    ["large.json", "x".repeat(700_001), /large\.json was not opened.*700 KB/],
  ] as const) {
    await chosenFile(page).setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });
    await expect(said).toContainText(reason);
  }
  const empty = Buffer.from(zipSync({ "readme.md": strToU8("nothing") }));
  await chosenFile(page).setInputFiles({ name: "empty.zip", mimeType: "application/zip", buffer: empty });
  await expect(said).toContainText("no agent in this zip");
  expect(page.url()).not.toContain("/s/");
  await expect(opening(page)).toHaveValue("A clerk for our library");
  await everyLook(page, "a file that was not opened");
});

/** Drops a file on the page, as from a folder beside it. */
async function drop(page: Page, name: string, text: string) {
  const dragged = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      return transfer;
    },
    [name, text],
  );
  const main = page.getByRole("main");
  await main.dispatchEvent("dragover", { dataTransfer: dragged });
  await expect(page.locator(".open-file.over")).toBeVisible();
  await main.dispatchEvent("drop", { dataTransfer: dragged });
}
