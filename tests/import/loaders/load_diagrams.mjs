// Diagrams of the bundle: Mermaid's own parser reads the flowchart, Graphviz the graph where it is installed, and the SVG
// is well-formed XML.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const root = path.join(process.env.ENVIRONMENT, "node_modules");
const require = createRequire(path.join(root, "package.json"));
const { JSDOM } = require("jsdom");
const page = new JSDOM("<!doctype html><body></body>");
globalThis.window = page.window;
globalThis.document = page.window.document;
const mermaid = (await import(pathToFileURL(path.join(root, "mermaid/dist/mermaid.core.mjs")))).default;
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
const { Graphviz } = await import(pathToFileURL(require.resolve("@hpcc-js/wasm-graphviz")));
const graphviz = await Graphviz.load();
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

async function check(folder) {
  const text = (name) => fs.readFileSync(path.join(folder, name), "utf8");
  const flowchart = await mermaid.parse(text("workflow.mmd"));
  const found = flowchart.diagramType.startsWith("flowchart") ? [] : [`the diagram is a ${flowchart.diagramType}`];
  const drawn = graphviz.layout(text("workflow.dot"), "svg", "dot");
  const nodes = (drawn.match(/class="node"/g) || []).length;
  const graph = read(path.join(folder, "workflow.json"));
  if (nodes !== graph.nodes.length) found.push(`Graphviz drew ${nodes} of ${graph.nodes.length} steps`);
  const svg = new page.window.DOMParser().parseFromString(text("workflow.svg"), "image/svg+xml");
  if (svg.documentElement.nodeName !== "svg") found.push(svg.documentElement.textContent);
  const png = fs.readFileSync(path.join(folder, "workflow.png"));
  if (!png.subarray(1, 4).equals(Buffer.from("PNG"))) found.push("workflow.png is no PNG");
  return found;
}

const version = (name) => read(path.join(root, name, "package.json")).version;
const names = ["mermaid", "@hpcc-js/wasm-graphviz", "jsdom"];
console.log(JSON.stringify({ level: "schema", with: Object.fromEntries(names.map((name) => [name, version(name)])) }));
for (const { name, folder } of read(process.argv[2])) {
  const found = await check(folder).catch((error) => [String(error.message).slice(0, 500)]);
  console.log(JSON.stringify({ name, problems: found.slice(0, 10) }));
}
