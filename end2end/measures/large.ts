// How the page does with much: a diagram of 500 steps, a session of 400 turns. Prints what it measures; with STRICT=1
// the bars of the design must be met, which says little on a busy machine.
import { expect, type Page } from "@playwright/test";

import { composer, hydrated, log, sessionId, start, status } from "../tests/support/interview.js";
import { test } from "../tests/support/test.js";

const STEPS = 500;
const TURNS = 400;

function report(what: string, measured: number, unit: string, bar: string, isMet: boolean) {
  console.log(`| ${what} | ${measured.toFixed(unit === "fps" ? 0 : 1)} ${unit} | ${bar} |`);
  if (process.env.STRICT) expect(isMet, `${what}: ${measured} ${unit}, bar ${bar}`).toBe(true);
}

const middle = (all: number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

type Drawn = {
  nodes: (Record<string, unknown> & { id: string; type: string; width: number; height: number })[];
  edges: Record<string, unknown>[];
  width: number;
  height: number;
};

/** A drawing of so many steps in columns, each made of one of the real drawing; lines bend as the layout bends them. */
function enlarge(graph: Drawn) {
  const COLUMNS = 20;
  const [across, down] = [220, 110];
  const inner = graph.nodes.filter((node) => !["start", "end"].includes(node.type));
  const at = (place: number) => ({ x: 120 + (place % COLUMNS) * across, y: 60 + Math.floor(place / COLUMNS) * down });
  graph.nodes = Array.from({ length: STEPS }, (_, place) => ({
    ...inner[place % inner.length],
    id: `step_${place}`,
    label: `Step number ${place}`,
    position: at(place),
  }));
  const [edge] = graph.edges;
  graph.edges = graph.nodes.flatMap((_, place) => {
    const lead = (target: number, label: string | null) => {
      const [from, to] = [at(place), at(target)];
      const turn = (from.y + to.y) / 2;
      const points = [from, { x: from.x, y: turn }, { x: to.x, y: turn }, to];
      return { ...edge, source: `step_${place}`, target: `step_${target}`, label, label_at: null, points };
    };
    const below = place + COLUMNS;
    if (below >= STEPS) return [];
    return below % COLUMNS < COLUMNS - 1 ? [lead(below, null), lead(below + 1, place % 3 ? null : "else")] : [lead(below, null)];
  });
  [graph.width, graph.height] = [COLUMNS * across + 40, Math.ceil(STEPS / COLUMNS) * down + 40];
}

/** Frames a second while `moves` goes on, by the browser's own frames. */
async function frames(page: Page, moves: () => Promise<void>): Promise<{ rate: number; worst: number; work: number }> {
  const devtools = await page.context().newCDPSession(page);
  // What the page's thread itself spends, whatever else the machine does.
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return 1000 * (metrics.find((metric) => metric.name === "TaskDuration")?.value ?? 0);
  };
  const before = await spent();
  await page.evaluate(() => {
    const seen = window as unknown as { ticks: number[]; ticking: boolean };
    seen.ticks = [];
    seen.ticking = true;
    const tick = (at: number) => {
      seen.ticks.push(at);
      if (seen.ticking) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await moves();
  const ticks = await page.evaluate(() => {
    const seen = window as unknown as { ticks: number[]; ticking: boolean };
    seen.ticking = false;
    return seen.ticks;
  });
  const work = ((await spent()) - before) / ticks.length;
  await devtools.detach();
  const gaps = ticks.slice(1).map((at, place) => at - ticks[place]);
  return { rate: (1000 * gaps.length) / (ticks[ticks.length - 1] - ticks[0]), worst: Math.max(...gaps), work };
}

/** Dispatches pointer or wheel events once a frame inside the page, so that the test's own traffic is not measured. */
async function gesture(page: Page, kind: "pan" | "zoom") {
  await page.evaluate(async (kind) => {
    const canvas = document.querySelector(".canvas")!;
    const place = canvas.getBoundingClientRect();
    const at = (x: number, y: number) => ({
      clientX: place.left + x,
      clientY: place.top + y,
      pointerId: 1,
      button: 0,
      buttons: 1,
      bubbles: true,
      cancelable: true,
    });
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    if (kind === "pan") canvas.dispatchEvent(new PointerEvent("pointerdown", at(300, 300)));
    for (let step = 0; step < 180; step++) {
      await frame();
      const [x, y] = [300 + 160 * Math.sin(step / 20), 300 + 120 * Math.cos(step / 25)];
      if (kind === "pan") canvas.dispatchEvent(new PointerEvent("pointermove", at(x, y)));
      else canvas.dispatchEvent(new WheelEvent("wheel", { ...at(x, y), deltaY: step % 90 < 45 ? -30 : 30 }));
    }
    if (kind === "pan") canvas.dispatchEvent(new PointerEvent("pointerup", at(300, 300)));
  }, kind);
}

test("a diagram of 500 steps", async ({ page }) => {
  await start(page, "A phone receptionist for a large hospital that answers questions and books appointments");
  const id = sessionId(page);
  // An interview keeps fewer changes of its graph than this takes, so the drawing grows on its way to the page.
  await page.route("**/rpc/load_workspace*", async (route) => {
    const answer = await route.fetch();
    const workspace = (await answer.json()) as { graph: Drawn };
    enlarge(workspace.graph);
    await route.fulfill({ response: answer, json: workspace });
  });
  await page.goto("/");
  await hydrated(page);
  const link = page.locator(`.recent a[href="/s/${id}"]`);
  await expect(link).toBeVisible();
  const steps = page.locator("svg.graph.measured [data-node]");
  const opened = await page.evaluate(async (steps) => {
    const began = performance.now();
    document.querySelector<HTMLAnchorElement>(".recent a")!.click();
    while (document.querySelectorAll("svg.graph.measured [data-node]").length < steps) {
      await new Promise((done) => requestAnimationFrame(done));
    }
    return performance.now() - began;
  }, STEPS);
  await expect(steps).toHaveCount(STEPS);
  report("a diagram of 500 steps opens", opened, "ms", "≤ 1000 ms", opened <= 1000);
  // A frame is a sixtieth of a second where nothing is drawn, too.
  const idle = await frames(page, () => page.waitForTimeout(1000));
  console.log(`idle: ${idle.rate.toFixed(0)} fps`);
  for (const [where, factor] of [["fitted", 0], ["at 100 %", 30]] as const) {
    for (let step = 0; step < factor; step++) {
      await page.getByRole("button", { name: "Zoom in" }).click();
      if ((await page.locator(".zoom .pct").innerText()).startsWith("1")) break;
    }
    for (const kind of ["pan", "zoom"] as const) {
      const { rate, worst, work } = await frames(page, () => gesture(page, kind));
      report(`${kind}, ${where}`, rate, "fps", "≥ 50 fps", rate >= 50);
      console.log(`  longest frame ${worst.toFixed(0)} ms, the page's own work ${work.toFixed(1)} ms a frame`);
    }
  }
});

test("a session of 400 turns", async ({ page }) => {
  await start(page, "A phone receptionist for a clinic that answers questions and books appointments");
  const id = sessionId(page);
  const times: number[] = [];
  for (let turn = 1; turn < TURNS; turn++) {
    const began = performance.now();
    const said = turn % 2 ? `It should also answer questions about topic ${turn}` : "Yes, that looks right";
    const answer = await page.request.post(`/api/v1/sessions/${id}/message`, { data: { message: said } });
    expect(answer.status(), await answer.text()).toBe(200);
    times.push(performance.now() - began);
    if ((await status(page)).status === "completed") {
      const reopened = await page.request.post(`/api/v1/sessions/${id}/reopen`);
      expect(reopened.status(), await reopened.text()).toBe(200);
    }
  }
  console.log(`a turn: ${middle(times).toFixed(1)} ms, the last ten ${middle(times.slice(-10)).toFixed(1)} ms`);
  const opened: number[] = [];
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    await page.goto(`/s/${id}`);
    await hydrated(page);
    opened.push(performance.now() - began);
  }
  report("opens and works", middle(opened), "ms", "≤ 1000 ms", middle(opened) <= 1000);
  await expect(log(page)).toBeVisible();
  console.log(`${await log(page).locator(":scope > *").count()} messages in the page`);
  // From the event to the frame that shows it.
  await composer(page).focus();
  await page.evaluate(() => {
    const kept = window as unknown as { lags: number[] };
    kept.lags = [];
    document.querySelector("#composer")!.addEventListener(
      "keydown",
      (event) => {
        const began = event.timeStamp;
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => kept.lags.push(performance.now() - began);
          channel.port2.postMessage(null);
        });
      },
      true,
    );
  });
  await composer(page).pressSequentially("and it should speak slowly to whoever is in pain", { delay: 30 });
  const lags = await page.evaluate(() => (window as unknown as { lags: number[] }).lags);
  report("a key until it is seen, middle", middle(lags), "ms", "≤ 50 ms", middle(lags) <= 50);
  report("a key until it is seen, longest", Math.max(...lags), "ms", "≤ 50 ms", Math.max(...lags) <= 50);
});
