// A model's server for the browser tests, in OpenAI's dialect, that does what it is told:
//   node model-server.mjs PORT
// POST /script sets, for all that follows, what is not given back to its default:
//   document  what a structured answer holds
//   says      what it says otherwise, one text for each answer, the last one again and again
//   calls     the tool calls of the first of those answers: [{name, arguments}]
//   pace      milliseconds between two pieces of a few letters
//   fail      a status to answer with instead
// GET /asked answers how many requests came since.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const PIECE = 6;
const DEFAULTS = {
  document: { findings: [], heard: "Noted.", question: { field: "goals", text: "What should it do?" } },
  says: ["Hello, how can I help?"],
  calls: [],
  pace: 5,
  fail: 0,
};

let script = { ...DEFAULTS };
let asked = 0;

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
}

function json(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

async function answer(wanted, turn, response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const tell = (choices, more = {}) => {
    const chunk = { id: "1", object: "chat.completion.chunk", created: 0, model: "scripted", choices, ...more };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const choose = (delta, finish = null) => tell([{ index: 0, delta, finish_reason: finish }]);
  const text = wanted.response_format ? JSON.stringify(script.document) : script.says[Math.min(turn, script.says.length - 1)];
  for (const content of text.match(new RegExp(`.{1,${PIECE}}`, "gsu")) ?? []) {
    if (response.destroyed) return;
    choose({ content });
    await sleep(script.pace);
  }
  const calls = !wanted.response_format && turn === 0 ? script.calls : [];
  calls.forEach((call, index) =>
    choose({ tool_calls: [{ index, id: `call-${index}`, type: "function", function: { name: call.name, arguments: JSON.stringify(call.arguments) } }] }),
  );
  choose({}, calls.length > 0 ? "tool_calls" : "stop");
  tell([], { usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } });
  response.end("data: [DONE]\n\n");
}

createServer(async (request, response) => {
  if (request.url === "/script") {
    script = { ...DEFAULTS, ...(await body(request)) };
    asked = 0;
    return json(response, 200, script);
  }
  if (request.url === "/asked") return json(response, 200, { asked });
  if (request.method === "GET") return json(response, 200, { object: "list", data: [{ id: "scripted", object: "model" }] });
  const wanted = await body(request);
  const turn = asked++;
  if (script.fail) return json(response, script.fail, { error: { message: "as scripted" } });
  await answer(wanted, turn, response);
}).listen(Number(process.argv[2]), "127.0.0.1");
