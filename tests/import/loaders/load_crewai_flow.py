"""CrewAI itself: the crew is built, the flow is read and run against a scripted model until every branch was taken."""
import os
import sys

os.environ |= {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "CREWAI_TRACING_ENABLED": "false"}

import common
import steered


def check(folder):
    from crewai.flow.flow import Flow

    script = steered.Script()
    steered.Server(lambda request: answer(script, request))
    path = folder / "flow/flow.yaml"
    flow = Flow.from_declaration(path=str(path))
    import yaml

    script.events = yaml.safe_load(path.read_text(encoding="utf-8"))["methods"]["route"]["emit"]
    for _ in script.events:
        Flow.from_declaration(path=str(path)).kickoff(inputs={"user_message": "I need an appointment."})
    if set(script.chosen) != set(script.events):
        yield f"only {sorted(script.chosen)} were taken"
    sys.modules.pop("crew", None)
    sys.path.insert(0, str(folder / "classic"))
    try:
        from crew import AgentCrew

        crew = AgentCrew().crew()
        assert len(crew.agents) == 1 and len(crew.tasks) == 1
    finally:
        sys.path.remove(str(folder / "classic"))


def answer(script, request):
    said = "\n".join(steered.text_of(message) for message in request["messages"])
    if "Return exactly one of these words" in said:
        return {"role": "assistant", "content": script.choose(script.events)}
    return {"role": "assistant", "content": "All right."}


common.run("executed", ["crewai"], check)
