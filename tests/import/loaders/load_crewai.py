"""CrewAI's shape, without CrewAI, which is large (its own reading is in load_crewai_flow.py): methods and events are one
namespace, whatever is listened to is emitted, names are identifiers, nothing of anybody's words is a template."""
import re

import yaml

import common


def check(folder):
    agents = yaml.safe_load(common.text(folder / "classic/config/agents.yaml"))
    tasks = yaml.safe_load(common.text(folder / "classic/config/tasks.yaml"))
    compile(common.text(folder / "classic/crew.py"), "crew.py", "exec")
    for name, task in tasks.items():
        if task["agent"] not in agents or set(re.findall(r"{(\w+)}", task["description"])) != {"user_message"}:
            yield f"the task {name} is {task}"
    for name, agent in agents.items():
        if set(agent) != {"role", "goal", "backstory", "llm"} or re.search(r"[{}]", str(list(agent.values()))):
            yield f"the agent {name} has {sorted(agent)}, or a template"
    flow = yaml.safe_load(common.text(folder / "flow/flow.yaml"))
    methods = flow["methods"]
    emitted = set(methods["route"]["emit"])
    if emitted & set(methods):
        yield f"methods and events share {sorted(emitted & set(methods))}"
    for name, method in methods.items():
        if not name.isidentifier():
            yield f"{name!r} is no name of a method"
        if not method.get("start") and method["listen"] not in emitted | set(methods):
            yield f"{name} listens to {method['listen']!r}"
    listened = {method.get("listen") for method in methods.values()}
    if emitted - listened:
        yield f"nobody listens to {sorted(emitted - listened)}"
    named = set(re.findall(r"'(\w+)'", methods["route"]["do"]["expr"]))
    if named != emitted:
        yield f"the router names {sorted(named)} and emits {sorted(emitted)}"
    for method in methods.values():
        for text in method["do"].get("with", {}).values():
            if re.search(r"[{}$]", text) and text != "${state.user_message}":
                yield f"a template: {text[:80]}"


common.run("read", [], check)
