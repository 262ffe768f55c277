// A model's server for the browser tests, in OpenAI's dialect, that does what it is told:
//   node model-server.mjs PORT
// POST /script sets, for all that follows, what is not given back to its default:
//   reply    the words of a reply
//   pace     milliseconds between two words
//   fields   what a structured answer holds
//   fail     a status to answer with instead
// GET /asked answers the requests that came since the last script.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const DEFAULTS = { reply: "Noted. What should it do next?", pace: 20, fields: {}, fail: 0 };

let script = { ...DEFAULTS };
let asked = [];

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
}

function json(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

/** The pieces of an answer: words with the space before them, or the whole of a document. */
function pieces(wanted) {
  if (wanted.response_format) return [JSON.stringify({ ...script.fields, reply: script.reply })];
  return script.reply.match(/\s*\S+/g) ?? [];
}

async function answer(wanted, response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const tell = (choice, more = {}) =>
    response.write(`data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 0, model: "scripted", choices: choice ? [{ index: 0, finish_reason: null, ...choice }] : [], ...more })}\n\n`);
  for (const content of pieces(wanted)) {
    if (response.destroyed) return;
    tell({ delta: { content } });
    await sleep(script.pace);
  }
  tell({ delta: {}, finish_reason: "stop" });
  tell(null, { usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } });
  response.end("data: [DONE]\n\n");
}

createServer(async (request, response) => {
  if (request.url === "/script") {
    script = { ...DEFAULTS, ...(await body(request)) };
    asked = [];
    return json(response, 200, script);
  }
  if (request.url === "/asked") return json(response, 200, asked);
  if (request.method === "GET") return json(response, 200, { object: "list", data: [{ id: "scripted", object: "model" }] });
  const wanted = await body(request);
  asked.push(wanted);
  if (script.fail) return json(response, script.fail, { error: { message: "as scripted" } });
  await answer(wanted, response);
}).listen(Number(process.argv[2]), "127.0.0.1");
