"""Anthropic: the request against the parameter types of the vendor's package, unknown keys forbidden."""
import anthropic.types
from anthropic.types import ToolParam, message_create_params
from pydantic import TypeAdapter, ValidationError

import common

common.strict_typed_dicts(*common.modules_of(anthropic.types))
REQUEST = TypeAdapter(message_create_params.MessageCreateParamsNonStreaming)
TOOL = TypeAdapter(ToolParam)


def check(folder):
    request = common.read(folder / "messages_request.json")
    for document, adapter in [(request, REQUEST), *[(tool, TOOL) for tool in request.get("tools", [])]]:
        try:
            adapter.validate_python(document)
        except ValidationError as error:
            yield from common.readable(error)
    names = [tool["name"] for tool in request.get("tools", [])]
    if len(set(names)) < len(names):
        yield "two tools have the same name"
    if request.get("tools", []) != common.read(folder / "tools.json"):
        yield "tools.json has other tools than the request"
    for tool in request.get("tools", []):
        # The type of the schema is a plain dictionary there, so the package does not look.
        if tool["input_schema"].get("type") != "object":
            yield f"{tool['name']}: input_schema is no object"
        if len(tool["name"]) > 128 or not tool["name"].replace("_", "").replace("-", "").isalnum():
            yield f"{tool['name']}: no legal name"


common.run("schema", ["anthropic"], check)
