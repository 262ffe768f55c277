// Microsoft 365: both documents against the schemas that Microsoft's own package carries, and the agent by its reader.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const root = path.join(process.env.ENVIRONMENT, "node_modules");
const require = createRequire(path.join(root, "package.json"));
const manifests = require("@microsoft/app-manifest");
const Ajv = require("ajv-draft-04");
const formats = require("ajv-formats");
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
const schemas = path.join(root, "@microsoft/app-manifest/build/json-schemas");

function problems(file, schema) {
  const document = read(schema);
  delete document.id;
  const ajv = new Ajv({ strict: false, allErrors: true });
  (formats.default || formats)(ajv);
  const check = ajv.compile(document);
  return check(read(file)) ? [] : check.errors.slice(0, 5).map((error) => `${path.basename(file)}${error.instancePath} ${error.message}`);
}

async function check(folder) {
  const [agent, manifest] = ["declarativeAgent.json", "manifest.json"].map((name) => path.join(folder, name));
  const found = [
    ...problems(agent, path.join(schemas, `copilot/declarative-agent/${read(agent).version}/schema.json`)),
    ...problems(manifest, path.join(schemas, `teams/v${read(manifest).manifestVersion}/MicrosoftTeams.schema.json`)),
  ];
  // The schema takes an agent without them.
  if (!read(agent).instructions) found.push("there are no instructions");
  for (const icon of Object.values(read(manifest).icons)) {
    if (!fs.existsSync(path.join(folder, icon))) found.push(`${icon} is missing`);
  }
  for (const { file } of read(manifest).copilotAgents.declarativeAgents) {
    if (!fs.existsSync(path.join(folder, file))) found.push(`${file} is missing`);
  }
  await manifests.DeclarativeAgentManifestWrapper.read(agent);
  return found;
}

const version = read(path.join(root, "@microsoft/app-manifest/package.json")).version;
console.log(JSON.stringify({ level: "schema", with: { "@microsoft/app-manifest": version } }));
for (const { name, folder } of read(process.argv[2])) {
  const found = await check(folder).catch((error) => [String(error.message).slice(0, 500)]);
  console.log(JSON.stringify({ name, problems: found }));
}
