"""Talk to the agent in a terminal: python chat.py"""

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from graph import builder


def main() -> None:
    graph = builder.compile(checkpointer=InMemorySaver())
    thread = {"configurable": {"thread_id": "chat"}}
    given, shown = {"messages": []}, 0
    while True:
        state = graph.invoke(given, thread)
        for message in state["messages"][shown:]:
            if message.type == "ai" and message.content:
                print(message.content)
        shown = len(state["messages"])
        waiting = state.get("__interrupt__")
        if not waiting:
            return
        if waiting[0].value["say"]:
            print(waiting[0].value["say"])
        try:
            given = Command(resume=input("> "))
        except EOFError:
            return
        # Its own question and the answer are shown already.
        shown += 2 if waiting[0].value["say"] else 1


if __name__ == "__main__":
    main()
