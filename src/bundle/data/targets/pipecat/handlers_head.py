"""The code behind flow.yaml: each tool calls an address of yours and says whether that worked."""
import asyncio
import json
import os
import urllib.parse
import urllib.request

from pipecat.flows import TRANSITION_IN_YAML, FlowManager


def _request(method: str, url: str, arguments: dict) -> dict:
    if os.environ.get("TOOLS_URL"):
        url = os.environ["TOOLS_URL"].rstrip("/") + urllib.parse.urlsplit(url).path
    headers = {"content-type": "application/json"}
    if os.environ.get("TOOLS_TOKEN"):
        headers["authorization"] = "Bearer " + os.environ["TOOLS_TOKEN"]
    body = None
    if method in ("GET", "DELETE"):
        url += "?" + urllib.parse.urlencode(arguments)
    else:
        body = json.dumps(arguments).encode()
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return {"result": answer.read().decode()}


async def _call(method: str, url: str, arguments: dict):
    known = {name: value for name, value in arguments.items() if value is not None}
    try:
        answer = await asyncio.to_thread(_request, method, url, known)
    except Exception as error:
        return {"status": "failed", "error": str(error)}, TRANSITION_IN_YAML
    return {"status": "ok", **answer}, TRANSITION_IN_YAML


async def transfer_call(action: dict, flow_manager: FlowManager):
    """Put your transport's own transfer here, e.g. `await transport.sip_refer(...)`."""
    print("TRANSFER TO", action["number"])
