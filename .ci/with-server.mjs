// Runs a command against a freshly started release server with an empty database on a free port:
//   node with-server.mjs SITE COMMAND [ARGUMENT…]
// SITE is the folder that .ci/site prints; SERVER_DATABASE_URL names another database. The command gets BASE_URL; its
// exit status is passed on. A panic in the server's log fails the run whatever the command says. With MODEL_SCRIPT, the
// path of a model's server that takes its port, a second server asks that model: the command gets MODEL_BASE_URL for it,
// and MODEL_URL for the model's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 12_000;

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

function startServer(site, folder, port, env = {}) {
  const log = openSync(join(folder, "server.log"), "a");
  const server = spawn(join(site, "agentwright"), [], {
    cwd: folder,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_URL: process.env.SERVER_DATABASE_URL ?? `sqlite://${join(folder, `agentwright-${port}.db`)}`,
      RUST_LOG: process.env.RUST_LOG ?? "warn",
      LEPTOS_OUTPUT_NAME: "agentwright",
      LEPTOS_SITE_ROOT: join(site, "site"),
      LEPTOS_SITE_PKG_DIR: "pkg",
      LEPTOS_HASH_FILES: "true",
      LEPTOS_ENV: "PROD",
      ...env,
    },
  });
  closeSync(log);
  return server;
}

async function answers(url, server) {
  for (const deadline = Date.now() + START_DEADLINE_MS; Date.now() < deadline; await sleep(50)) {
    if (server.exitCode !== null) return false;
    const health = await fetch(`${url}/health`).catch(() => null);
    if (health?.ok) return true;
  }
  return false;
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, "exit");
  server.kill("SIGTERM");
  const killer = setTimeout(() => server.kill("SIGKILL"), STOP_DEADLINE_MS);
  await gone;
  clearTimeout(killer);
}

const local = (port) => `http://127.0.0.1:${port}`;

/** The model's server, and a server that asks it. */
async function startWithModel(site, folder, script) {
  const [modelPort, port] = [await freePort(), await freePort()];
  const model = spawn(process.execPath, [script, String(modelPort)], { stdio: "inherit" });
  const asks = { OPENAI_API_KEY: "none", OPENAI_MODEL: "scripted", OPENAI_BASE_URL: `${local(modelPort)}/v1` };
  const server = startServer(site, folder, port, asks);
  return { processes: [server, model], env: { MODEL_BASE_URL: local(port), MODEL_URL: local(modelPort) } };
}

async function main([site, command, ...args]) {
  const folder = mkdtempSync(join(tmpdir(), "agentwright-"));
  const log = () => readFileSync(join(folder, "server.log"), "utf8");
  const port = await freePort();
  const url = local(port);
  const server = startServer(site, folder, port);
  const script = process.env.MODEL_SCRIPT;
  const withModel = script ? await startWithModel(site, folder, script) : { processes: [], env: {} };
  const stopAll = () => Promise.all([server, ...withModel.processes].map(stop));
  try {
    const asking = withModel.env.MODEL_BASE_URL;
    if (!(await answers(url, server)) || (asking && !(await answers(asking, withModel.processes[0])))) {
      console.error(`error: the server did not start:\n${log()}`);
      return 1;
    }
    const env = { ...process.env, ...withModel.env, BASE_URL: url, SITE: site };
    const child = spawn(command, args, { stdio: "inherit", env });
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    const [code] = await once(child, "exit");
    if (code !== 0) console.error(log().split("\n").slice(-40).join("\n"));
    await stopAll();
    if (log().includes("panicked at")) {
      console.error(`error: the server panicked:\n${log()}`);
      return 1;
    }
    return code ?? 1;
  } finally {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exit(await main(process.argv.slice(2)));
