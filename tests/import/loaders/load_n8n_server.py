"""n8n itself: its catalogue knows every node, version and parameter; its command line imports the workflow into an empty
instance and exports the same nodes again."""
import json
import os
import pathlib
import subprocess
import tempfile

import common

PLACE = pathlib.Path(os.environ["ALSO"])
MODULES = PLACE / "node_modules"


def catalogue():
    known = {}
    for package in ("n8n-nodes-base", "@n8n/n8n-nodes-langchain"):
        for node in common.read(MODULES / package / "dist/types/nodes.json"):
            name = node["name"] if "." in node["name"] else f"{package}.{node['name']}"
            known.setdefault(name, []).append(node)
    return known


KNOWN = catalogue()


def check(folder):
    workflow = common.read(folder / "workflow.json")
    for node in workflow["nodes"]:
        versions = KNOWN.get(node["type"], [])
        fits = [one for one in versions if node["typeVersion"] in (one["version"] if isinstance(one["version"], list) else [one["version"]])]
        if not fits:
            yield f"{node['name']}: n8n has no {node['type']} {node['typeVersion']}"
            continue
        names = {one["name"] for one in fits[0]["properties"]}
        for name in set(node["parameters"]) - names:
            yield f"{node['name']}: {node['type']} has no parameter {name}"
    home = tempfile.mkdtemp()
    environment = common.newer_node() | {
        "N8N_USER_FOLDER": home, "N8N_DIAGNOSTICS_ENABLED": "false", "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
        "N8N_RUNNERS_ENABLED": "false", "DB_TYPE": "sqlite", "N8N_ENCRYPTION_KEY": "test",
    }
    n8n = MODULES / ".bin/n8n"
    told = subprocess.run([n8n, "import:workflow", f"--input={folder / 'workflow.json'}"], env=environment, capture_output=True, text=True)
    if told.returncode:
        yield told.stdout[-500:] + told.stderr[-500:]
        return
    subprocess.run([n8n, "export:workflow", "--all", f"--output={home}/out.json"], env=environment, capture_output=True, text=True)
    kept = json.loads(pathlib.Path(home, "out.json").read_text(encoding="utf-8"))[0]
    if [node["name"] for node in kept["nodes"]] != [node["name"] for node in workflow["nodes"]]:
        yield "n8n kept other nodes"


common.run("built", [], check, [common.npm_version(PLACE, "n8n")])
