"""promptfoo itself: the configuration is validated and evaluated with the provider that echoes the prompt."""
import json
import os
import pathlib
import subprocess
import tempfile

import yaml

import common

PLACE = pathlib.Path(os.environ["ALSO"])


def check(folder):
    work = pathlib.Path(tempfile.mkdtemp())
    off = ("PROMPTFOO_DISABLE_TELEMETRY", "PROMPTFOO_DISABLE_UPDATE", "PROMPTFOO_DISABLE_REMOTE_GENERATION")
    environment = common.newer_node() | {name: "1" for name in off} | {
        "PROMPTFOO_CONFIG_DIR": str(work), "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": "http://127.0.0.1:9",
        "PROMPTFOO_FAILED_TEST_EXIT_CODE": "0",
    }
    promptfoo = PLACE / "node_modules/.bin/promptfoo"
    told = subprocess.run([promptfoo, "validate", "config", "-c", "promptfooconfig.yaml"], cwd=folder, env=environment, capture_output=True, text=True)
    if told.returncode or "invalid" in told.stdout.lower():
        yield told.stdout[-500:] + told.stderr[-500:]
    # Rubrics need a model to grade by; what is left proves that prompts, variables and files are found.
    config = yaml.safe_load(common.text(folder / "promptfooconfig.yaml"))
    expected = len(config["tests"])
    for test in config["tests"]:
        test["assert"] = [{"type": "contains", "value": test["vars"]["user_message"][:20]}]
    (folder / "echo.yaml").write_text(json.dumps(config), encoding="utf-8")
    command = [promptfoo, "eval", "-c", "echo.yaml", "--providers", "echo", "--no-cache", "--no-table", "--no-write", "-o", work / "out.json"]
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    stats = common.read(work / "out.json")["results"]["stats"]
    if stats["errors"] or stats["successes"] + stats["failures"] != expected:
        yield f"{stats} for {expected} tests"


common.run("executed", [], check, [common.npm_version(PLACE, "promptfoo")])
