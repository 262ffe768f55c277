"""Pipecat: the flow is loaded with its handlers, every node is made, and then it is run in a real pipeline against a
scripted model: each tool's function of every node is called, once working and once failing, and each end is reached."""
import asyncio
import importlib.util
import json
import os
import subprocess
import sys

from loguru import logger

logger.remove()

from pipecat.flows import Flow, FlowConfig, FlowManager  # noqa: E402
from pipecat.frames.frames import EndFrame, LLMMessagesAppendFrame  # noqa: E402
from pipecat.pipeline.pipeline import Pipeline  # noqa: E402
from pipecat.pipeline.worker import PipelineParams, PipelineWorker  # noqa: E402
from pipecat.processors.aggregators.llm_context import LLMContext  # noqa: E402
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair  # noqa: E402
from pipecat.services.openai.llm import OpenAILLMService  # noqa: E402
from pipecat.workers.runner import WorkerRunner  # noqa: E402

import common  # noqa: E402
from scripted import Stage, sample  # noqa: E402

STAGE = Stage()
os.environ["TOOLS_URL"] = STAGE.url


def edges_of(config):
    """(node, function, whether it works, where it leads) of every function; None where it leads nowhere."""
    for name, node in config.nodes.items():
        for function in node.functions:
            to = function.transition_to
            if to is None or isinstance(to, str):
                yield name, function.name, True, to
            else:
                yield name, function.name, True, to.cases["ok"]
                yield name, function.name, False, to.default


def way(edges, at, wanted):
    """The shortest way of edges from a node over one of the wanted."""
    paths, seen = [[]], {at}
    while paths:
        path = paths.pop(0)
        node = path[-1][3] if path else at
        for edge in (edge for edge in edges if edge[0] == node):
            if edge in wanted:
                return [*path, edge]
            if edge[3] not in seen:
                seen.add(edge[3])
                paths.append([*path, edge])
    return None


async def until(holds, what, seconds=5.0):
    for _ in range(int(seconds / 0.01)):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{what} did not happen")


class Session:
    """One conversation in a real pipeline, text in and text out."""

    def __init__(self, flow):
        self.flow = flow

    async def __aenter__(self):
        llm = OpenAILLMService(
            api_key="none", base_url=STAGE.url + "/v1", settings=OpenAILLMService.Settings(model="scripted")
        )
        context = LLMContextAggregatorPair(LLMContext())
        self.worker = PipelineWorker(
            Pipeline([context.user(), llm, context.assistant()]), params=PipelineParams(), enable_rtvi=False
        )
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self.worker)
        self.manager = FlowManager(
            worker=self.worker, llm=llm, context_aggregator=context, global_functions=self.flow.global_functions
        )
        self.running = asyncio.create_task(runner.run())
        await asyncio.sleep(0.1)
        await self.manager.initialize(self.flow.initial_node)
        return self

    async def __aexit__(self, *_):
        await self.worker.queue_frame(EndFrame())
        await asyncio.wait_for(self.running, 10)

    async def quiet(self):
        """Waits until the model has said what it says on entering a node."""
        heard = -1
        while heard != STAGE.heard:
            heard = STAGE.heard
            await asyncio.sleep(0.08)

    async def take(self, edge, arguments):
        node, function, works, to = edge
        await until(lambda: self.manager.current_node == node, f"reaching {node}")
        message = {"role": "user", "content": f"CALL {function} {json.dumps(arguments)}"}
        for again in range(3):
            await self.quiet()
            STAGE.fails = not works
            await self.worker.queue_frame(LLMMessagesAppendFrame(messages=[message], run_llm=True))
            try:
                return await until(lambda: self.manager.current_node == to, f"{function} of {node} leading to {to}", 2.0)
            except AssertionError:
                if again == 2:
                    raise


async def walk(config, flow):
    edges = list(edges_of(config))
    ends = {name for name, node in config.nodes.items() if not node.functions}
    coded = {name for _, name, works, _ in edges if not works}
    left = {edge for edge in edges if edge[3] is not None and (edge[1] in coded or edge[3] in ends)}
    arguments = {}
    for name in config.nodes:
        for function in flow.node(name).get("functions", []):
            if not isinstance(function, dict):
                required = getattr(function, "required", None) or []
                properties = getattr(function, "properties", None) or {}
                arguments[function.name] = {key: sample(properties[key]) for key in required}
    while left:
        taken = len(left)
        async with Session(flow) as session:
            at = config.initial_node
            while at not in ends:
                # What ends the conversation comes last.
                inner = {edge for edge in left if edge[3] not in ends}
                path = way(edges, at, inner) or way(edges, at, left)
                if path is None:
                    break
                for edge in path:
                    await session.take(edge, arguments.get(edge[1], {}))
                    left.discard(edge)
                    at = edge[3]
        assert len(left) < taken, f"no way to {sorted(map(str, left))[:3]}"


def handlers_of(folder):
    spec = importlib.util.spec_from_file_location("handlers", folder / "handlers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check(folder):
    config = FlowConfig.from_file(folder / "flow.yaml")
    flow = Flow(config, handlers=handlers_of(folder))
    for name in config.nodes:
        flow.node(name)
    reached, todo = {config.initial_node}, [config.initial_node]
    while todo:
        for function in config.nodes[todo.pop()].functions:
            for to in function.targets():
                if to not in reached:
                    reached.add(to)
                    todo.append(to)
    unreached = set(config.nodes) - reached
    if unreached:
        return [f"nothing leads to {name}" for name in unreached]
    if "{{" in common.text(folder / "flow.yaml"):
        return ["a variable in what is said"]
    STAGE.calls.clear()
    asyncio.run(asyncio.wait_for(walk(config, flow), 120))
    tools = {name for _, name, works, _ in edges_of(config) if not works}
    if len({path for _, path, _ in STAGE.calls}) < len(tools):
        return [f"the tools {sorted(tools)} made only the calls {STAGE.calls}"]
    return chat(folder) if folder.name == "clinic" else []


def chat(folder):
    """The program in the terminal, as its README says to start it."""
    settings = {"OPENAI_BASE_URL": STAGE.url + "/v1", "CHAT_PAUSE": "0.3"}
    done = subprocess.run(
        [sys.executable, "chat.py"],
        cwd=folder,
        env={**os.environ, **settings},
        input="hello\n\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode or done.stdout.count("[") < 2 or "Of course." not in done.stdout:
        return [f"chat.py said {done.stdout[-500:]!r} and {done.stderr[-500:]!r}"]
    return []


common.run("executed", ["pipecat-ai"], check)
