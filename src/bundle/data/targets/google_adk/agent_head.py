"""The agent: triage finds out what somebody wants and passes them to the agent of that branch."""

import functools
import os
from pathlib import Path

from google.adk.agents import LlmAgent
from google.adk.tools import FunctionTool

from . import tools

PROMPT = Path(__file__).with_name("prompt.md").read_text(encoding="utf-8")
MODEL = os.environ.get("AGENT_MODEL", "gemini-2.5-flash")
TRIAGE = """

# Your part

Greet people, find out what they want, and transfer them to the agent for it. Ask one short question when that is not clear.
"""
PART = """

# Your part

These are your steps. Begin with the first one. When somebody wants something else, transfer them back.

"""


def told(text: str):
    """Instructions as they stand: a plain string would have what stands in braces filled in."""
    return lambda _context: text


def tool(function, on_failure: str, asks: bool) -> FunctionTool:
    """A tool as the agents call it. What goes wrong is told to the model, with what it should say."""

    @functools.wraps(function)
    def call(**arguments):
        try:
            return {"result": function(**arguments)}
        except Exception as error:  # whatever goes wrong in a tool, the conversation goes on
            return {"error": str(error), "say": on_failure}

    return FunctionTool(call, require_confirmation=asks)


