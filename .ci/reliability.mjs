// Prints docs/reliability.md from the rows that the fault suite wrote:
//   node reliability.mjs FOLDER
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { join } from "node:path";

const folder = process.argv[2];
const read = (name) => readFileSync(join(folder, name), "utf8");
const rows = readdirSync(folder).filter((name) => name.endsWith(".json")).sort().map((name) => JSON.parse(read(name)));
const sabotaged = existsSync(join(folder, "sabotage.txt")) ? read("sabotage.txt").trim().split("\n") : [];

let commit = "unknown";
try {
  commit = execFileSync("git", ["describe", "--always", "--dirty", "--exclude", "*"], { encoding: "utf8" }).trim();
} catch {
  // Not in a clone.
}
const day = new Date().toISOString().slice(0, 10);
const memory = Math.round(totalmem() / 2 ** 30);
const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, ${memory} GB, ${type()}`;
const cells = ({ fault, seen, lost }) => `| ${[fault, seen, lost].join(" | ")} |`;

console.log(`# Reliability

What was broken on purpose, what the clients saw, and how many of the turns acknowledged to them were lost or were there
twice. Written by \`make faults\`; the tests are in \`tests/faults\`, and \`cargo test\` runs all of them with fewer rounds.

On ${machine}; ${day}; commit ${commit}; build: ${process.env.PROFILE ?? "release"}.

| fault | what clients saw | acknowledged turns |
|---|---|---|
${rows.map(cells).join("\n")}`);
if (sabotaged.length) {
  console.log(`
Would the tests notice? Each of these guards was switched off in a build of its own, and the tests failed:

${sabotaged.map((line) => `- ${line}`).join("\n")}`);
}
