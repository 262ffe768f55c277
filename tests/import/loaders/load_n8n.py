"""n8n's shape, without n8n, which takes gigabytes (its own import is in load_n8n_server.py): connections lead from node to
node by name, every agent has a model, every output of the classifier leads somewhere, versions are the ones that were
checked, nothing of anybody's words is an expression."""
import re

import common

CHECKED = {
    "@n8n/n8n-nodes-langchain.chatTrigger": 1.1,
    "@n8n/n8n-nodes-langchain.lmChatOpenAi": 1.2,
    "@n8n/n8n-nodes-langchain.memoryBufferWindow": 1.3,
    "@n8n/n8n-nodes-langchain.memoryManager": 1.1,
    "@n8n/n8n-nodes-langchain.textClassifier": 1.1,
    "@n8n/n8n-nodes-langchain.agent": 2,
    "@n8n/n8n-nodes-langchain.toolHttpRequest": 1.1,
}
# The only expressions there are, all of them ours.
OURS = {"text", "inputText"}
KEYS = {"id", "name", "active", "nodes", "connections", "settings", "pinData"}


def check(folder):
    workflow = common.read(folder / "workflow.json")
    if set(workflow) != KEYS:
        yield f"the workflow has {sorted(workflow)}"
    nodes = {node["name"]: node for node in workflow["nodes"]}
    if len(nodes) < len(workflow["nodes"]):
        yield "two nodes have the same name"
    kind = lambda name: nodes[name]["type"].rsplit(".", 1)[1]
    for node in workflow["nodes"]:
        if CHECKED.get(node["type"]) != node["typeVersion"]:
            yield f"{node['name']} is {node['type']} {node['typeVersion']}"
        yield from expressions(node["name"], node["parameters"])
        if node["type"].endswith("toolHttpRequest") and not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", node["name"]):
            yield f"{node['name']!r} is no legal name of a tool"
    links = []
    for source, kinds in workflow["connections"].items():
        if source not in nodes:
            yield f"{source!r} is connected and is no node"
        for link_kind, outputs in kinds.items():
            for at, ends in enumerate(outputs):
                for end in ends:
                    if end["node"] not in nodes:
                        yield f"{source} leads to {end['node']!r}, which is no node"
                        continue
                    if end["type"] != link_kind:
                        yield f"{source} leads by {link_kind} to {end['type']}"
                    links.append((source, link_kind, at, end["node"]))
    if any(source not in nodes for source, *_ in links):
        return
    for name in nodes:
        into = {link_kind for _, link_kind, _, target in links if target == name}
        if kind(name) in ("agent", "textClassifier") and not {"main", "ai_languageModel"} <= into:
            yield f"{name} has {sorted(into)} alone"
        out = {link_kind for source, link_kind, _, _ in links if source == name}
        if kind(name) == "toolHttpRequest" and "ai_tool" not in out:
            yield f"no agent has {name}"
        if kind(name) == "textClassifier":
            categories = nodes[name]["parameters"]["categories"]["categories"]
            outputs = {at for source, link_kind, at, _ in links if source == name and link_kind == "main"}
            # One more for what fits none.
            if outputs != set(range(len(categories) + 1)):
                yield f"{len(categories)} categories and the outputs {sorted(outputs)}"
            labels = [category["category"] for category in categories]
            if len(set(labels)) < len(labels):
                yield "two categories have the same name"
    if [kind(name) for name in nodes].count("chatTrigger") != 1:
        yield "there is not one trigger"


def expressions(place, value):
    if isinstance(value, dict):
        for key, one in value.items():
            if not (key in OURS and isinstance(one, str) and "chatInput" in one):
                yield from expressions(f"{place}.{key}", one)
    elif isinstance(value, list):
        for one in value:
            yield from expressions(place, one)
    elif isinstance(value, str) and value.startswith("="):
        yield f"{place} is an expression"


common.run("read", [], check)
