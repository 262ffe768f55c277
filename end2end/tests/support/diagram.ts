// The diagram as a person sees it, and the graph behind it as the REST interface tells it.
import { expect, type Locator, type Page } from "@playwright/test";

import { sessionId } from "./interview.js";

export type GraphNode = { id: string; type: string; label: string };
export type GraphEdge = { source: string; target: string; label?: string; is_failure: boolean };
export type Flow = { nodes: GraphNode[]; edges: GraphEdge[]; version: number };
export type Revision = { version: number; cause: string; reason: string };

export async function flow(page: Page): Promise<Flow> {
  const answer = await page.request.get(`/api/v1/workflows/${sessionId(page)}`);
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as { workflow: Flow }).workflow;
}

export async function revisions(page: Page): Promise<Revision[]> {
  const answer = await page.request.get(`/api/v1/sessions/${sessionId(page)}/revisions`);
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as { revisions: Revision[] }).revisions;
}

export const step = (page: Page, id: string): Locator => page.locator(`svg.graph [data-node="${id}"]`);
export const inspector = (page: Page): Locator => page.getByRole("region", { name: "Selected step" });

/** The first step of a kind. */
export async function first(page: Page, type: string): Promise<GraphNode> {
  const found = (await flow(page)).nodes.find((node) => node.type === type);
  if (!found) throw new Error(`no ${type} in the flow`);
  return found;
}

/** Where each step stands in the drawing. */
export async function places(page: Page): Promise<Record<string, string>> {
  return page.locator("svg.graph [data-node]").evaluateAll((nodes) =>
    Object.fromEntries(nodes.map((node) => [node.getAttribute("data-node"), node.getAttribute("transform") ?? ""])),
  );
}

/** Selects a step by the keys, wherever it stands on the screen. */
export async function select(page: Page, id: string) {
  await step(page, id).focus();
  if ((await step(page, id).getAttribute("aria-pressed")) !== "true") await page.keyboard.press("Enter");
  await expect(inspector(page)).toBeVisible();
}

/** Drags with the mouse from the middle of one thing to the middle of another. */
export async function drag(page: Page, from: Locator, to: Locator) {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("not on the screen");
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2 - 12, { steps: 6 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 3 });
  await page.mouse.up();
}
