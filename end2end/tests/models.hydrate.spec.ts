// With a model: the reply is read while it is written, stopped, followed again; what fails is said quietly; the agent is
// tried and its prompt polished. The model does what the tests script it to do, so they run one after another.
import { expect, test } from "./support/test.js";
import { CLINIC, composer, hydrated, log, messages, opening, output, sessionId } from "./support/interview.js";

import type { Page } from "@playwright/test";

test.describe.configure({ mode: "serial" });
test.use({ baseURL: process.env.MODEL_BASE_URL });

type Script = { document?: unknown; says?: string[]; calls?: { name: string; arguments: unknown }[]; pace?: number; fail?: number };

const HEARD = "Then she answers your calls. She is never in a hurry. She knows every dentist of yours by name.";
const QUESTION = "And what must she never do?";
const reading = (heard = HEARD, text = QUESTION) => ({ findings: [], heard, question: { field: "constraints", text } });

async function script(told: Script) {
  const response = await fetch(`${process.env.MODEL_URL}/script`, { method: "POST", body: JSON.stringify(told) });
  expect(response.status).toBe(200);
}

/** An interview with its first answer, made fast. */
async function begin(page: Page, text = CLINIC.opening) {
  await script({ document: reading("Understood.", QUESTION) });
  await page.goto("/");
  await hydrated(page);
  await opening(page).fill(text);
  await opening(page).press("Enter");
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
  await settled(page);
}

