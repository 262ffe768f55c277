//! Rules about the workflow: what is set up and never used, needed and never asked for.

use crate::intent::models::FieldId;
use crate::prompt::lint::{Hit, Place, Subject};
use crate::prompt::wording::{clean, in_words, quoted};
use crate::workflow::validator;

fn field(field: FieldId) -> Place {
    Place { field: Some(field), ..Place::default() }
}

pub(super) fn goal_without_node(subject: &Subject<'_>) -> Vec<Hit> {
    let served = |goal: usize| subject.graph.nodes.iter().any(|node| node.config.goals.contains(&goal));
    let goals = subject.spec.values(FieldId::Goals).enumerate().filter(|(at, _)| !served(*at));
    goals.map(|(_, goal)| Hit { place: field(FieldId::Goals), words: vec![("goal", quoted(goal))] }).collect()
}

pub(super) fn unused_tool(subject: &Subject<'_>) -> Vec<Hit> {
    let used = |id: &str| subject.graph.nodes.iter().any(|node| node.config.tool.as_deref() == Some(id));
    let tools = subject.spec.values(FieldId::Tools).enumerate();
    let tools = tools.filter_map(|(at, id)| Some((at, subject.spec.tool_configs.get(id)?)));
    // A spec holds a few dozen tools at most, so their positions fit.
    let place = |at: usize| Place { item: Some(at as u32), ..field(FieldId::Tools) };
    let idle = tools.filter(|(_, tool)| !used(&tool.id));
    idle.map(|(at, tool)| Hit { place: place(at), words: vec![("tool", clean(&tool.name))] }).collect()
}

pub(super) fn parameter_not_collected(subject: &Subject<'_>) -> Vec<Hit> {
    let (spec, graph) = (subject.spec, subject.graph);
    let mut hits = Vec::new();
    for node in &graph.nodes {
        let id = node.config.tool.as_deref();
        let Some(tool) = spec.tools().find(|tool| Some(tool.id.as_str()) == id) else { continue };
        let known = validator::collected_after(graph, spec, &node.id);
        for parameter in tool.required_parameters().into_iter().filter(|name| !known.contains(*name)) {
            let words =
                vec![("step", quoted(&node.label)), ("tool", clean(&tool.name)), ("parameter", in_words(parameter))];
            let place = Place { node: Some(node.id.clone()), ..field(FieldId::Tools) };
            hits.push(Hit { place, words });
        }
    }
    hits
}
