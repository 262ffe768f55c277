"""LangGraph: the graph is compiled and talked to until every step was taken, calls that work and calls that fail included;
the project file is read by the command line."""
import importlib
import os
import subprocess
import sys

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

import common
import steered

# More conversations and answers than any of the agents needs.
CONVERSATIONS, ANSWERS = 100, 100


def modules_of(folder):
    """The case's own modules, and none of another case's."""
    for name in ("graph", "steps", "tools"):
        sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("graph")
    finally:
        sys.path.remove(str(folder))


def check(folder):
    script = steered.Script()
    steered.Server(script.answer)
    module = modules_of(folder)
    tools = [value for value in vars(module).values() if isinstance(value, dict) and "run" in value]
    for tool in tools:
        yield from waits_or_calls(tool)
        connect(tool, script)
    graph = module.builder.compile(checkpointer=InMemorySaver())
    seen = set()
    for number in range(CONVERSATIONS):
        problem = talk(graph, f"{number}", seen)
        if problem:
            yield problem
            return
        if seen == set(module.builder.nodes) and all(script.called[tool["name"], True] for tool in tools):
            break
    missed = sorted(set(module.builder.nodes) - seen)
    if missed:
        yield f"no conversation came to {missed}"
    for tool in tools:
        if script.called[tool["name"], True] == 0:
            yield f"{tool['name']} was never called"
    command = [os.path.join(os.environ["ENVIRONMENT"], "bin/langgraph"), "validate"]
    (folder / ".env").write_text("", encoding="utf-8")
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if told.returncode:
        yield f"langgraph validate: {told.stdout[-500:]}{told.stderr[-500:]}"


def waits_or_calls(tool):
    """A tool without an address says that it waits to be connected."""
    import inspect

    wanted = {name for name in tool["arguments"].values()}
    if wanted != set(inspect.signature(tool["run"]).parameters):
        yield f"{tool['name']} takes other arguments than its schema has"


def connect(tool, script):
    """Some calls fail."""

    def run(**arguments):
        missing = [name for name in tool["parameters"]["required"] if tool["arguments"][name] not in arguments]
        assert not missing, f"{tool['name']} is called without {missing}"
        if not script.works(tool["name"]):
            raise ConnectionError("down")
        return "done"

    tool["run"] = run


def talk(graph, thread, seen):
    """One conversation to its end; what is wrong with it."""
    config = {"configurable": {"thread_id": thread}}
    given = {"messages": []}
    for _ in range(ANSWERS):
        for update in graph.stream(given, config, stream_mode="updates"):
            seen.update(name for name in update if name != "__interrupt__")
        state = graph.get_state(config)
        if not state.next:
            return None
        given = Command(resume="I need an appointment, on Tuesday at ten.")
    return "a conversation never ended"


common.run("executed", ["langgraph", "langgraph-cli"], check)
