"""Dify's shape, without its engine, which takes gigabytes: edges lead from handle to node, every class of the classifier
leads somewhere, every selector names a node, nothing of anybody's words is a template."""
import re

import yaml

import common

KINDS = {"start", "question-classifier", "llm", "answer"}


def check(folder):
    document = yaml.safe_load(common.text(folder / "agent.yml"))
    if document["kind"] != "app" or not re.fullmatch(r"\d+\.\d+\.\d+", document["version"]):
        yield f"{document['kind']} {document['version']}"
    graph = document["workflow"]["graph"]
    nodes = {node["id"]: node["data"] for node in graph["nodes"]}
    if len(nodes) < len(graph["nodes"]):
        yield "two nodes have the same id"
    for name, data in nodes.items():
        if data["type"] not in KINDS or not data["title"]:
            yield f"{name} is {data['type']} {data['title']!r}"
    for edge in graph["edges"]:
        if edge["source"] not in nodes or edge["target"] not in nodes:
            yield f"{edge['id']} leads nowhere"
            continue
        source = nodes[edge["source"]]
        handles = {one["id"] for one in source.get("classes", [])} or {"source"}
        if edge["sourceHandle"] not in handles:
            yield f"{edge['id']} begins at {edge['sourceHandle']!r}"
        if (edge["data"]["sourceType"], edge["data"]["targetType"]) != (source["type"], nodes[edge["target"]]["type"]):
            yield f"{edge['id']} has other types than its nodes"
    for name, data in nodes.items():
        out = {edge["sourceHandle"] for edge in graph["edges"] if edge["source"] == name}
        wanted = {one["id"] for one in data.get("classes", [])} or {"source"}
        if data["type"] != "answer" and out != wanted:
            yield f"{name} has edges for {sorted(out)} of {sorted(wanted)}"
        if data["type"] != "start" and not any(edge["target"] == name for edge in graph["edges"]):
            yield f"nothing leads to {name}"
        for found in re.findall(r"{{#([^#]*)#}}", str(data)):
            if found.split(".")[0] not in nodes and found != "sys.query":
                yield f"{name} names {found}"
        texts = [one["text"] for one in data.get("prompt_template", [])] + [one["name"] for one in data.get("classes", [])]
        if any("{{" in text for text in texts):
            yield f"{name} holds a template"


common.run("read", [], check)
