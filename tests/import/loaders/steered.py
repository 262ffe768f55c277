"""A language model on loopback that answers as a script says, for targets that are executed: an OpenAI-compatible
/v1/chat/completions, streamed or not. It goes where it has been least, so that a few conversations go everywhere."""
import collections
import http.server
import itertools
import json
import os
import random
import re
import threading

# How a prompt of ours lists the words to choose from: "name: when", one a line, after this sentence.
LISTED = re.compile(r"exactly one of these words[^\n]*:\n((?:[a-z_0-9]+: [^\n]*\n?)+)")
PLAIN = {"string": "on Tuesday at ten", "integer": 3, "number": 3.5, "boolean": True, "array": [], "object": {}}


class Script:
    """What has been chosen how often, and what a model fills in."""

    def __init__(self):
        self.chosen = collections.Counter()
        self.called = collections.Counter()
        # Seeded: the same files get the same conversations.
        self.dice = random.Random(1)

    def works(self, tool):
        """Whether the next call of a tool works: two of three do."""
        works = self.dice.random() < 2 / 3
        self.called[tool, works] += 1
        return works

    def choose(self, names):
        """The one chosen least so far, the first among equals."""
        name = min(names, key=lambda name: (self.chosen[name], list(names).index(name)))
        self.chosen[name] += 1
        return name

    def filled(self, schema, said, name=""):
        """A value that fits a schema."""
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self.filled(schema[key][0], said, name)
        if "enum" in schema:
            return self.choose(schema["enum"]) if name == "way" else schema["enum"][0]
        kind = schema.get("type", "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {key: self.filled(value, said, key) for key, value in schema.get("properties", {}).items()}
        if kind == "string" and name == "way":
            return self.choose(listed(said)) if listed(said) else "default"
        return PLAIN.get(kind, "something")

    def answer(self, request):
        """The message a model would answer with; loaders put their own in its place where they have to."""
        said = "\n".join(text_of(message) for message in request["messages"])
        tools = [tool["function"] for tool in request.get("tools") or []]
        forced = request.get("tool_choice")
        if isinstance(forced, dict) or forced in ("required", "any"):
            wanted = forced["function"]["name"] if isinstance(forced, dict) else tools[0]["name"]
            tool = next(tool for tool in tools if tool["name"] == wanted)
            return call(tool["name"], self.filled(tool["parameters"], said))
        form = (request.get("response_format") or {}).get("json_schema")
        if form:
            return {"role": "assistant", "content": json.dumps(self.filled(form["schema"], said))}
        if listed(said):
            return {"role": "assistant", "content": self.choose(listed(said))}
        return {"role": "assistant", "content": "All right."}


def text_of(message):
    content = message.get("content") or ""
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def listed(said):
    """The words of the last list to choose from."""
    lists = LISTED.findall(said)
    return [line.split(": ", 1)[0] for line in lists[-1].splitlines()] if lists else []


NUMBERS = itertools.count(1)


def call(name, arguments):
    function = {"name": name, "arguments": json.dumps(arguments)}
    made = {"id": f"call_{next(NUMBERS)}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [made]}


class Server:
    """Serves `answer` on a free port; its address is in the environment where OpenAI's packages look for it."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                message = answer(request)
                kind, body = streamed(request, message) if request.get("stream") else whole(request, message)
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """A client that leaves in the middle is no news."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        os.environ |= {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": self.url, "OPENAI_API_BASE": self.url}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def ended(message):
    return "tool_calls" if message.get("tool_calls") else "stop"


def whole(request, message):
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    choice = {"index": 0, "finish_reason": ended(message), "message": message}
    answer = {"id": "c", "object": "chat.completion", "created": 1, "model": request["model"], "choices": [choice], "usage": usage}
    return "application/json", json.dumps(answer).encode()


def streamed(request, message):
    calls = [dict(one, index=at) for at, one in enumerate(message.get("tool_calls") or [])]
    delta = {"role": "assistant", "content": message["content"]} | ({"tool_calls": calls} if calls else {})
    lines = []
    for delta, reason in ((delta, None), ({}, ended(message))):
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": request["model"], "choices": [choice]}
        lines.append(f"data: {json.dumps(chunk)}\n\n")
    return "text/event-stream", ("".join(lines) + "data: [DONE]\n\n").encode()
