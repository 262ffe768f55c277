"""Puts the ids that `elevenlabs tools push` wrote into tools.json where agent_configs/agent.json waits for them."""
import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
agent = here / "agent_configs" / "agent.json"
text = agent.read_text(encoding="utf-8")
missing = []
for tool in json.loads((here / "tools.json").read_text(encoding="utf-8"))["tools"]:
    name = json.loads((here / tool["config"]).read_text(encoding="utf-8"))["name"]
    if tool.get("id"):
        text = text.replace(json.dumps("REPLACE_tool_id_" + name), json.dumps(tool["id"]))
    else:
        missing.append(name)
agent.write_text(text, encoding="utf-8")
if missing:
    sys.exit("No id yet for " + ", ".join(missing) + ": run `elevenlabs tools push` first.")
print("All ids are in.")
