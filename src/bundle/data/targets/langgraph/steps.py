"""What each kind of step does. The same for every agent; the agent itself is in graph.py, tools.py and prompt.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Callable, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI
from langgraph.graph.message import add_messages
from langgraph.types import interrupt

PROMPT = Path(__file__).with_name("prompt.md").read_text(encoding="utf-8")
# How often a step asks for what is missing before the conversation goes on without it.
TRIES = 3


class State(TypedDict, total=False):
    messages: Annotated[list[AnyMessage], add_messages]
    inputs: dict[str, Any]
    route: str
    tries: int


Step = Callable[[State], State]


def route(state: State) -> str:
    """The way the last step chose."""
    return state["route"]


def _model() -> ChatOpenAI:
    return ChatOpenAI(model=os.environ.get("AGENT_MODEL", "gpt-4.1-mini"), max_retries=1)


def _conversation(state: State, task: str) -> list[AnyMessage]:
    known = state.get("inputs") or {}
    facts = f"\nKnown so far: {known}" if known else ""
    return [SystemMessage(PROMPT), *state.get("messages", []), SystemMessage(f"{task}{facts}")]


def _filled(state: State, task: str, name: str, schema: dict[str, Any]) -> AIMessage:
    """The model's answer as one call of a function with this schema."""
    function = {"type": "function", "function": {"name": name, "description": task, "parameters": schema}}
    return _model().bind_tools([function], tool_choice=name).invoke(_conversation(state, task))


def _chosen(state: State, question: str, ways: dict[str, str], default: str) -> str:
    listed = "\n".join(f"- {way}: {when}" for way, when in ways.items())
    schema = {"type": "object", "properties": {"way": {"type": "string", "enum": list(ways)}}, "required": ["way"]}
    answer = _filled(state, f"{question}\nChoose the way that fits:\n{listed}", "choose_way", schema)
    way = answer.tool_calls[0]["args"].get("way") if answer.tool_calls else None
    return way if way in ways else default


def _heard(say: str) -> list[AnyMessage]:
    """Says something and waits for what the user answers."""
    answer = interrupt({"say": say})
    said: list[AnyMessage] = [AIMessage(say)] if say else []
    return [*said, HumanMessage(str(answer))]


def _speaks_next(state: State) -> bool:
    """Whether the user has to speak before the agent can go on."""
    messages = state.get("messages") or []
    return not messages or messages[-1].type != "human"


def begin() -> Step:
    return lambda state: {"inputs": state.get("inputs") or {}, "tries": 0}


def say(text: str) -> Step:
    """Fixed words."""
    return lambda state: {"messages": [AIMessage(text)]} if text else {}


def greet(text: str) -> Step:
    """The first words; left out where the user spoke first."""
    return lambda state: {"messages": [AIMessage(text)]} if text and not state.get("messages") else {}


def choose(question: str, text: str, ways: dict[str, str], default: str, asks: bool) -> Step:
    """Picks one way; `asks` says that the user is asked first."""

    def step(state: State) -> State:
        heard: list[AnyMessage] = []
        if asks and _speaks_next(state):
            messages = state.get("messages") or []
            # Right after the greeting the agent has asked already.
            heard = _heard("" if messages and len(messages) == 1 else text)
        talk: State = {**state, "messages": [*(state.get("messages") or []), *heard]}
        return {"messages": heard, "route": _chosen(talk, question, ways, default), "tries": 0}

    return step


def confirm(text: str, ways: dict[str, str], default: str) -> Step:
    """Reads back what is known and waits for a yes."""

    def step(state: State) -> State:
        known = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in (state.get("inputs") or {}).items())
        heard = _heard(f"{text}\n{known}" if known else text)
        talk: State = {**state, "messages": [*(state.get("messages") or []), *heard]}
        return {"messages": heard, "route": _chosen(talk, text, ways, default), "tries": 0}

    return step


def collect(text: str, fields: dict[str, Any], again: str, done: str) -> Step:
    """Takes from the conversation what it holds, and asks for the rest."""

    def known(state: State) -> dict[str, Any]:
        task = "Write down what the user has given. Leave out what they have not said; never make anything up."
        schema = {"type": "object", "properties": fields, "required": []}
        answer = _filled(state, task, "note_inputs", schema)
        given = answer.tool_calls[0]["args"] if answer.tool_calls else {}
        kept = {name: value for name, value in given.items() if name in fields and value not in (None, "")}
        return {**(state.get("inputs") or {}), **kept}

    def step(state: State) -> State:
        spoken = any(message.type == "human" for message in state.get("messages", []))
        inputs = known(state) if spoken else state.get("inputs") or {}
        tries = state.get("tries") or 0
        if all(name in inputs for name in fields) or tries >= TRIES:
            return {"inputs": inputs, "route": done, "tries": 0}
        return {"messages": _heard(text), "inputs": inputs, "route": again, "tries": tries + 1}

    return step


def call(tool: dict[str, Any], worked: str, failed: str) -> Step:
    """Calls a tool with what is known; an error takes the other way."""

    def step(state: State) -> State:
        answer = _filled(state, tool["description"], tool["name"], tool["parameters"])
        given = answer.tool_calls[0]["args"] if answer.tool_calls else {}
        allowed = tool["parameters"].get("properties", {})
        known = {name: value for name, value in (state.get("inputs") or {}).items() if name in allowed}
        arguments = {**{name: value for name, value in given.items() if name in allowed}, **known}
        messages: list[AnyMessage] = []
        try:
            named = {tool["arguments"][name]: value for name, value in arguments.items()}
            result, way = str(tool["run"](**named)), worked
        except Exception as error:  # whatever goes wrong in a tool, the conversation goes on
            result, way = f"error: {error}", failed
        if answer.tool_calls:
            messages = [answer, ToolMessage(result, tool_call_id=answer.tool_calls[0]["id"])]
        if way == failed and tool["on_failure"]:
            messages.append(AIMessage(tool["on_failure"]))
        return {"messages": messages, "route": way, "tries": 0}

    return step


def respond(task: str, text: str) -> Step:
    """Answers in the agent's own words."""

    def step(state: State) -> State:
        sense = f"\nSay this, or the sense of it: {text}" if text else ""
        return {"messages": [_model().invoke(_conversation(state, f"Now: {task}{sense}"))]}

    return step


def hand_over(text: str, tool: dict[str, Any] | None) -> Step:
    """Passes the conversation on; without a tool for it, whoever runs the graph reads it from the state."""

    def step(state: State) -> State:
        if tool is not None:
            done = call(tool, "handed_over", "not_handed_over")(state)
            said = [AIMessage(text)] if text and done["route"] == "handed_over" else []
            return {"messages": [*done["messages"], *said], "route": done["route"]}
        return {"messages": [AIMessage(text)] if text else [], "route": "handed_over"}

    return step
