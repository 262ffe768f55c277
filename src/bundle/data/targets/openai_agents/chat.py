"""Talk to the agent in a terminal: python chat.py"""

import asyncio

from agents import Runner

from agent import triage


async def main() -> None:
    agent, items = triage, []
    while True:
        try:
            items.append({"role": "user", "content": input("> ")})
        except EOFError:
            return
        result = await Runner.run(agent, items)
        while result.interruptions:
            state = result.to_state()
            for call in result.interruptions:
                answer = input(f"{call.name} {call.arguments}\nGo ahead? (yes/no) ")
                state.approve(call) if answer.strip().lower() in ("y", "yes") else state.reject(call)
            result = await Runner.run(agent, state)
        print(result.final_output)
        agent, items = result.last_agent, result.to_input_list()


if __name__ == "__main__":
    asyncio.run(main())
