"""A2A: the card as the protocol's own message, unknown fields refused; required fields are looked for, since the message
takes a card without them."""
from a2a.types import AgentCard
from google.protobuf.json_format import ParseDict

import common

TEXTS = ("name", "description", "version")
LISTS = ("supported_interfaces", "skills", "default_input_modes", "default_output_modes")


def check(folder):
    card = ParseDict(common.read(folder / "agent-card.json"), AgentCard())
    yield from (f"{name} is missing" for name in TEXTS if not getattr(card, name))
    yield from (f"{name} is empty" for name in LISTS if not getattr(card, name))
    ids = [skill.id for skill in card.skills]
    if len(set(ids)) < len(ids):
        yield "two skills have the same id"
    for skill in card.skills:
        if not (skill.id and skill.name and skill.description and skill.tags):
            yield f"the skill {skill.id!r} is not whole"


common.run("schema", ["a2a-sdk"], check)
