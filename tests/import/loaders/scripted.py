"""A language model and the owner's tools on loopback, both scripted.

The model is OpenAI-compatible (chat completions, streamed or not). A last user message `CALL name {arguments}` makes it
call that tool if it is offered; everything else it answers with "Of course.". Requests outside /v1 are calls of
tools: they are noted, and answered with 200, or with 500 while `fails` is set."""
import http.server
import json
import re
import threading


class Stage:
    def __init__(self):
        self.calls = []
        self.offered = []
        self.fails = False
        self.heard = 0
        stage = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.path.endswith("/chat/completions"):
                    return self.send(*stage.complete(json.loads(body)))
                if self.path.startswith("/v1"):
                    return self.send("{}", "application/json", 404)
                stage.calls.append((self.command, self.path, json.loads(body) if body else None))
                code = 500 if stage.fails else 200
                return self.send(json.dumps({"reference": "A-1"}), "application/json", code)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def send(self, text, kind, code=200):
                data = text.encode()
                self.send_response(code)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def complete(self, request):
        self.heard += 1
        messages = request.get("messages", [])
        last = messages[-1] if messages else {}
        content = last.get("content") or ""
        if not isinstance(content, str):
            content = " ".join(part.get("text", "") for part in content if isinstance(part, dict))
        offered = [(tool.get("function") or tool).get("name") for tool in request.get("tools") or []]
        self.offered = offered
        asked = re.fullmatch(r"CALL (\S+) (\{.*\})", content, re.DOTALL) if last.get("role") == "user" else None
        call = None
        if asked and asked[1] in offered:
            function = {"name": asked[1], "arguments": asked[2]}
            call = [{"index": 0, "id": f"call_{len(messages)}", "type": "function", "function": function}]
        message = {"role": "assistant", "content": None if call else "Of course."}
        if call:
            message["tool_calls"] = call
        reason = "tool_calls" if call else "stop"
        head = {"id": "c", "created": 1, "model": request.get("model")}
        if not request.get("stream"):
            choice = {"index": 0, "finish_reason": reason, "message": message}
            usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
            whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
            return json.dumps(whole), "application/json"
        chunks = [(message, None), ({}, reason)]
        lines = [
            {**head, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
            for delta, end in chunks
        ]
        events = "".join(f"data: {json.dumps(line)}\n\n" for line in lines)
        return events + "data: [DONE]\n\n", "text/event-stream"


def sample(schema):
    """A value that a schema takes."""
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    if kind is None and schema.get("anyOf"):
        return sample(schema["anyOf"][0])
    return {"integer": 2, "number": 2.5, "boolean": True, "array": [], "object": {}}.get(kind, "2026-12-01")
