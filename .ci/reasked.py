"""Share of the fields stated in an opening that were asked anyway, read from what score.py --json wrote.

    reasked.py SCORES CASES MAXIMUM

score.py counts every question about a stated field. One of them is on purpose: an opening that names three goals or
fewer is asked, once and in words that say what is known, what else the agent must do, because on the sample cases the
opening holds less than half of the goals a person names when asked. Both figures are printed; the bound is on the rest.
"""

import json
import sys
from pathlib import Path

scores, cases, maximum = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
shares, strict = [], []
for result in json.loads(Path(scores).read_text())["cases"]:
    stated = set(json.loads((cases / f"{result['id']}.json").read_text()).get("stated_in_opening") or [])
    turns = result["transcript"]
    asked = {turn["asking"] for turn in turns if turn.get("asking") and turn["stage"] != "configuring_tools"}
    for fields, share in ((stated, strict), (stated - {"goals"}, shares)):
        if fields:
            share.append(len(fields & asked) / len(fields))
figure = sum(shares) / max(len(shares), 1)
print(f"reasked {sum(strict) / max(len(strict), 1):.3f}, but for \"what else must it do?\" {figure:.3f}, at most {maximum}")
sys.exit(figure > maximum)
