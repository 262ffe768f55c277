"""ElevenLabs: agent and tools against the API's own document, which the vendor's command line carries, unknown keys
forbidden; against the types of its Python package; the graph's references, which none of them looks at; and a real push
of the project by the command line to a server on this machine."""
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

import pydantic
from elevenlabs.types import (
    AgentPlatformSettingsRequestModel,
    AgentWorkflowRequestModel,
    ConversationalConfig,
    ToolRequestModel,
)
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

import common

CLI = pathlib.Path(os.environ["ALSO"]) / "node_modules" / ".bin" / "elevenlabs"
QUIET = {**os.environ, "ELEVENLABS_API_KEY": "none", "HOME": tempfile.mkdtemp(), "CI": "true"}
PARTS = {
    "conversation_config": ConversationalConfig,
    "platform_settings": AgentPlatformSettingsRequestModel,
    "workflow": AgentWorkflowRequestModel,
}


def api_document():
    spec = json.loads(subprocess.run([CLI, "--spec-raw"], env=QUIET, capture_output=True, check=True).stdout)
    schemas = spec["components"]["schemas"]
    for name in ("DynamicVariablesConfig-Input", "DynamicVariablesConfig-Output"):
        schemas.setdefault(name, schemas["DynamicVariablesConfig"])  # named in 1.3.0, and not there
    for schema in schemas.values():
        if schema.get("type") == "object" and schema.get("properties"):
            schema.setdefault("additionalProperties", False)
    return schemas


SCHEMAS = api_document()


def validator(name):
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}})


AGENT = validator("Body_Create_Agent_v1_convai_agents_create_post")
TOOL = validator("ToolRequestModel")


def against(checker, document):
    for error in checker.iter_errors(document):
        best = best_match(error.context) if error.context else error
        where = "/".join(map(str, error.absolute_path))
        yield f"{where}: {error.message[:120]} -> {(best or error).message[:200]}"


def typed(name, model, document):
    try:
        yield from common.unknown_keys(model.model_validate(document), name)
    except pydantic.ValidationError as error:
        yield from common.readable(error)


def graph(agent, tool_ids):
    nodes, edges = agent["workflow"]["nodes"], agent["workflow"]["edges"]
    if nodes.get("start_node", {}).get("type") != "start":
        yield "the start's id is not start_node"
    pairs, led_to = {}, {"start_node"}
    for name, edge in edges.items():
        for end in ("source", "target"):
            if edge.get(end) not in nodes:
                yield f"{name}: {end} {edge.get(end)!r} is no node"
        pair = frozenset((edge["source"], edge["target"]))
        if pair in pairs or len(pair) < 2:
            yield f"{name} and {pairs.get(pair)} join the same two nodes"
        pairs[pair] = name
    out = {name: [] for name in nodes}
    for edge in edges.values():
        if edge.get("forward_condition"):
            out.get(edge["source"], []).append(edge["target"])
        if edge.get("backward_condition"):
            out.get(edge["target"], []).append(edge["source"])
    todo = ["start_node"]
    while todo:
        for name in out.get(todo.pop(), []):
            if name not in led_to:
                led_to.add(name)
                todo.append(name)
    yield from (f"nothing leads to {name}" for name in set(nodes) - led_to)
    for name, node in nodes.items():
        last = node["type"] in ("end", "phone_number")
        if last == bool(out[name]):
            yield f"{name} is {'followed' if last else 'not followed'} by something"
        for edge in node.get("edge_order", []):
            if edge not in edges or name not in (edges[edge]["source"], edges[edge]["target"]):
                yield f"{name}: edge_order names {edge}, which is not there"
        for tool in node.get("tools", []):
            if tool["tool_id"] not in tool_ids:
                yield f"{name}: the tool {tool['tool_id']} is not one of the agent's"
        for text in (node.get("additional_prompt") or "", node.get("label") or ""):
            if "{{" in text:
                yield f"{name}: {text!r} has a variable in it"


