//! Changes drawn by hand: what of them can be kept, or why none of it can.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::intent::models::AgentSpec;
use crate::workflow::models::{
    Graph, GraphEdit, MAX_COLLECTS, MAX_EDGE_LABEL, MAX_LABEL, MAX_NAME, MAX_TEXT, NodeSettings, StepEdit,
};
use crate::workflow::synthesis::draft::{END_ID, START_ID};
use crate::workflow::synthesis::{by_hand, p5_tidy};
use crate::workflow::synthesizer::compose;
use crate::workflow::{validator, words};

/// Why an edit cannot be done: its place in the request, and the rule it would break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub at: usize,
    pub reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advice {
    rule: String,
    say: String,
    page: String,
}

/// Who reads why an edit was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A program that sent the edit.
    Program,
    /// A person who drew it.
    Person,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdviceFile {
    advice: Vec<Advice>,
}

static ADVICE: LazyLock<Vec<Advice>> = LazyLock::new(|| {
    // Embedded and read by a test, so this cannot fail in use.
    toml::from_str::<AdviceFile>(include_str!("../data/advice.toml")).expect("data/advice.toml is tested").advice
});

/// The edits as the interview keeps them, behind those it has; or what is wrong with each that cannot be done.
///
/// They are kept in the smallest groups that leave a sound graph, so that one which loses its ground later takes only
/// those with it that it was drawn with.
pub fn draw(spec: &AgentSpec, kept: &[StepEdit], edits: &[GraphEdit]) -> Result<Vec<StepEdit>, Vec<Refusal>> {
    draw_for(Reader::Program, spec, kept, edits)
}

/// The same, with advice for this reader.
pub fn draw_for(
    reader: Reader,
    spec: &AgentSpec,
    kept: &[StepEdit],
    edits: &[GraphEdit],
) -> Result<Vec<StepEdit>, Vec<Refusal>> {
    let refuse = |(at, edit)| fits(edit).err().map(|reason| Refusal { at, reason });
    let refused: Vec<Refusal> = edits.iter().enumerate().filter_map(refuse).collect();
    if !refused.is_empty() {
        return Err(refused);
    }
    let mut graph = compose(spec, kept).graph;
    let mut ground = graph.clone();
    let (mut groups, mut open, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for (at, edit) in edits.iter().enumerate() {
        let edit = with_id(&graph, edit).map_err(|reason| vec![Refusal { at, reason }])?;
        by_hand::apply(&mut graph, spec, &edit).map_err(|reason| vec![Refusal { at, reason }])?;
        open.push(edit);
        let problems = validator::problems(&graph, spec);
        if problems.is_empty() {
            p5_tidy::tidy(&mut graph);
            groups.push(group(&ground, std::mem::take(&mut open)));
            ground.clone_from(&graph);
        }
        broken.push(problems);
    }
    if open.is_empty() { Ok(groups) } else { Err(blame(&broken, reader)) }
}

/// Edits to keep together, with the kinds of the steps of this graph that they were drawn on.
fn group(ground: &Graph, mut edits: Vec<GraphEdit>) -> StepEdit {
    let named = edits.iter_mut().flat_map(GraphEdit::refers_to);
    let kinds = named.filter_map(|id| Some((id.clone(), ground.node(id)?.kind))).collect();
    StepEdit::Graph { edits, kinds }
}

/// Lays each problem that is left at the edit since which it is there.
fn blame(broken: &[Vec<String>], reader: Reader) -> Vec<Refusal> {
    let mut problems: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
    for problem in broken.last().into_iter().flatten() {
        let since = broken.iter().rposition(|problems| !problems.contains(problem)).map_or(0, |at| at + 1);
        problems.entry(since).or_default().push(problem);
    }
    let reason = |problems: Vec<&String>| match reader {
        Reader::Program => problems.into_iter().map(|it| advised(it)).collect::<Vec<_>>().join(" "),
        Reader::Person => in_short(&problems),
    };
    problems.into_iter().map(|(at, problems)| Refusal { at, reason: reason(problems) }).collect()
}

fn advice_on(problem: &str) -> Option<&'static Advice> {
    ADVICE.iter().find(|advice| problem.contains(&advice.rule))
}

