//! The workflow as a choice and what follows each way out of it, for platforms that pass a conversation from agent to
//! agent. Pure.

use std::collections::BTreeSet;

use crate::bundle::flow::{Flow, WayKind};
use crate::prompt::wording::sentence;
use crate::tools::models::ToolConfig;
use crate::workflow::models::NodeType;

/// What one way out of the choice leads to.
#[derive(Clone, Debug)]
pub(super) struct Branch<'a> {
    /// Id of the step it begins with.
    pub id: String,
    pub title: String,
    /// When it is taken, in one sentence.
    pub when: String,
    /// Taken when no other fits.
    pub is_default: bool,
    /// Its steps in words, numbered.
    pub steps: String,
    /// The tools its steps use, in the order of the agent's.
    pub tools: Vec<&'a ToolConfig>,
}

/// The branches of a flow: one for each way out of its first choice of intent; the whole flow where there is none.
pub(super) fn of<'a>(flow: &Flow<'a>) -> Vec<Branch<'a>> {
    let chooses = |at: &usize| {
        let step = &flow.steps[*at];
        step.kind() == NodeType::IntentDetection && step.ways.len() > 1
    };
    let Some(hub) = (0..flow.steps.len()).find(chooses) else {
        let all: Vec<usize> = (0..flow.steps.len()).collect();
        let first = &flow.steps[flow.first()];
        let mut whole = branch(flow, flow.first(), all, None);
        (whole.title, whole.when, whole.is_default) = (first.title(), sentence(&first.title()), true);
        return vec![whole];
    };
    let ways = flow.steps[hub].ways.iter();
    ways.map(|way| {
        let mut branch = branch(flow, way.to, behind(flow, way.to, hub), Some(hub));
        (branch.when, branch.is_default) = (way.when.clone(), way.kind == WayKind::Default);
        branch
    })
    .collect()
}

/// The steps that can be reached from one without coming back to the choice, in the order of the flow.
fn behind(flow: &Flow<'_>, from: usize, hub: usize) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let mut todo = vec![from];
    while let Some(at) = todo.pop() {
        if at != hub && seen.insert(at) {
            todo.extend(flow.steps[at].ways.iter().map(|way| way.to));
        }
    }
    // Begins with the first one, whatever else leads there.
    let rest = seen.into_iter().filter(|at| *at != from);
    std::iter::once(from).chain(rest).collect()
}

fn branch<'a>(flow: &Flow<'a>, from: usize, steps: Vec<usize>, hub: Option<usize>) -> Branch<'a> {
    let number = |at: usize| steps.iter().position(|known| *known == at).map(|place| place + 1);
    let mut text = String::new();
    for (place, at) in steps.iter().enumerate() {
        let step = &flow.steps[*at];
        text.push_str(&format!("{}. {}: {}\n", place + 1, step.title(), step.task));
        for way in &step.ways {
            let on = match number(way.to) {
                Some(next) if next == place + 2 && step.ways.len() == 1 => continue,
                Some(next) => format!("go on with {next}."),
                None if Some(way.to) == hub => "begin again with what they want next.".to_owned(),
                None => "this part is done.".to_owned(),
            };
            text.push_str(&format!("   - {} Then {on}\n", sentence(&way.when)));
        }
    }
    let mut tools: Vec<&'a ToolConfig> = Vec::new();
    for tool in steps.iter().filter_map(|at| flow.steps[*at].tool) {
        if !tools.iter().any(|known| known.id == tool.id) {
            tools.push(tool);
        }
    }
    let first = &flow.steps[from];
    Branch {
        id: first.node.id.clone(),
        title: first.title(),
        when: String::new(),
        is_default: false,
        steps: text,
        tools,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::fixtures;

    #[test]
    fn every_tool_has_a_branch_and_one_branch_is_the_default() {
        for fixture in fixtures::ALL {
            let (spec, graph) = (fixture.spec(), fixture.graph());
            let flow = Flow::new(&spec, &graph);
            let branches = of(&flow);
            assert_eq!(branches.iter().filter(|branch| branch.is_default).count(), 1, "{}", fixture.name);
            let used: BTreeSet<&str> =
                branches.iter().flat_map(|branch| &branch.tools).map(|tool| tool.id.as_str()).collect();
            let calls = flow.steps.iter().filter_map(|step| step.tool).map(|tool| tool.id.as_str());
            assert_eq!(used, calls.collect(), "{}", fixture.name);
            assert!(branches.iter().all(|branch| branch.steps.starts_with("1. ") && !branch.when.is_empty()));
        }
    }

    #[test]
    fn the_clinic_has_a_branch_for_each_goal_and_for_emergencies() {
        let (spec, graph) = (fixtures::ALL[0].spec(), fixtures::ALL[0].graph());
        let flow = Flow::new(&spec, &graph);
        let ids: Vec<String> = of(&flow).into_iter().map(|branch| branch.id).collect();
        assert_eq!(
            ids,
            [
                "our_hours_and_prices",
                "appointment_details",
                "mobile_number",
                "take_the_cancellation",
                "say_what_it_can_do",
                "front_desk"
            ]
        );
    }
}
