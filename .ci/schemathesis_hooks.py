"""Brings the requests of schemathesis to sessions that exist; nearly all would end at "no such session"."""

import itertools
import json
import os
import threading
import urllib.request

import schemathesis
from schemathesis.core.parameters import ParameterLocation

BASE = os.environ["BASE_URL"] + "/api/v1"
HEADERS = {"Content-Type": "application/json"}
if os.environ.get("API_KEY"):
    HEADERS["Authorization"] = "Bearer " + os.environ["API_KEY"]

# What was said before in the sessions that requests go to: one of each stage.
TALKS = [
    [],
    ["An assistant for our dental clinic"],
    [
        "A friendly phone receptionist for our clinic that books visits into Google Calendar, sends an SMS and "
        "passes angry callers on to a person",
    ],
    ["A formal support agent that answers questions about orders, without any tools", "finish now"],
]
# A session is worn out after so many requests: completed, full of odd text.
MOST_REQUESTS = 12
# Every so many requests one keeps the id that was made up for it.
MADE_UP = 10

# Every so many requests one has texts that end with this.
ODD = 6
ODD_TEXT = "\0%_'\\\u202e\ufeff\u0301\U0001f9b7"

_lock = threading.Lock()
_count = itertools.count(1)
_open = {}


def call(path, body):
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), HEADERS)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def new_session(talk):
    """The id of a session, and of a turn in it."""
    session = call("/sessions/create", {})["session_id"]
    for text in talk[:-1]:
        call(f"/sessions/{session}/message", {"message": text})
    turn = call(f"/sessions/{session}/turns", {"message": talk[-1] if talk else "Hello"})["turn_id"]
    return {"id": session, "turn_id": turn}


def session_for(number, method):
    talk = number % len(TALKS)
    ids, used = _open.get(talk, (None, MOST_REQUESTS))
    if used >= MOST_REQUESTS:
        ids, used = new_session(TALKS[talk]), 0
    # Nothing follows a deletion.
    _open[talk] = (ids, MOST_REQUESTS if method == "DELETE" else used + 1)
    return ids


def number_the_key(case, number):
    """An id of a message stands for one text only; made-up ones come again."""
    names = {"client_message_id": case.body, "Idempotency-Key": case.headers}
    for name, place in names.items():
        try:
            place[name] = f"{place[name][:90]}-{number}" if place[name] else place[name]
        except (KeyError, TypeError):
            continue  # not there, or no text


def make_odd(case, number):
    """Every so often texts hold what stores, paths and patterns may stumble over."""
    if number % ODD == 0:
        for place in (case.query, case.body):
            if isinstance(place, dict):
                place.update({name: text + ODD_TEXT for name, text in place.items() if isinstance(text, str)})


def agree(body):
    """That tools and "no tools" contradict each other is a rule OpenAPI has no words for."""
    if isinstance(body, dict) and {"use_tools", "tools"} <= body.keys():
        del body["use_tools"]


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None:
        return
    with _lock:
        number = next(_count)
    if not case.meta.generation.mode.is_negative:
        make_odd(case, number)
        number_the_key(case, number)
        agree(case.body)
    part = case.meta.components.get(ParameterLocation.PATH)
    is_positive = part is not None and not part.mode.is_negative
    # The stateful phase goes from one answer to the next: its ids are its own.
    if is_positive and "id" in case.path_parameters and case.meta.phase.name.value != "stateful" and number % MADE_UP:
        with _lock:
            known = session_for(number, case.method.upper())
            case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
