// Runs Lighthouse's command line (the first argument) over the pages at BASE_URL, and prints a table of its scores.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const site = process.env.BASE_URL;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const BARS = { performance: Number(process.env.PERFORMANCE ?? 0), accessibility: 100, "best-practices": 100 };
const FLAGS =
  "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking --no-first-run";
const OPENING =
  "A friendly phone receptionist for our dental clinic that books visits into Google Calendar and sends SMS reminders";

async function pages() {
  const answer = await fetch(`${site}/api/v1/sessions/create`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ initial_message: OPENING }),
  });
  const { session_id } = await answer.json();
  return { start: "/", workspace: `/s/${session_id}`, history: "/history", settings: "/settings" };
}

async function report(path, device) {
  const preset = device === "desktop" ? ["--preset=desktop"] : [];
  const { stdout } = await run(
    process.execPath,
    [process.argv[2], site + path, "--quiet", "--output=json", `--only-categories=${CATEGORIES}`, `--chrome-flags=${FLAGS}`, ...preset],
    { maxBuffer: 64 << 20 },
  );
  return JSON.parse(stdout);
}

/** What a category lost its points for. */
function faults({ categories, audits }, category) {
  const lost = categories[category].auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1);
  return lost.map(({ id }) => `${id}: ${audits[id].title} ${JSON.stringify(audits[id].details?.items?.[0] ?? "").slice(0, 300)}`);
}

const low = [];
console.log("| page | device | performance | accessibility | best practices | largest paint | blocked |");
console.log("|---|---|---|---|---|---|---|");
for (const [name, path] of Object.entries(await pages())) {
  for (const device of ["phone", "desktop"]) {
    const found = await report(path, device);
    const scores = CATEGORIES.map((category) => Math.round(100 * found.categories[category].score));
    const times = ["largest-contentful-paint", "total-blocking-time"].map((id) => found.audits[id].displayValue);
    console.log(`| ${[name, device, ...scores, ...times].join(" | ")} |`);
    CATEGORIES.forEach((category, at) => {
      if (scores[at] >= BARS[category]) return;
      low.push(`${name} (${device}): ${category} ${scores[at]}`, ...faults(found, category).map((fault) => `  ${fault}`));
    });
  }
}
if (low.length > 0) {
  console.error(low.join("\n"));
  process.exit(1);
}
