"""OpenAI Agents SDK: the module is loaded, its tools' schemas are checked, and triage is talked to until it has handed over
to every agent and every tool was called, calls that fail included."""
import asyncio
import importlib
import json
import sys

import agents
import jsonschema
import openai
from agents import Agent, FunctionTool, Runner

import common
import steered

CONVERSATIONS = 40


def module_of(folder):
    for name in ("agent", "tools"):
        sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("agent")
    finally:
        sys.path.remove(str(folder))


def check(folder):
    script = steered.Script()
    steered.Server(lambda request: answer(script, request))
    agents.set_default_openai_api("chat_completions")
    agents.set_tracing_disabled(True)
    module = module_of(folder)
    branches = [handoff for handoff in module.triage.handoffs if isinstance(handoff, Agent)]
    assert branches, "triage hands over to nobody"
    tools = {tool.name: tool for branch in branches for tool in branch.tools}
    for tool in tools.values():
        assert isinstance(tool, FunctionTool), tool
        jsonschema.Draft202012Validator.check_schema(tool.params_json_schema)
    reached = asyncio.run(talk_all(module.triage, len(branches), tools, script))
    missed = {branch.name for branch in branches} - reached
    if missed:
        yield f"no conversation came to {sorted(missed)}"
    idle = [name for name in tools if not script.called[name]]
    if idle:
        yield f"never called: {idle}"
    if "error" not in json.dumps(script.results) and tools:
        yield "a tool that is not connected did not fail"


async def talk_all(triage, branches, tools, script):
    # One loop for all: the client's connections belong to it.
    agents.set_default_openai_client(openai.AsyncOpenAI(), use_for_tracing=False)
    reached = set()
    for _ in range(CONVERSATIONS):
        reached |= await talk(triage)
        if len(reached) > branches and all(script.called[name] for name in tools):
            break
    return reached


async def talk(triage):
    """One message; approves what needs a yes. The agents that took part."""
    result = await Runner.run(triage, "I need an appointment, on Tuesday at ten.", max_turns=12)
    while result.interruptions:
        state = result.to_state()
        for one in result.interruptions:
            state.approve(one)
        result = await Runner.run(triage, state, max_turns=12)
    return {item.agent.name for item in result.new_items} | {result.last_agent.name}


def answer(script, request):
    """Hands over from triage, calls each tool of a branch once, then says something."""
    script.results = [message for message in request["messages"] if message["role"] == "tool"] + getattr(script, "results", [])
    tools = [tool["function"] for tool in request.get("tools") or []]
    away = [tool["name"] for tool in tools if tool["name"].startswith("transfer_to_")]
    own = [tool for tool in tools if tool["name"] not in away]
    done = {one["function"]["name"] for message in request["messages"] for one in message.get("tool_calls") or []}
    if "transfer_to_triage" not in away and not done & set(away):
        return steered.call(script.choose(away), {})
    for tool in own:
        if tool["name"] not in done:
            script.called[tool["name"]] += 1
            return steered.call(tool["name"], script.filled(tool["parameters"], ""))
    return {"role": "assistant", "content": "All right."}


common.run("executed", ["openai-agents"], check)
