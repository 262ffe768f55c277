"""Google ADK: the package is loaded as `adk` does, every tool's declaration is made, and triage is talked to until it has
passed people to every agent and every tool was called, calls that fail included."""
import asyncio
import importlib
import json
import sys
import typing
import warnings

warnings.filterwarnings("ignore")

from google.adk.agents import LlmAgent
from google.adk.models import BaseLlm, LLMRegistry, LlmResponse
from google.adk.runners import InMemoryRunner
from google.genai import types

import common
import steered

CONVERSATIONS = 40


class Model(BaseLlm):
    """Transfers from triage to the agent it has been to least, has each tool of that agent called, then says something."""

    script: typing.ClassVar = None

    @classmethod
    def supported_models(cls):
        return [r"gemini-.*"]

    async def generate_content_async(self, request, stream=False):
        yield LlmResponse(content=types.Content(role="model", parts=[self.part(request)]))

    def part(self, request):
        script = type(self).script
        parts = [part for content in request.contents for part in content.parts or []]
        script.results += [json.dumps(part.function_response.response, default=str) for part in parts if part.function_response]
        declared = [one for tool in request.config.tools or [] for one in tool.function_declarations or []]
        own = [one for one in declared if one.name != "transfer_to_agent"]
        if script.agent == "triage":
            return types.Part.from_function_call(name="transfer_to_agent", args={"agent_name": script.choose(script.branches)})
        for one in own:
            if one.name not in script.now:
                script.now.add(one.name)
                script.called[one.name] += 1
                schema = one.parameters_json_schema or (one.parameters.model_dump(exclude_none=True, mode="json") if one.parameters else {})
                return types.Part.from_function_call(name=one.name, args=script.filled(lower(schema), ""))
        return types.Part.from_text(text="All right.")


def lower(schema):
    """Gemini's schemas write their types in capitals."""
    if isinstance(schema, dict):
        return {key: value.lower() if key == "type" and isinstance(value, str) else lower(value) for key, value in schema.items()}
    return [lower(one) for one in schema] if isinstance(schema, list) else schema


LLMRegistry.register(Model)


def package_of(folder):
    for name in [name for name in sys.modules if name == "agent" or name.startswith("agent.")]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("agent").agent
    finally:
        sys.path.remove(str(folder))


def check(folder):
    module = package_of(folder)
    root = module.root_agent
    assert isinstance(root, LlmAgent) and root.sub_agents, "triage passes people to nobody"
    script = Model.script = steered.Script()
    script.branches = [agent.name for agent in root.sub_agents]
    script.tools = {tool.name for agent in root.sub_agents for tool in agent.tools}
    script.results = []
    for agent in root.sub_agents:
        for tool in agent.tools:
            assert tool._get_declaration(), tool
    reached = set()
    for _ in range(CONVERSATIONS):
        reached |= asyncio.run(talk(root, script))
        if set(script.branches) <= reached and all(script.called[name] for name in script.tools):
            break
    if set(script.branches) - reached:
        yield f"no conversation came to {sorted(set(script.branches) - reached)}"
    idle = [name for name in script.tools if not script.called[name]]
    if idle:
        yield f"never called: {idle}"
    if script.tools and not any('"error"' in result and "say" in result for result in script.results):
        yield "a tool that is not connected did not fail"


async def talk(root, script):
    """One message, and a yes to whatever asks for one. The agents that took part."""
    script.agent, script.now = "triage", set()
    runner = InMemoryRunner(agent=root, app_name="check")
    session = await runner.session_service.create_session(app_name="check", user_id="user")
    reached, message = set(), types.Content(role="user", parts=[types.Part(text="I need an appointment, on Tuesday at ten.")])
    while message:
        asked = []
        async for event in runner.run_async(user_id="user", session_id=session.id, new_message=message):
            reached.add(event.author)
            for part in (event.content.parts if event.content else None) or []:
                call = part.function_call
                if call and call.name == "transfer_to_agent":
                    script.agent = call.args["agent_name"]
                if call and call.name == "adk_request_confirmation":
                    answer = types.FunctionResponse(id=call.id, name=call.name, response={"confirmed": True})
                    asked.append(types.Part(function_response=answer))
        message = types.Content(role="user", parts=asked) if asked else None
    return reached


common.run("executed", ["google-adk"], check)
