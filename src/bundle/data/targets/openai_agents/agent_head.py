"""The agent: triage finds out what somebody wants and hands over to the agent of that branch."""

import json
import os
from pathlib import Path

from agents import Agent, FunctionTool, RunContextWrapper

import tools

PROMPT = Path(__file__).with_name("prompt.md").read_text(encoding="utf-8")
MODEL = os.environ.get("AGENT_MODEL", "gpt-4.1-mini")
TRIAGE = """

# Your part

Greet people, find out what they want, and hand over to the agent for it. Ask one short question when that is not clear.
"""
PART = """

# Your part

These are your steps. Begin with the first one. When somebody wants something else, hand back to triage.

"""


def function(tool: dict) -> FunctionTool:
    """A tool as the agents call it. What goes wrong is told to the model, with what it should say."""

    async def invoke(_context: RunContextWrapper, arguments: str) -> str:
        given = json.loads(arguments or "{}")
        named = {tool["arguments"][name]: value for name, value in given.items() if name in tool["arguments"]}
        try:
            return str(tool["run"](**named))
        except Exception as error:  # whatever goes wrong in a tool, the conversation goes on
            return json.dumps({"error": str(error), "say": tool["on_failure"]})

    return FunctionTool(
        name=tool["name"],
        description=tool["description"],
        params_json_schema=tool["parameters"],
        on_invoke_tool=invoke,
        strict_json_schema=False,
        needs_approval=tool["needs_approval"],
    )


