"""Vapi: squad and assistant against the types of the vendor's package by their names on the wire; lengths, names and
references, which the package does not look at."""
import re

import pydantic
from vapi.types import CreateAssistantDto, CreateSquadDto

import common


def unknown(model, raw, path=""):
    """Keys that are no name on the wire; the package takes its own spelling of them as well, the API does not."""
    if isinstance(model, pydantic.BaseModel) and isinstance(raw, dict):
        wire = {(field.alias or name): name for name, field in type(model).model_fields.items()}
        for key, value in raw.items():
            if key not in wire:
                yield f"unknown key {path}.{key}"
            else:
                yield from unknown(getattr(model, wire[key]), value, f"{path}.{key}")
    elif isinstance(model, dict) and isinstance(raw, dict):
        for key, value in raw.items():
            yield from unknown(model.get(key), value, f"{path}.{key}")
    elif isinstance(model, (list, tuple)):
        for at, value in enumerate(model):
            yield from unknown(value, raw[at], f"{path}[{at}]")


def typed(model, document):
    try:
        yield from unknown(model.model_validate(document), document)
    except pydantic.ValidationError as error:
        yield from common.readable(error)


def assistant_problems(assistant, names):
    name = assistant["name"]
    if not 1 <= len(name) <= 40:
        yield f"the name {name!r} has {len(name)} characters"
    tools = assistant["model"]["tools"]
    for text in [message["content"] for message in assistant["model"]["messages"]] + [assistant["firstMessage"]]:
        if "{{" in text or "{%" in text:
            yield f"{name}: a template in what is said"
    called = [tool["name"] for tool in tools if tool["type"] == "apiRequest"]
    if len(set(called)) < len(called):
        yield f"{name}: two tools have the same name"
    for tool in tools:
        if tool["type"] == "apiRequest":
            if not re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", tool["name"]):
                yield f"{name}: {tool['name']!r} is no legal name"
            for key in tool["body"]["required"]:
                if key not in tool["body"]["properties"]:
                    yield f"{name}: {tool['name']} needs {key}, which is not there"
        for destination in tool.get("destinations", []):
            if destination["type"] == "assistant" and destination["assistantName"] not in names - {name}:
                yield f"{name}: hands off to {destination['assistantName']!r}, which is not there"


def check(folder):
    alone, squad = common.read(folder / "assistant.json"), common.read(folder / "squad.json")
    yield from typed(CreateAssistantDto, alone)
    yield from typed(CreateSquadDto, squad)
    yield from assistant_problems(alone, {alone["name"]})
    members = [member["assistant"] for member in squad["members"]]
    names = {member["name"] for member in members}
    if len(names) < len(members):
        yield "two assistants have the same name"
    for member in members:
        yield from assistant_problems(member, names)
    led_to, todo = {members[0]["name"]}, [members[0]]
    ends = False
    while todo:
        for tool in todo.pop()["model"]["tools"]:
            ends |= tool["type"] in ("endCall", "transferCall")
            for destination in tool.get("destinations", []):
                name = destination.get("assistantName")
                if name and name not in led_to:
                    led_to.add(name)
                    todo += [member for member in members if member["name"] == name]
    yield from (f"nothing leads to {name}" for name in names - led_to)
    if not ends:
        yield "nothing ends the call"
    mentioned = {name for member in members for name in re.findall(r"Hand off to “([^”]*)”", str(member["model"]["messages"]))}
    yield from (f"a prompt names {name!r}, which is no assistant" for name in mentioned - names if "\\" not in name)


common.run("schema", ["vapi-server-sdk"], check)
