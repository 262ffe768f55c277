"""Open Agent Spec by WayFlow, its strictest runtime: both documents are built."""
import os

os.environ.setdefault("OPENAI_API_KEY", "none")

import common
from wayflowcore.agentspec import AgentSpecLoader


def check(folder):
    names = {one["name"]: one for one in common.read(folder / "agent.json")["tools"]}
    for document in ("agent.json", "flow.json"):
        tools = common.read(folder / document)
        found = tools.get("tools") or [
            one for one in tools.get("$referenced_components", {}).values() if one["component_type"] == "ServerTool"
        ]
        registry = {one["name"]: server_tool(one) for one in found if one["name"] in names}
        AgentSpecLoader(tool_registry=registry).load_json(common.text(folder / document))
    return []


def server_tool(one):
    from wayflowcore.tools import ServerTool
    from wayflowcore.property import Property

    read = lambda schema: Property.from_json_schema(schema)
    return ServerTool(
        name=one["name"],
        description=one["description"],
        func=lambda **_: {"status": "ok", "result": "done"},
        input_descriptors=[read(schema) for schema in one["inputs"]],
        output_descriptors=[read(schema) for schema in one["outputs"]],
    )


common.run("built", ["wayflowcore"], check)
