"""AutoGen: the team is loaded as a component and given messages until triage has handed over to every agent and every tool
was called; a tool that is not connected fails."""
import asyncio
import json
import warnings

warnings.filterwarnings("ignore")

from autogen_agentchat.base import Team

import common
import steered

CONVERSATIONS = 40


def check(folder):
    script = steered.Script()
    script.failed = False
    steered.Server(lambda request: answer(script, request))
    document = common.read(folder / "team.json")
    names = {one["config"]["name"] for one in document["config"]["participants"]}
    for one in document["config"]["participants"]:
        for handoff in one["config"]["handoffs"]:
            if handoff["target"] not in names:
                yield f"{one['config']['name']} hands over to {handoff['target']}, who is not in the team"
    tools = {
        tool["config"]["name"]
        for one in document["config"]["participants"]
        for bench in one["config"]["workbench"]
        for tool in bench["config"]["tools"]
    }
    reached = set()
    for _ in range(CONVERSATIONS):
        team = Team.load_component(document)
        result = asyncio.run(team.run(task="I need an appointment, on Tuesday at ten."))
        reached |= {message.source for message in result.messages}
        if names <= reached and all(script.called[name] for name in tools):
            break
    if names - reached:
        yield f"no conversation came to {sorted(names - reached)}"
    idle = [name for name in tools if not script.called[name]]
    if idle:
        yield f"never called: {idle}"
    if tools and not script.failed:
        yield "a tool that is not connected did not fail"


def answer(script, request):
    """Hands over from triage, calls each tool of a branch once, then says something."""
    script.failed |= any("Connect this tool" in json.dumps(message) for message in request["messages"] if message["role"] == "tool")
    tools = [tool["function"] for tool in request.get("tools") or []]
    away = [tool["name"] for tool in tools if tool["name"].startswith("transfer_to_")]
    done = {one["function"]["name"] for message in request["messages"] for one in message.get("tool_calls") or []}
    if away and "transfer_to_triage" not in away:
        return steered.call(script.choose(away), {})
    for tool in tools:
        if tool["name"] not in away and tool["name"] not in done:
            script.called[tool["name"]] += 1
            return steered.call(tool["name"], script.filled(tool["parameters"], ""))
    return {"role": "assistant", "content": "All right."}


common.run("executed", ["autogen-agentchat", "autogen-ext"], check)
