// What a person does on the page, in the words of its labels. Specs speak through this; when a label changes, it
// changes here.
import { expect, type Locator, type Page } from "@playwright/test";

export type Answers = Record<string, string>;

/** A person who knows what she wants. Keys are field ids, as the interview asks for them. */
export const CLINIC = {
  opening:
    "I run a dental clinic in Queens. I want someone to answer the phone, tell callers our hours and prices, " +
    "and book appointments into our Google Calendar. Call her Mia.",
  answers: {
    agent_type: "A phone receptionist",
    goals: "Tell callers our hours and prices, and book appointments",
    tone: "Calm and warm",
    use_tools: "Yes, Google Calendar",
    tools: "Google Calendar for the bookings and SMS for reminders",
    languages: "English and Spanish",
    escalation_rules: "If it is an emergency, put them through to the front desk right away",
    constraints: "Never give medical advice",
    channel: "phone",
  } as Answers,
};

/** A session's status as the REST interface tells it to the browser that owns it. */
export type Status = {
  session_id: string;
  status: string;
  stage: string;
  version: number;
  asking: { field: string; required: boolean } | null;
  collected_data: Record<string, unknown>;
};

/** The script has taken the page over. */
export async function hydrated(page: Page) {
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
}

export const opening = (page: Page): Locator => page.getByRole("textbox", { name: "Describe your agent" });
export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Your answer" });
export const log = (page: Page): Locator => page.getByRole("log", { name: "Conversation" });
export const send = (page: Page): Locator => page.getByRole("button", { name: "Send", exact: true });
export const output = (page: Page, name: string): Locator =>
  page.getByRole("navigation", { name: "Outputs" }).getByRole("link", { name });

export function sessionId(page: Page): string {
  const id = /\/s\/([0-9a-f-]{36})/.exec(page.url())?.[1];
  if (!id) throw new Error(`not a workspace: ${page.url()}`);
  return id;
}

export async function status(page: Page, id = sessionId(page)): Promise<Status> {
  const response = await page.request.get(`/api/v1/sessions/${id}/status`);
  expect(response.status(), await response.text()).toBe(200);
  return (await response.json()) as Status;
}

export async function messages(page: Page): Promise<{ role: string; content: string }[]> {
  const response = await page.request.get(`/api/v1/sessions/${sessionId(page)}/messages?limit=200`);
  expect(response.status()).toBe(200);
  return ((await response.json()) as { messages: { role: string; content: string }[] }).messages;
}

/** Opens the start page, types the first message key by key and sends it. */
export async function start(page: Page, text = CLINIC.opening) {
  await page.goto("/");
  await hydrated(page);
  await opening(page).pressSequentially(text);
  await opening(page).press("Enter");
  await page.waitForURL(/\/s\/[0-9a-f-]{36}/);
  await hydrated(page);
  await expect(log(page)).toContainText(text);
}

/** Types an answer key by key, sends it, and waits until the reply stands in the conversation. */
export async function say(page: Page, text: string): Promise<Status> {
  const before = await status(page);
  await composer(page).pressSequentially(text);
  await composer(page).press("Enter");
  await expect.poll(async () => (await status(page)).version).toBeGreaterThan(before.version);
  const after = await status(page);
  if (after.status !== "completed") await expect(composer(page)).toHaveValue("");
  const reply = (await messages(page)).findLast((message) => message.role === "assistant");
  await expect(log(page)).toContainText(firstWords(reply?.content ?? ""));
  return after;
}

/** Answers what is asked until `until` holds, as a person would who reads the questions. */
export async function converse(page: Page, answers: Answers, until: (now: Status) => boolean): Promise<Status> {
  let now = await status(page);
  for (let turn = 0; turn < 25 && !until(now); turn++) {
    const field = now.asking?.field;
    now = await say(page, field ? (answers[field] ?? "You decide") : "Yes, that looks right");
  }
  expect(until(now), `still at ${now.stage}, asking ${now.asking?.field}`).toBe(true);
  return now;
}

/** The start of a reply without its Markdown, to be looked for in the page's text. */
function firstWords(content: string): string {
  const line = content.split("\n").find((text) => text.trim() !== "") ?? "";
  return line.split(/[*_`#>\[\]|]/).find((part) => part.trim().length > 3)?.trim() ?? "";
}

/** Replaces fields as the REST interface does it, for an interview whose words do not matter. */
export async function patch(page: Page, fields: Record<string, unknown>) {
  const response = await page.request.patch(`/api/v1/sessions/${sessionId(page)}/spec`, { data: fields });
  expect(response.status(), await response.text()).toBe(200);
}

/** A field of the agent's description, as the REST interface tells it. */
export async function field<T>(page: Page, name: string): Promise<{ value: T; provenance: string } | undefined> {
  const response = await page.request.get(`/api/v1/sessions/${sessionId(page)}/spec`);
  expect(response.status()).toBe(200);
  return ((await response.json()) as Record<string, { value: T; provenance: string }>)[name];
}
