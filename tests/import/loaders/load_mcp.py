"""MCP: the list as a server's answer, by the types of the protocol's own package; spellings it takes besides are refused."""
import re

import jsonschema
from mcp.types import ListToolsResult

import common


KEYS = {"name", "title", "description", "inputSchema", "outputSchema", "annotations", "icons", "_meta"}


def check(folder):
    document = common.read(folder / "tools_list.json")
    answer = ListToolsResult.model_validate(document)
    names = [tool.name for tool in answer.tools]
    if len(set(names)) < len(names):
        yield "two tools have the same name"
    for tool in document["tools"]:
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool["name"]):
            yield f"{tool['name']!r} is no legal name"
        if set(tool) - KEYS:
            yield f"{tool['name']} has {sorted(set(tool) - KEYS)}"
        if tool["inputSchema"].get("type") != "object":
            yield f"the schema of {tool['name']} is no object's"
        jsonschema.Draft202012Validator.check_schema(tool["inputSchema"])


common.run("schema", ["mcp"], check)