fn advised(problem: &str) -> String {
    match advice_on(problem) {
        Some(advice) => format!("{problem} {}", advice.say),
        None => problem.to_owned(),
    }
}

/// The first problem of each rule, how many more there are of it, and what to do.
fn in_short(problems: &[&String]) -> String {
    let mut rules: Vec<(&String, Option<&Advice>, usize)> = Vec::new();
    for problem in problems {
        let advice = advice_on(problem);
        let same = |known: &Advice| advice.is_some_and(|advice| std::ptr::eq(advice, known));
        match rules.iter_mut().find(|(_, known, _)| known.is_some_and(same)) {
            Some((.., more)) => *more += 1,
            None => rules.push((problem, advice, 0)),
        }
    }
    let told = rules.into_iter().map(|(problem, advice, more)| {
        let more = match more {
            0 => String::new(),
            1 => " The same goes for one more.".to_owned(),
            more => format!(" The same goes for {more} more."),
        };
        format!("{problem}{more} {}", advice.map_or("", |advice| &advice.page))
    });
    told.map(|text| text.trim_end().to_owned()).collect::<Vec<_>>().join(" ")
}

/// A new step gets its id now, so that it keeps it.
fn with_id(graph: &Graph, edit: &GraphEdit) -> Result<GraphEdit, String> {
    let mut edit = edit.clone();
    if let GraphEdit::AddNode { id, kind, label, .. } = &mut edit {
        let free = by_hand::free_id(graph, label, *kind);
        match id {
            Some(wanted) if graph.node(wanted).is_some() || [START_ID, END_ID].contains(&wanted.as_str()) => {
                return Err(format!("The id “{wanted}” is taken; “{free}” is free."));
            }
            Some(_) => {}
            None => *id = Some(free),
        }
    }
    Ok(edit)
}

/// Whether what an edit says has the right length.
fn fits(edit: &GraphEdit) -> Result<(), String> {
    match edit {
        GraphEdit::AddNode { id, label, description, config, .. } => {
            within("id", id.as_deref(), MAX_NAME)?;
            title(label)?;
            within("description", description.as_deref(), MAX_TEXT)?;
            settings(config)
        }
        GraphEdit::UpdateNode { label, description, config, .. } => {
            label.as_deref().map_or(Ok(()), title)?;
            within("description", description.as_deref(), MAX_TEXT)?;
            settings(config)
        }
        GraphEdit::AddEdge { label, condition, .. } | GraphEdit::UpdateEdge { label, condition, .. } => {
            within("label", label.as_deref(), MAX_EDGE_LABEL)?;
            within("condition", condition.as_deref(), MAX_TEXT)
        }
        GraphEdit::RemoveNode { .. } | GraphEdit::RemoveEdge { .. } => Ok(()),
    }
}

fn title(label: &str) -> Result<(), String> {
    within("label", Some(label), MAX_LABEL)?;
    if words::clean(label).is_empty() { Err("The label is empty.".to_owned()) } else { Ok(()) }
}

fn settings(config: &NodeSettings) -> Result<(), String> {
    within("say", config.say.as_deref(), MAX_TEXT)?;
    let names = config.collects.as_deref().unwrap_or_default();
    if names.len() > MAX_COLLECTS {
        return Err(format!("One step collects at most {MAX_COLLECTS} inputs; divide it."));
    }
    for name in names {
        within("name of an input", Some(name), MAX_NAME)?;
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err("The name of an input is empty or holds control characters.".to_owned());
        }
    }
    Ok(())
}

fn within(what: &str, text: Option<&str>, max: usize) -> Result<(), String> {
    let length = text.unwrap_or_default().chars().count();
    if length > max {
        return Err(format!("The {what} has {length} characters; at most {max} fit."));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
