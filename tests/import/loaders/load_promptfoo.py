"""promptfoo's shape, without promptfoo, which takes gigabytes (its own evaluation is in load_promptfoo_eval.py): files that
are named exist, variables of the prompt are given, assertions are of types that exist, nothing is a template by accident."""
import json
import re

import yaml

import common

ASSERTIONS = {"llm-rubric", "not-icontains", "icontains", "icontains-any"}
KEYS = {"description", "prompts", "providers", "defaultTest", "tests"}


def check(folder):
    config = yaml.safe_load(common.text(folder / "promptfooconfig.yaml"))
    if set(config) - KEYS:
        yield f"unknown keys {sorted(set(config) - KEYS)}"
    for name in re.findall(r"file://(\S+?)[\"'\s]", common.text(folder / "promptfooconfig.yaml")):
        common.read(folder / name)
    messages = common.read(folder / config["prompts"][0].removeprefix("file://"))
    wanted = set(re.findall(r"{{\s*(\w+)\s*}}", json.dumps(messages)))
    if re.search(r"{[%#]", json.dumps(messages)):
        yield "the prompt holds a tag"
    if wanted != {"user_message"}:
        yield f"the prompt asks for {sorted(wanted)}"
    for test in config["tests"]:
        if set(test["vars"]) != wanted:
            yield f"{test['description']} gives {sorted(test['vars'])}"
        for one in test["assert"]:
            if one["type"] not in ASSERTIONS or not one["value"]:
                yield f"{test['description']} asserts {one}"
        if re.search(r"{[{%#]", json.dumps(test, ensure_ascii=False)):
            yield f"{test['description']} holds a template"
    if not config["tests"]:
        yield "there is no test"


common.run("read", [], check)
