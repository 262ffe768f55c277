// Tools of one's own: described in a form, or chosen from an OpenAPI document or an MCP server's list.
import type { Page } from "@playwright/test";

import { field, output, start } from "./support/interview.js";
import { everyLook } from "./support/looks.js";
import { expect, test } from "./support/test.js";

type Tool = {
  id: string;
  endpoint?: { method: string; url: string };
  needs_confirmation: boolean;
  parameters: { properties: Record<string, { type: string; description?: string }>; required: string[] };
};

const OPENAPI = `openapi: 3.1.0
info: {title: Parking, version: "1"}
servers: [{url: "https://parking.example/v1"}]
paths:
  /free:
    get: {operationId: findSpaces, summary: Find free spaces, description: Says which spaces are free}
    head: {operationId: pingSpaces}
  /bookings:
    post:
      operationId: bookSpace
      summary: Book a space
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [plate]
              properties: {plate: {type: string, description: The number plate}}
`;
const MCP = {
  tools: [
    { name: "get_weather", title: "Weather", description: "The weather of a place", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
    { name: "send_note", title: "Send a note", description: "Sends a note", inputSchema: { type: "object" } },
  ],
};

const tools = async (page: Page) => (await field<Tool[]>(page, "tools"))?.value ?? [];
const ids = async (page: Page) => (await tools(page)).map((tool) => tool.id);
const form = (page: Page) => page.getByRole("form", { name: "A tool of your own" });
const panel = (page: Page) => page.getByRole("form", { name: "Import tools" });
const card = (page: Page, name: string) =>
  page.getByRole("article").filter({ has: page.getByRole("heading", { name, exact: true }) });
const undo = (page: Page) => page.getByRole("status").getByRole("button", { name: "Undo" });

async function toolsTab(page: Page) {
  await start(page);
  await output(page, "Tools").click();
  await expect(page.getByRole("button", { name: "Add a tool" })).toBeVisible();
}

test("a tool is described by keyboard, joins the agent's, and is taken back", async ({ page }) => {
  await toolsTab(page);
  const before = await ids(page);
  await page.getByRole("button", { name: "Add a tool" }).press("Enter");
  await expect(form(page).getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Loyalty points");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Looks up how many points a customer has");
  await page.keyboard.press("Tab");
  await page.keyboard.type("GET");
  await page.keyboard.press("Tab");
  await page.keyboard.type("https://points.example/v1");
  await page.keyboard.press("Tab");
  await expect(form(page).getByRole("button", { name: "Add an input" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(form(page).getByRole("textbox", { name: "Name of the input" })).toBeFocused();
  await page.keyboard.type("card");
  await form(page).getByRole("textbox", { name: "What it is" }).focus();
  await page.keyboard.type("Number on the card");
  // Only looks something up, until somebody decides otherwise.
  const asks = form(page).getByRole("checkbox", { name: "Ask for a yes before each call" });
  await expect(asks).not.toBeChecked();
  await asks.press("Space");
  await form(page).getByRole("textbox", { name: "Name", exact: true }).press("Enter");

  await expect(card(page, "Loyalty points")).toContainText("GET https://points.example/v1");
  await expect(card(page, "Loyalty points")).toContainText("Number on the card");
  await expect(undo(page)).toBeFocused();
  expect(await ids(page)).toEqual([...before, "loyalty_points"]);
  const tool = (await tools(page)).at(-1);
  expect(tool?.needs_confirmation).toBe(true);
  expect(tool?.parameters).toEqual({
    type: "object",
    properties: { card: { type: "string", description: "Number on the card" } },
    required: ["card"],
  });
  await page.keyboard.press("Enter");
  await expect(card(page, "Loyalty points")).toHaveCount(0);
  expect(await ids(page)).toEqual(before);
});

test("what is wrong with a tool stands at its field, and what was written stays", async ({ page, trouble }) => {
  trouble.expected(/422/);
  await toolsTab(page);
  const before = await ids(page);
  await page.getByRole("button", { name: "Add a tool" }).click();
  await form(page).getByRole("textbox", { name: "Address" }).fill("ftp://points.example");
  await form(page).getByRole("button", { name: "Add an input" }).click();
  await form(page).getByRole("textbox", { name: "What it is" }).fill("Number on the card");
  await form(page).getByRole("button", { name: "Add tool" }).click();
  await expect(form(page)).toContainText("“Number on the card” has no name");
  await form(page).getByRole("textbox", { name: "Name of the input" }).fill("card");
  await form(page).getByRole("button", { name: "Add tool" }).click();
  const name = form(page).getByRole("textbox", { name: "Name", exact: true });
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(form(page)).toContainText("must not be empty");
  await expect(form(page)).toContainText("must be a web address");
  await everyLook(page, "a tool that was refused");
  await expect(form(page).getByRole("textbox", { name: "Address" })).toHaveValue("ftp://points.example");
  expect(await ids(page)).toEqual(before);

  await form(page).getByRole("textbox", { name: "Address" }).fill("");
  await name.fill("Google Calendar");
  await form(page).getByRole("textbox", { name: "What it does" }).fill("Books visits");
  await form(page).getByRole("combobox", { name: "Type" }).selectOption("Whole number");
  await form(page).getByRole("button", { name: "Add tool" }).click();
  await expect(card(page, "Google Calendar").last()).toContainText("card");
  await page.getByRole("button", { name: "Add a tool" }).click();
  await page.keyboard.press("Escape");
  await expect(form(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add a tool" })).toBeFocused();
});

test("tools are chosen from an OpenAPI file", async ({ page }) => {
  await toolsTab(page);
  const before = await ids(page);
  await page.getByRole("button", { name: "Import" }).click();
  await expect(panel(page)).toContainText("up to 500 KB");
  await everyLook(page, "an empty import");
  const file = { name: "parking.yaml", mimeType: "application/yaml", buffer: Buffer.from(OPENAPI) };
  await panel(page).getByLabel("Choose a file").setInputFiles(file);
  const found = panel(page).getByRole("group", { name: /2 tools found/ });
  await expect(found).toContainText("GET https://parking.example/v1/free");
  await panel(page).getByText("1 left out").click();
  await expect(panel(page)).toContainText("pingSpaces");
  await expect(panel(page).getByRole("button", { name: "Add tools" })).toBeDisabled();
  await found.getByRole("checkbox", { name: /Book a space/ }).click();
  await everyLook(page, "tools found");
  await panel(page).getByRole("button", { name: "Add 1 tool" }).click();
  await expect(card(page, "Book a space")).toContainText("The number plate");
  expect(await ids(page)).toEqual([...before, "book_space"]);

  // What the agent has already cannot be taken twice.
  await page.getByRole("button", { name: "Import" }).click();
  await panel(page).getByLabel("Choose a file").setInputFiles(file);
  await expect(found.getByRole("checkbox", { name: /Book a space/ })).toBeDisabled();
  await panel(page).getByRole("button", { name: "Cancel" }).click();
  await undo(page).click();
  await expect.poll(() => ids(page)).toEqual(before);
});

test("tools of an MCP server are pasted and taken by keyboard", async ({ page }) => {
  await toolsTab(page);
  const before = await ids(page);
  await page.getByRole("button", { name: "Import" }).press("Enter");
  await expect(panel(page).getByRole("textbox")).toBeFocused();
  await page.keyboard.insertText(JSON.stringify(MCP));
  await panel(page).getByRole("button", { name: "Read tools" }).press("Enter");
  await expect(panel(page).getByRole("group", { name: /2 tools found/ })).toBeFocused();
  await panel(page).getByRole("button", { name: "Choose all" }).press("Enter");
  await panel(page).getByRole("checkbox", { name: /Weather/ }).press("Space");
  await panel(page).getByRole("button", { name: "Add 1 tool" }).press("Enter");
  await expect(card(page, "Send a note")).toBeVisible();
  expect(await ids(page)).toEqual([...before, "send_note"]);
});

test("a document that cannot be read says why, and stays to be mended", async ({ page, trouble }) => {
  trouble.expected(/422/);
  await toolsTab(page);
  await page.getByRole("button", { name: "Import" }).click();
  const text = panel(page).getByRole("textbox");
  for (const [document, reason] of [
    ['{"openapi": ', /not well-formed/],
    ['{"swagger": "2.0"}', /Swagger 2\.0/],
    ['{"hello": 1}', /neither an OpenAPI 3 document nor a list of tools/],
    ['{"openapi": "3.1.0", "paths": {}}', /no tool in it/],
  ] as const) {
    await text.fill(document);
    await panel(page).getByRole("button", { name: "Read tools" }).click();
    await expect(panel(page).getByRole("alert")).toContainText(reason);
    await expect(text).toHaveValue(document);
  }
  await panel(page)
    .getByLabel("Choose a file")
    .setInputFiles({ name: "large.json", mimeType: "application/json", buffer: Buffer.from("x".repeat(500_001)) });
  await expect(panel(page).getByRole("alert")).toContainText("500 KB");
});

test("the list of tools is edited by hand beside a tool of one's own", async ({ page }) => {
  await toolsTab(page);
  await page.getByRole("button", { name: "Add a tool" }).click();
  await form(page).getByRole("textbox", { name: "Name", exact: true }).fill("Loyalty points");
  await form(page).getByRole("textbox", { name: "What it does" }).fill("Looks up points");
  await form(page).getByRole("button", { name: "Add tool" }).click();
  await expect(card(page, "Loyalty points")).toBeVisible();
  const response = await page.request.patch(page.url().replace(/\/s\/([0-9a-f-]+).*/, "/api/v1/sessions/$1/spec"), {
    data: { tools: ["loyalty_points", "sms"] },
  });
  expect(response.status()).toBe(200);
  expect(await ids(page)).toEqual(["loyalty_points", "sms"]);
});
