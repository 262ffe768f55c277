"""Open Agent Spec: both documents are read by the specification's own library; then its LangGraph runtime builds them and
talks to the flow until every node was taken, calls that fail included. What the library lets pass is looked for here."""
import os

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from pyagentspec.adapters.langgraph import AgentSpecLoader
from pyagentspec.flows.nodes import BranchingNode
from pyagentspec.serialization import AgentSpecDeserializer

import common
import steered

CONVERSATIONS, ANSWERS = 100, 100


def check(folder):
    script = steered.Script()
    steered.Server(script.answer)
    agent = common.text(folder / "agent.json")
    AgentSpecDeserializer().from_json(agent)
    document = common.text(folder / "flow.json")
    flow = AgentSpecDeserializer().from_json(document)
    yield from unsound(flow)
    registry = {tool["name"]: plain(tool) for tool in common.read(folder / "agent.json")["tools"]}
    AgentSpecLoader(tool_registry=registry).load_json(agent)
    called = {name: connected(name, script) for name in registry}
    graph = AgentSpecLoader(tool_registry=called, checkpointer=InMemorySaver()).load_json(document)
    seen, ids = set(), {node.id for node in flow.nodes}
    for number in range(CONVERSATIONS):
        problem = talk(graph, f"{number}", seen)
        if problem:
            yield problem
            return
        if ids <= seen:
            break
    if ids - seen:
        yield f"no conversation came to {sorted(ids - seen)}"


def plain(tool):
    return lambda **_: "done"


def connected(name, script):
    """Some calls fail."""

    def run(**arguments):
        works = script.works(name)
        return {"status": "ok" if works else "error", "result": "done" if works else "down"}

    return run


def unsound(flow):
    """Branches that lead nowhere, and inputs that nothing fills."""
    for node in flow.nodes:
        branches = {edge.from_branch or "next" for edge in flow.control_flow_connections if edge.from_node.id == node.id}
        wanted = set(node.branches)
        if branches != wanted:
            yield f"{node.name} has branches {sorted(wanted)} and edges for {sorted(branches)}"
        if isinstance(node, BranchingNode) and "default" not in branches:
            yield f"{node.name} has no edge for its default"
        filled = {edge.destination_input for edge in flow.data_flow_connections or [] if edge.destination_node.id == node.id}
        for need in node.inputs or []:
            if need.title not in filled and "default" not in need.json_schema:
                yield f"nothing fills {need.title} of {node.name}"


def talk(graph, thread, seen):
    config = {"configurable": {"thread_id": thread}, "recursion_limit": 200}
    given = {"inputs": {}, "messages": []}
    for _ in range(ANSWERS):
        for update in graph.stream(given, config, stream_mode="updates"):
            seen.update(name for name in update if name != "__interrupt__")
        if not graph.get_state(config).next:
            return None
        given = Command(resume="I need an appointment, on Tuesday at ten.")
    return "a conversation never ended"


os.environ.setdefault("OPENAI_API_KEY", "none")
common.run("executed", ["pyagentspec", "langgraph"], check)
