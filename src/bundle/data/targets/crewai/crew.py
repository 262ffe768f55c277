"""The agent as a crew of one; what it is stands in config/."""

from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent as agent_of, crew as crew_of, task as task_of


@CrewBase
class AgentCrew:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent_of
    def agent(self) -> Agent:
        return Agent(config=self.agents_config["agent"])

    @task_of
    def answer(self) -> Task:
        return Task(config=self.tasks_config["answer"])

    @crew_of
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)


if __name__ == "__main__":
    print(AgentCrew().crew().kickoff(inputs={"user_message": input("> ")}))