/** No reply is being written. */
async function settled(page: Page) {
  await expect(log(page).locator(".unsent")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Stop" })).toHaveCount(0);
}

const writing = (page: Page) => log(page).locator(".writing");
const stop = (page: Page) => page.getByRole("button", { name: "Stop" });

async function say(page: Page, text: string) {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

test("words appear as they come, and are announced in whole sentences", async ({ page }) => {
  await begin(page);
  await script({ document: reading(), pace: 100 });
  await say(page, "Everybody should feel looked after, that is the whole point of it");
  await expect(log(page)).toContainText("Everybody should feel looked after");
  await expect(writing(page)).toContainText("Then she answers your calls");
  // What was begun is neither lost nor whole.
  await expect(stop(page)).toBeVisible();
  await expect(log(page).locator(".vh p").filter({ hasText: "Then she answers your calls." })).toHaveCount(1);
  await settled(page);
  await expect(writing(page)).toHaveCount(0);
  const reply = (await messages(page)).at(-1)?.content ?? "";
  await expect(log(page).locator(".ask").last()).toContainText(reply.slice(0, 40));
  expect(reply).toContain("Then she answers your calls.");
  await expect(log(page).locator(".turn").filter({ hasText: "Everybody should feel" })).toHaveCount(1);
});

test("a reply is stopped, by its button and by Escape, and what came stays", async ({ page }) => {
  await begin(page);
  for (const by of ["button", "key"]) {
    await script({ document: reading(), pace: 250 });
    await say(page, `Everybody should feel looked after, that is the point, by ${by}`);
    await expect(writing(page)).toContainText("Then she answers your calls");
    if (by === "button") await stop(page).click();
    else await page.keyboard.press("Escape");
    await settled(page);
    const all = await messages(page);
    expect(all.filter((message) => message.content.endsWith(`by ${by}`))).toHaveLength(1);
    expect(all.at(-1)?.content).toContain("Then she answers your calls.");
    expect(all.at(-1)?.content).not.toContain("every dentist");
  }
});

test("a reload, and another tab, follow the reply that is being written", async ({ page, context }) => {
  await begin(page);
  await script({ document: reading(), pace: 250 });
  const said = "Everybody should feel looked after, that is the point of a good clinic";
  await say(page, said);
  await expect(writing(page)).toContainText("Then she answers");
  await page.reload();
  await hydrated(page);
  await expect(log(page).locator(".turn").filter({ hasText: said })).toHaveCount(1);
  await expect(writing(page)).toContainText("Then she answers");
  const other = await context.newPage();
  await other.goto(page.url());
  await hydrated(other);
  await expect(writing(other)).toContainText("Then she answers");
  for (const tab of [page, other]) {
    await settled(tab);
    await expect(log(tab).locator(".turn").filter({ hasText: said })).toHaveCount(1);
    await expect(log(tab)).toContainText("every dentist of yours");
  }
  expect((await messages(page)).filter((message) => message.content === said)).toHaveLength(1);
});

test("a lost connection is taken up again where the reply is", async ({ page, context, trouble }) => {
  trouble.expected(/ERR_(FAILED|INTERNET_DISCONNECTED|CONNECTION|NETWORK)|Failed to (load resource|fetch)|EventSource/);
  await begin(page);
  await script({ document: reading(), pace: 250 });
  const said = "Everybody should feel looked after, that is the point of all of it";
  await say(page, said);
  await expect(writing(page)).toContainText("Then she answers");
  await context.setOffline(true);
  await expect(page.getByText("Offline. Your answer is kept")).toBeVisible();
  await say(page, "And she is called Mia");
  await script({ document: reading(), pace: 20 });
  await context.setOffline(false);
  await settled(page);
  await expect(log(page)).toContainText("every dentist of yours");
  const all = (await messages(page)).map((message) => message.content);
  expect(all.filter((content) => content === said)).toHaveLength(1);
  expect(all.filter((content) => content === "And she is called Mia")).toHaveLength(1);
});

test("an answer without the model is said quietly, and is still said after a reload", async ({ page }) => {
  await begin(page);
  await script({ fail: 400 });
  await say(page, "Everybody should feel looked after, that is the point of it");
  await settled(page);
  const note = log(page).locator(".unaided");
  await expect(note).toContainText("Answered without the model");
  await expect(note).toContainText("nothing is lost");
  expect((await messages(page)).at(-1)?.role).toBe("assistant");
  await page.reload();
  await hydrated(page);
  await expect(note).toHaveCount(1);
});

test("the settings show the model, whether it is there, and never its key", async ({ page }) => {
  await script({});
  await page.goto("/settings");
  await hydrated(page);
  const main = page.getByRole("main");
  await expect(main).toContainText("scripted");
  await expect(main).toContainText("reachable");
  await expect(main).toContainText(/Tokens since the server started: [\d,]+ in/);
  expect(await page.content()).not.toContain("OPENAI_API_KEY=");
  await page.getByText("Connect a model").click();
  await expect(main).toContainText("OPENAI_BASE_URL");
});

test("the agent is talked to, a tool's answer is changed, and the run kept as a test", async ({ page }) => {
  await begin(page);
  await page.goto(`/s/${sessionId(page)}?view=try`);
  await script({ says: ["Thank you for calling, this is Mia.", "You are booked. Anything else?"] });
  await hydrated(page);
  const run = page.getByRole("log", { name: "Talk with the agent" });
  await expect(run).toContainText("this is Mia");
  await script({ says: ["", "You are booked for nine."], calls: [{ name: "google_calendar", arguments: {} }] });
  await page.getByRole("textbox", { name: "What the caller says" }).fill("A visit on Monday, please");
  await page.getByRole("button", { name: "Say it" }).click();
  const answer = page.getByRole("textbox", { name: /answers$/ });
  await answer.fill('{"booked": "nine"}');
  await page.getByRole("button", { name: "Give back" }).click();
  await expect(run).toContainText("You are booked for nine.");
  await expect(run).toContainText('"nine"');
  await expect(page.locator(".graph .sel")).toHaveCount(1);

  await page.getByRole("button", { name: "Keep as test" }).click();
  await page.getByRole("textbox", { name: "Name of the test" }).fill("Books on Monday");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Kept. It is in the bundle")).toBeVisible();
  await page.getByRole("group", { name: "How to try it" }).getByRole("button", { name: "Tests" }).click();
  await expect(page.getByRole("group", { name: "Tests" })).toContainText(/books on monday/i);
});

test("a prompt is polished section by section, taken and given back", async ({ page }) => {
  await begin(page);
  await output(page, "Prompt").click();
  const prompt = page.getByRole("group", { name: "Prompt" });
  await expect(prompt).toBeVisible();
  const generated = await page.request.post(`/api/v1/prompts/${sessionId(page)}/generate`, { data: { formats: ["elevenlabs"] } });
  const { elevenlabs } = (await generated.json()) as { elevenlabs: { sections: { id: string; lines: { text: string }[] }[] } };
  const section = elevenlabs.sections.find((it) => it.lines.length > 0);
  if (!section) throw new Error("a prompt without sections");
  const text = section.lines.map((line) => line.text).join("\n");
  await script({ document: { sections: [{ id: section.id, text: `${text}\nTake your time with every caller.` }] } });
  await page.getByRole("button", { name: "Polish" }).click();
  const proposals = page.getByRole("region", { name: "Proposals" });
  await expect(proposals.locator("ins")).toContainText("Take your time with every caller.");
  await proposals.getByRole("button", { name: /^Take / }).click();
  await expect(prompt.locator(".pl-row").filter({ hasText: "Take your time" })).toHaveCount(1);
  await page.getByRole("button", { name: "As generated" }).click();
  await expect(prompt.locator(".pl-row").filter({ hasText: "Take your time" })).toHaveCount(0);
});
