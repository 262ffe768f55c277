"""OpenAI Realtime: the three documents against the parameter types of the vendor's package, unknown keys forbidden."""
import re

import openai.types.realtime as realtime
from openai.types.realtime import RealtimeSessionCreateRequestParam, SessionUpdateEventParam
from openai.types.realtime.client_secret_create_params import ClientSecretCreateParams
from pydantic import TypeAdapter, ValidationError

import common

common.strict_typed_dicts(*common.modules_of(realtime))
FILES = {
    "session.json": TypeAdapter(RealtimeSessionCreateRequestParam),
    "session_update.json": TypeAdapter(SessionUpdateEventParam),
    "client_secret.json": TypeAdapter(ClientSecretCreateParams),
}


def check(folder):
    session = common.read(folder / "session.json")
    for name, adapter in FILES.items():
        document = common.read(folder / name)
        try:
            adapter.validate_python(document)
        except ValidationError as error:
            yield from common.readable(error)
        if document.get("session", document) != session:
            yield f"{name} has another session"
    names = [tool.get("name") for tool in session.get("tools", [])]
    if len(set(names)) < len(names):
        yield "two tools have the same name"
    for name in names:
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name or ""):
            yield f"{name!r} is no legal name"


common.run("schema", ["openai"], check)
