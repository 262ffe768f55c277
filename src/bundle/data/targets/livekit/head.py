"""A LiveKit agent. Each class is a part of the conversation; a tool of it that returns another class goes on there."""
import asyncio
import json
import os
import urllib.parse
import urllib.request

from livekit import api
from livekit.agents import (
    Agent,
    AgentServer,
    AgentSession,
    JobContext,
    RunContext,
    ToolError,
    cli,
    function_tool,
    get_job_context,
)
from livekit.agents.beta.tools import EndCallTool


def _request(method: str, url: str, arguments: dict) -> str:
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
        return answer.read().decode()


async def _call(method: str, url: str, arguments: dict, failed: str) -> str:
    try:
        return await asyncio.to_thread(_request, method, url, arguments)
    except Exception:
        raise ToolError(failed)


async def _transfer(number: str) -> str:
    job = get_job_context(required=False)
    if job is None:
        return "Transferred to " + number
    caller = next(iter(job.room.remote_participants.values()), None)
    if caller is None:
        raise ToolError("There is nobody to transfer.")
    await job.api.sip.transfer_sip_participant(
        api.TransferSIPParticipantRequest(
            room_name=job.room.name, participant_identity=caller.identity, transfer_to="tel:" + number
        )
    )
    return "Transferred"
