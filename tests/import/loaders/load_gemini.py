"""Gemini: the request against the types of google-genai, unknown keys forbidden."""
import re

from google.genai import types
from pydantic import TypeAdapter, ValidationError

import common

CONTENTS = TypeAdapter(list[types.Content])
TOOLS = TypeAdapter(list[types.Tool])
KNOWN = {"systemInstruction", "contents", "tools", "toolConfig", "generationConfig", "safetySettings"}


def check(folder):
    request = common.read(folder / "request.json")
    yield from (f"unknown key {key}" for key in set(request) - KNOWN)
    parts = [(request["contents"], CONTENTS), ([request["systemInstruction"]], CONTENTS), (request.get("tools", []), TOOLS)]
    for part, adapter in parts:
        try:
            yield from common.unknown_keys(adapter.validate_python(part))
        except ValidationError as error:
            yield from common.readable(error)
    if request.get("tools", []) != common.read(folder / "tools.json"):
        yield "tools.json has other tools than the request"
    functions = [function for tool in request.get("tools", []) for function in tool["functionDeclarations"]]
    for function in functions:
        if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}", function["name"]):
            yield f"{function['name']!r} is no legal name"
        schema = function.get("parameters", {"properties": {"any": {}}})
        if not schema.get("properties"):
            yield f"{function['name']}: an object without properties"
        for name in schema.get("required", []):
            if name not in schema["properties"]:
                yield f"{function['name']}: {name} is required and not there"


common.run("schema", ["google-genai"], check)
