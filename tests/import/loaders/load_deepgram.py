"""Deepgram: the settings against the types of the vendor's package, unknown keys forbidden; names, addresses and what a
function needs, which the package does not look at."""
import re

import pydantic
from deepgram.agent.v1.types.agent_v1settings import AgentV1Settings
from deepgram.agent.v1.types.agent_v1settings_agent_context import AgentV1SettingsAgentContext

import common


def typed(model, document):
    try:
        yield from common.unknown_keys(model.model_validate(document))
    except pydantic.ValidationError as error:
        yield from common.readable(error)


def check(folder):
    settings = common.read(folder / "settings.json")
    yield from typed(AgentV1Settings, settings)
    # By itself, since the package takes anything for the id of a stored agent otherwise.
    yield from typed(AgentV1SettingsAgentContext, settings["agent"])
    think = settings["agent"]["think"]
    if not think.get("prompt"):
        yield "there is no prompt"
    names = [function["name"] for function in think["functions"]]
    if len(set(names)) < len(names):
        yield "two functions have the same name"
    for function in think["functions"]:
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", function["name"]):
            yield f"{function['name']!r} is no legal name"
        for key in function["parameters"].get("required", []):
            if key not in function["parameters"]["properties"]:
                yield f"{function['name']} needs {key}, which is not there"
        if "endpoint" in function and not function["endpoint"].get("url"):
            yield f"{function['name']} has an endpoint without an address"


common.run("schema", ["deepgram-sdk"], check)
