"""Retell: flow, single prompt and agents against the parameter types of the vendor's package, unknown keys forbidden;
names and references, which the package does not look at."""
import re

import retell.types.agent_create_params as agent_types
import retell.types.conversation_flow_create_params as flow_types
import retell.types.llm_create_params as llm_types
from pydantic import TypeAdapter, ValidationError

import common

common.strict_typed_dicts(agent_types, flow_types, llm_types)
FILES = {
    "conversation_flow.json": TypeAdapter(flow_types.ConversationFlowCreateParams),
    "llm.json": TypeAdapter(llm_types.LlmCreateParams),
    "agent_flow.json": TypeAdapter(agent_types.AgentCreateParams),
    "agent_llm.json": TypeAdapter(agent_types.AgentCreateParams),
}


def edges_of(node):
    return [*node.get("edges", []), *(node[key] for key in ("else_edge", "edge") if key in node)]


def flow_problems(flow):
    nodes = {node["id"]: node for node in flow["nodes"]}
    tools = {tool["tool_id"] for tool in flow["tools"]}
    if len(nodes) < len(flow["nodes"]):
        yield "two nodes have the same id"
    edges = [edge for node in flow["nodes"] for edge in edges_of(node)]
    if len({edge["id"] for edge in edges}) < len(edges):
        yield "two edges have the same id"
    if flow["start_node_id"] not in nodes:
        yield f"the start {flow['start_node_id']} is no node"
        return
    led_to, todo = {flow["start_node_id"]}, [flow["start_node_id"]]
    while todo:
        node = nodes[todo.pop()]
        for edge in edges_of(node):
            to = edge["destination_node_id"]
            if to not in nodes:
                yield f"{node['id']} leads to {to}, which is no node"
            elif to not in led_to:
                led_to.add(to)
                todo.append(to)
    yield from (f"nothing leads to {name}" for name in set(nodes) - led_to)
    for node in flow["nodes"]:
        if node["type"] == "function" and node["tool_id"] not in tools:
            yield f"{node['id']} calls {node['tool_id']}, which is no tool"
        if node["type"] == "function" and "else_edge" not in node:
            yield f"{node['id']} has no way out of a failed call"
        if node["type"] != "end" and not edges_of(node):
            yield f"nothing follows {node['id']}"


def check(folder):
    documents = {name: common.read(folder / name) for name in FILES}
    for name, adapter in FILES.items():
        try:
            adapter.validate_python(documents[name])
        except ValidationError as error:
            yield from (f"{name} {problem}" for problem in common.readable(error))
    yield from flow_problems(documents["conversation_flow.json"])
    for tools in (documents["conversation_flow.json"]["tools"], documents["llm.json"]["general_tools"]):
        names = [tool["name"] for tool in tools]
        if len(set(names)) < len(names):
            yield "two tools have the same name"
        for tool in tools:
            if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool["name"]):
                yield f"{tool['name']!r} is no legal name"
            for key in tool.get("parameters", {}).get("required", []):
                if key not in tool["parameters"]["properties"]:
                    yield f"{tool['name']} needs {key}, which is not there"
    for name in ("conversation_flow.json", "llm.json"):
        if "{{" in common.text(folder / name):
            yield f"{name}: a variable in what is said"


common.run("schema", ["retell-sdk"], check)
