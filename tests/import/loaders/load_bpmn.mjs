// BPMN: the document is read by bpmn-moddle without a warning, linted, and every element and flow is in the diagram.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const root = path.join(process.env.ENVIRONMENT, "node_modules");
const require = createRequire(path.join(root, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { BpmnModdle } = await load("bpmn-moddle");
const linting = await load("bpmnlint");
const Linter = linting.Linter || linting.default.Linter;
const Resolver = require("bpmnlint/lib/resolver/node-resolver");
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

async function check(folder) {
  const text = fs.readFileSync(path.join(folder, "workflow.bpmn"), "utf8");
  const { rootElement, warnings } = await new BpmnModdle().fromXML(text);
  const found = warnings.map((warning) => warning.message);
  const linter = new Linter({ resolver: new Resolver(), config: { extends: "bpmnlint:correctness" } });
  for (const [rule, reports] of Object.entries(await linter.lint(rootElement))) {
    found.push(...reports.map((report) => `${rule}: ${report.id} ${report.message}`));
  }
  const process = rootElement.rootElements.find((element) => element.$type === "bpmn:Process");
  const drawn = new Set(rootElement.diagrams[0].plane.planeElement.map((shape) => shape.bpmnElement && shape.bpmnElement.id));
  for (const element of process.flowElements) {
    if (!drawn.has(element.id)) found.push(`${element.id} is not drawn`);
    if (element.$type === "bpmn:SequenceFlow" && !(element.sourceRef && element.targetRef)) found.push(`${element.id} hangs`);
    const chooses = element.$type === "bpmn:ExclusiveGateway" && element.outgoing?.length > 1;
    if (chooses && !element.default) found.push(`${element.id} has no default`);
    const left = element.$type !== "bpmn:EndEvent" && element.$type !== "bpmn:SequenceFlow";
    if (left && !flows(process, element.id, "sourceRef")) found.push(`nothing follows ${element.id}`);
    const begun = !["bpmn:StartEvent", "bpmn:SequenceFlow", "bpmn:BoundaryEvent"].includes(element.$type);
    if (begun && !flows(process, element.id, "targetRef")) found.push(`nothing leads to ${element.id}`);
  }
  return found;
}

function flows(process, id, end) {
  return process.flowElements.some((element) => element.$type === "bpmn:SequenceFlow" && element[end]?.id === id);
}

const version = (name) => read(path.join(root, name, "package.json")).version;
const names = ["bpmn-moddle", "bpmnlint"];
console.log(JSON.stringify({ level: "schema", with: Object.fromEntries(names.map((name) => [name, version(name)])) }));
for (const { name, folder } of read(process.argv[2])) {
  const found = await check(folder).catch((error) => [String(error.message).slice(0, 500)]);
  console.log(JSON.stringify({ name, problems: found.slice(0, 10) }));
}
