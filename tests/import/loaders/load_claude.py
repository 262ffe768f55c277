"""Claude: the skill by the validator of the Agent Skills specification; the subagent and the plugin's own file by the rules
of Claude Code's documentation (its own command line is in load_claude_code.py)."""
import re

import yaml
from skills_ref import validate

import common

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check(folder):
    plugin = common.read(folder / ".claude-plugin/plugin.json")
    name = plugin["name"]
    if not NAME.fullmatch(name) or len(name) > 64:
        yield f"{name!r} is no plugin name"
    skills = list((folder / "skills").iterdir())
    if [skill.name for skill in skills] != [name]:
        yield f"the skills are {skills}"
    for skill in skills:
        yield from (str(problem) for problem in validate(skill))
    front, body = front_matter(folder / f"agents/{name}.md")
    if set(front) - {"name", "description", "tools", "model", "color"}:
        yield f"front matter has {sorted(front)}"
    if front["name"] != name or not front["description"] or not body.strip():
        yield "the subagent has no name, description or prompt"


def front_matter(path):
    _, front, body = common.text(path).split("---\n", 2)
    return yaml.safe_load(front), body


common.run("schema", ["skills-ref"], check)
