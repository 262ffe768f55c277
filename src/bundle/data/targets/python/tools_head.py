"""The agent's tools. One with an address is called there; the others wait for you to connect them."""

from __future__ import annotations

import json
import os
import urllib.parse
import urllib.request
from typing import Any, Literal


def _send(method: str, url: str, arguments: dict[str, Any], secret: str) -> str:
    """Calls an address; the secret comes from the environment and goes out as a bearer token."""
    given = {name: value for name, value in arguments.items() if value is not None}
    for name in [name for name in given if "{" + name + "}" in url]:
        url = url.replace("{" + name + "}", urllib.parse.quote(str(given.pop(name)), safe=""))
    body = None
    if method in ("GET", "DELETE"):
        query = urllib.parse.urlencode(given, doseq=True)
        url += ("&" if "?" in url else "?") + query if query else ""
    else:
        body = json.dumps(given).encode()
    request = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": "application/json"})
    if os.environ.get(secret):
        request.add_header("Authorization", "Bearer " + os.environ[secret])
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read(1_000_000).decode()
