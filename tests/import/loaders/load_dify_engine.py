"""Dify's own graph engine reads the app and builds its graph."""
import os
import warnings

import common

warnings.filterwarnings("ignore")
# The engine wants the program that fetches plugins; none is needed to build a graph.
os.environ.setdefault("SLIM_BINARY_PATH", "/bin/true")

from graphon.dsl import inspect, loads  # noqa: E402

KEYS = {"model_credentials": [{"provider": "openai", "values": {"openai_api_key": "sk-none"}}]}


def check(folder):
    app = common.text(folder / "agent.yml")
    plan = inspect(app)
    if plan.load_reason:
        yield f"{plan.load_status}: {plan.load_reason}"
    engine = loads(app, start_inputs={"user_message": "hello"}, credentials=KEYS)
    if not engine.graph.nodes:
        yield "the graph is empty"


common.run("built", ["graphon"], check)
