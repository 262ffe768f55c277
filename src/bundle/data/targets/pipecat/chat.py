"""The flow in a terminal: what you type is what the caller says. Needs OPENAI_API_KEY; OPENAI_MODEL names the model."""
import asyncio
import os
import sys

from loguru import logger

logger.remove()
logger.add(sys.stderr, level="ERROR")

from pipecat.flows import Flow, FlowConfig, FlowManager
from pipecat.frames.frames import EndFrame, LLMFullResponseEndFrame, LLMMessagesAppendFrame, LLMTextFrame, TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.workers.runner import WorkerRunner

import handlers


class Printer(FrameProcessor):
    """Shows what the agent says."""

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMTextFrame):
            print(frame.text, end="", flush=True)
        elif isinstance(frame, TTSSpeakFrame):
            print(frame.text, flush=True)
        elif isinstance(frame, LLMFullResponseEndFrame):
            print(flush=True)
        await self.push_frame(frame, direction)


async def main():
    llm = OpenAILLMService(
        api_key=os.environ.get("OPENAI_API_KEY", "none"),
        base_url=os.environ.get("OPENAI_BASE_URL"),
        settings=OpenAILLMService.Settings(model=os.environ.get("OPENAI_MODEL", "gpt-4.1-mini")),
    )
    context = LLMContextAggregatorPair(LLMContext())
    worker = PipelineWorker(
        Pipeline([context.user(), llm, Printer(), context.assistant()]), params=PipelineParams(), enable_rtvi=False
    )
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    flow = Flow(FlowConfig.from_file("flow.yaml"), handlers=handlers)
    manager = FlowManager(
        worker=worker, llm=llm, context_aggregator=context, global_functions=flow.global_functions
    )

    async def talk():
        await asyncio.sleep(float(os.environ.get("CHAT_PAUSE", "1")))
        await manager.initialize(flow.initial_node)
        while True:
            await asyncio.sleep(float(os.environ.get("CHAT_PAUSE", "1")))
            print(f"[{manager.current_node}]", flush=True)
            line = (await asyncio.to_thread(sys.stdin.readline)).strip()
            if not line:
                break
            message = {"role": "user", "content": line}
            await worker.queue_frame(LLMMessagesAppendFrame(messages=[message], run_llm=True))
        await worker.queue_frame(EndFrame())

    talking = asyncio.create_task(talk())
    await runner.run()
    talking.cancel()


asyncio.run(main())
