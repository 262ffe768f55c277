"""LiveKit: the program is imported, every class is made, and then the agent runs in a real session, text only, against a
scripted model: every tool of every class is called, the owner's tools once working and once failing."""
import asyncio
import importlib.util
import json
import logging
import os
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from livekit.agents import AgentSession  # noqa: E402
from livekit.agents.llm import ToolContext  # noqa: E402
from livekit.plugins import openai  # noqa: E402

import common  # noqa: E402
from scripted import Stage, sample  # noqa: E402

STAGE = Stage()
os.environ["TOOLS_URL"] = STAGE.url


def tools_of(agent):
    """Names and schemas as the model gets them; what ends the call needs a real one."""
    tools = ToolContext(agent.tools).parse_function_tools("openai", strict=False)
    functions = [tool["function"] for tool in tools]
    return {function["name"]: function["parameters"] for function in functions if function["name"] != "end_call"}


def classes_of(module):
    classes = [thing for thing in vars(module).values() if isinstance(thing, type) and issubclass(thing, module.Step)]
    return [thing for thing in classes if thing is not module.Step]


async def walk(module):
    tools = {made.__name__: tools_of(made()) for made in classes_of(module)}
    # Where a tool leads is known once it has been called.
    leads = {}
    left = {(name, tool) for name in tools for tool in tools[name]}
    while left:
        before = len(left)
        async with AgentSession(llm=openai.LLM(model="scripted", base_url=STAGE.url + "/v1", api_key="none")) as session:
            await session.start(module.FIRST())
            while (path := way(type(session.current_agent).__name__, tools, leads, left)) is not None:
                for at, tool in path:
                    await call(session, tool, tools[at][tool], (at, tool) in left)
                    leads[at, tool] = type(session.current_agent).__name__
                    left.discard((at, tool))
        assert len(left) < before, f"no way to {sorted(left)[:3]}"
    return tools, leads


def way(at, tools, leads, left):
    """The shortest way over tools that have been called to one that has not."""
    paths, seen = [(at, [])], {at}
    while paths:
        place, path = paths.pop(0)
        for tool in tools[place]:
            if (place, tool) in left:
                return [*path, (place, tool)]
            to = leads.get((place, tool))
            if to not in seen and to is not None:
                seen.add(to)
                paths.append((to, [*path, (place, tool)]))
    return None


async def call(session, tool, schema, fails_first):
    arguments = {name: sample(schema["properties"][name]) for name in schema.get("required", [])}
    line = f"CALL {tool} {json.dumps(arguments)}"
    agent = session.current_agent
    outside = len(STAGE.calls)
    STAGE.fails = fails_first
    outputs = await said(session, line)
    if len(STAGE.calls) > outside:
        assert session.current_agent is agent and any(error for _, error in outputs), f"{tool} hides that it failed"
        STAGE.fails = False
        outputs = await said(session, line)
    assert outputs and not any(error for _, error in outputs), f"{tool} ended with {outputs}"


async def said(session, line):
    result = await session.run(user_input=line)
    items = [getattr(event, "item", None) for event in result.events if type(event).__name__ == "FunctionCallOutputEvent"]
    return [(item.name, item.is_error) for item in items]


def check(folder):
    spec = importlib.util.spec_from_file_location("agent", folder / "agent.py")
    module = importlib.util.module_from_spec(spec)

    async def run():
        spec.loader.exec_module(module)
        for made in classes_of(module):
            for name, schema in tools_of(made()).items():
                for key in schema.get("required", []):
                    assert key in schema["properties"], f"{name} needs {key}, which is not there"
        STAGE.calls.clear()
        return await asyncio.wait_for(walk(module), 120)

    tools, leads = asyncio.run(run())
    led_to = {module.FIRST.__name__, *leads.values()}
    return [f"nothing leads to {name}" for name in set(tools) - led_to]


common.run("executed", ["livekit-agents"], check)
