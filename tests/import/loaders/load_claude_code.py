"""Claude Code: `claude plugin validate --strict`, without a key."""
import os
import pathlib
import subprocess
import tempfile

import common

PLACE = pathlib.Path(os.environ["ALSO"])
# The package's own script would put it where npm looks for programs; it is installed without scripts.
PROGRAM = next((PLACE / "node_modules/@anthropic-ai").glob("claude-code-*/claude"))


def check(folder):
    environment = {"PATH": os.environ["PATH"], "HOME": tempfile.mkdtemp(), "CI": "1", "DISABLE_AUTOUPDATER": "1"}
    command = [PROGRAM, "plugin", "validate", "--strict", folder]
    told = subprocess.run(command, env=environment, capture_output=True, text=True)
    if told.returncode:
        yield f"{told.stdout[-500:]}{told.stderr[-500:]}"


common.run("schema", [], check, [common.npm_version(PLACE, "@anthropic-ai/claude-code")])