def check(folder):
    problems = list(documents(folder))
    # What is refused as it stands need not be pushed.
    names = [] if problems else [common.read(folder / it["config"])["name"] for it in common.read(folder / "tools.json")["tools"]]
    return problems or list(pushed(folder, names))


def documents(folder):
    names = []
    for listed in common.read(folder / "tools.json")["tools"]:
        tool = common.read(folder / listed["config"])
        names.append(tool["name"])
        yield from against(TOOL, {"tool_config": tool})
        yield from typed(tool["name"], ToolRequestModel, {"tool_config": tool})
        schema = tool["api_schema"].get("request_body_schema") or tool["api_schema"].get("query_params_schema") or {}
        for name in schema.get("required", []):
            if name not in schema["properties"]:
                yield f"{tool['name']}: {name} is required and not there"
    if len(set(names)) < len(names):
        yield "two tools have the same name"
    listed = [agent["config"] for agent in common.read(folder / "agents.json")["agents"]]
    for path in [*listed, "agent.json"]:
        agent = common.read(folder / path)
        yield from (f"{path} {problem}" for problem in against(AGENT, agent))
        yield from (f"{path}: unknown key {key}" for key in set(agent) - set(PARTS) - {"name", "tags"})
        for part, model in PARTS.items():
            yield from typed(part, model, agent.get(part))
        prompt = agent["conversation_config"]["agent"]["prompt"]
        yield from graph(agent, prompt.get("tool_ids", []))
        if "{{" in prompt["prompt"] or "{{" in agent["conversation_config"]["agent"]["first_message"]:
            yield f"{path}: the prompt has a variable in it"
    inline = common.read(folder / "agent.json")["conversation_config"]["agent"]["prompt"]["tools"]
    if [tool["name"] for tool in inline] != names:
        yield "agent.json has other tools than tools.json"


class Platform(http.server.BaseHTTPRequestHandler):
    """Stands in for the platform: takes everything, gives each thing an id."""

    taken = []

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        Platform.taken.append((self.command, self.path, body))
        kind = "tool" if "/tools" in self.path else "agent"
        number = len(Platform.taken)
        answer = {"id": f"tool_{number}", "agent_id": f"agent_{number}", "name": kind, "main_branch_id": "b", "results": []}
        answer = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PATCH = do_PUT = answer

    def log_message(self, *_):
        pass


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Platform)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
ADDRESS = f"http://127.0.0.1:{SERVER.server_port}"


def pushed(folder, names):
    """The project as its README says: tools, their ids, the agent."""
    place = pathlib.Path(tempfile.mkdtemp())
    shutil.copytree(folder, place, dirs_exist_ok=True)
    Platform.taken.clear()
    steps = [
        *([[CLI, "tools", "push", "--base-url", ADDRESS], [sys.executable, "fill_ids.py"]] if names else []),
        [CLI, "agents", "push", "--base-url", ADDRESS],
    ]
    for step in steps:
        done = subprocess.run(step, cwd=place, env=QUIET, capture_output=True, text=True, timeout=60)
        if done.returncode:
            yield f"{step[1:3]} ended with {done.returncode}: {(done.stdout + done.stderr)[-400:]}"
            return
    bodies = [json.loads(body) for method, path, body in Platform.taken if method == "POST" and body]
    told = [body["tool_config"]["name"] for body in bodies if "tool_config" in body]
    if sorted(told) != sorted(names):
        yield f"the command line pushed the tools {told} instead of {names}"
    agents = [body for body in bodies if "conversation_config" in body]
    if len(agents) != 1:
        yield f"the command line pushed {len(agents)} agents"
    elif "REPLACE_tool_id" in json.dumps(agents[0]):
        yield "a tool's id is still a placeholder after fill_ids.py"
    shutil.rmtree(place)


common.run("schema", ["elevenlabs"], check, [common.npm_version(os.environ["ALSO"], "@elevenlabs/cli")])
