"""OpenAI: both requests and each tool against the parameter types of the vendor's package, unknown keys forbidden."""
import re

import openai.types
from openai.types.chat import ChatCompletionFunctionToolParam
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from openai.types.responses import FunctionToolParam
from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming
from pydantic import TypeAdapter, ValidationError

import common

common.strict_typed_dicts(*common.modules_of(openai.types))
FILES = {
    "chat": (TypeAdapter(CompletionCreateParamsNonStreaming), TypeAdapter(ChatCompletionFunctionToolParam)),
    "responses": (TypeAdapter(ResponseCreateParamsNonStreaming), TypeAdapter(FunctionToolParam)),
}


def strict_problems(schema, place):
    """What strict functions ask of a schema, which the package's types do not say."""
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" or "object" in (schema.get("type") or []):
        if schema.get("additionalProperties") is not False:
            yield f"{place}: additionalProperties is not false"
        if sorted(schema.get("required", [])) != sorted(schema.get("properties", {})):
            yield f"{place}: not every key is required"
    for key, value in schema.get("properties", {}).items():
        yield from strict_problems(value, f"{place}.{key}")
    yield from strict_problems(schema.get("items"), f"{place}[]")


def check(folder):
    for kind, (request_type, tool_type) in FILES.items():
        request = common.read(folder / f"{kind}_request.json")
        documents = [(request, request_type), *[(tool, tool_type) for tool in request.get("tools", [])]]
        for document, adapter in documents:
            try:
                adapter.validate_python(document)
            except ValidationError as error:
                yield from common.readable(error)
        if request.get("tools", []) != common.read(folder / f"{kind}_tools.json"):
            yield f"{kind}_tools.json has other tools than the request"
        functions = [tool.get("function", tool) for tool in request.get("tools", [])]
        names = [function["name"] for function in functions]
        if len(set(names)) < len(names):
            yield f"{kind}: two tools have the same name"
        for function in functions:
            if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", function["name"]):
                yield f"{kind}: {function['name']!r} is no legal name"
            if function.get("strict"):
                yield from strict_problems(function["parameters"], f"{kind}: {function['name']}")


common.run("schema", ["openai"], check)
