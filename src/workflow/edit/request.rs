//! Reads a requested change. Uses `data/edits.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::intent::models::AgentSpec;
use crate::workflow::models::{Graph, NodeType, StepEdit};
use crate::workflow::synthesis::facts::active_tools;
use crate::workflow::words::{self, Phrase};

use super::Request;
use super::target::{self, Anchor, Side, Target};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edits {
    politeness: Vec<String>,
    removes: Vec<String>,
    adds: Vec<String>,
    vague_adds: Vec<String>,
    doings: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
    at_start: Vec<String>,
    at_end: Vec<String>,
    kind: Vec<Kind>,
    tools: BTreeMap<String, Vec<Phrase>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    id: NodeType,
    words: Vec<Phrase>,
}

static EDITS: LazyLock<Edits> = LazyLock::new(|| {
    let mut edits: Edits = toml::from_str(include_str!("../data/edits.toml")).expect("data/edits.toml is tested");
    let lists = [&mut edits.politeness, &mut edits.removes, &mut edits.adds, &mut edits.before, &mut edits.after];
    for list in lists.into_iter().chain([&mut edits.at_start, &mut edits.at_end]) {
        list.sort_by_key(|text| std::cmp::Reverse(text.len()));
    }
    edits
});

/// Reads one requested change against the graph it is about; `None` when it is not understood.
pub fn read_request(text: &str, graph: &Graph, spec: &AgentSpec) -> Option<Request> {
    let quote = words::clean(text);
    let request = without_politeness(&plain(&quote));
    read_rename(&request, graph)
        .or_else(|| read_removal(&request, &quote, graph, spec))
        .or_else(|| read_addition(&request, &quote, graph, spec))
}

/// One line, straight apostrophes.
fn plain(text: &str) -> String {
    let text = text.replace(['’', '‘'], "'");
    let text = text.trim_end_matches(['!', '?', '.', ' ']);
    let asked = [", please", " please", ", thanks", " thanks", ", thank you", " too"];
    asked.iter().fold(text, |text, ending| text.strip_suffix(ending).unwrap_or(text)).to_owned()
}

/// The rest of a text after one of these openings, cut at a word's end.
fn after_opening<'a>(text: &'a str, openings: &[String]) -> Option<&'a str> {
    openings.iter().find_map(|opening| {
        let head = text.get(..opening.len())?;
        let rest = &text[opening.len()..];
        let whole = head.eq_ignore_ascii_case(opening) && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'');
        whole.then(|| rest.trim_start_matches([',', ':', ';', ' ', '-', '.']))
    })
}

fn without_politeness(text: &str) -> String {
    let mut rest = text.trim();
    while let Some(shorter) = after_opening(rest, &EDITS.politeness).filter(|shorter| !shorter.is_empty()) {
        rest = shorter;
    }
    rest.to_owned()
}

/// Where a phrase of a list stands in a text as whole words: the place and the length of the first, longest one.
fn find_phrase(text: &str, phrases: &[String]) -> Option<(usize, usize)> {
    let lowered = text.to_ascii_lowercase();
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '\'');
    let found = phrases.iter().flat_map(|phrase| {
        let places = lowered.match_indices(phrase.as_str()).map(|(at, _)| (at, phrase.len()));
        places
            .filter(|(at, length)| {
                edge(lowered[..*at].chars().next_back()) && edge(lowered[at + length..].chars().next())
            })
            .collect::<Vec<_>>()
    });
    found.min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)))
}

/// "Rename the greeting to Say hello", "call the first step Intake".
fn read_rename(text: &str, graph: &Graph) -> Option<Request> {
    let rest = after_opening(text, &["rename".to_owned()])?;
    let lowered = rest.to_ascii_lowercase();
    let (at, length) =
        [" to ", " as ", " into "].iter().find_map(|word| lowered.find(word).map(|at| (at, word.len())))?;
    let node = target::node(&rest[..at], graph, None)?;
    let label = rest[at + length..].trim().trim_matches(['"', '“', '”', '\'']).to_owned();
    (!label.is_empty()).then_some(Request::Step(StepEdit::Rename { node, label }))
}

// ---- leaving something out

fn read_removal(text: &str, quote: &str, graph: &Graph, spec: &AgentSpec) -> Option<Request> {
    let mut what = after_opening(text, &EDITS.removes)?.to_owned();
    for place in [&EDITS.at_start, &EDITS.at_end] {
        if let Some((at, length)) = find_phrase(&what, place) {
            what = format!("{}{}", &what[..at], &what[at + length..]);
        }
    }
    let tool = tool_named(&what).filter(|id| active_tools(spec).any(|tool| tool.id == *id));
    match tool.map(Target::Tool).or_else(|| target::any(&what, graph, spec))? {
        Target::Tool(id) => Some(Request::RemoveTool { id }),
        Target::Goal(index) => Some(Request::RemoveGoal { index }),
        Target::Node(node) => Some(Request::Step(StepEdit::Remove { node, quote: quote.to_owned() })),
    }
}

/// The tool that a text plainly names.
fn tool_named(text: &str) -> Option<String> {
    let tokens = words::tokens(text);
    let named = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.holds(&tokens));
    EDITS.tools.iter().find(|(_, phrases)| named(phrases)).map(|(id, _)| id.clone())
}

// ---- adding something

fn read_addition(text: &str, quote: &str, graph: &Graph, spec: &AgentSpec) -> Option<Request> {
    let (what, place) = divide(text);
    let stripped = after_opening(&what, &EDITS.adds);
    let asked = stripped.is_some() || place.is_some();
    let what = without_politeness(stripped.unwrap_or(&what));
    let does = after_opening(&what, &EDITS.doings).is_some();
    let vague = stripped.is_some() && opens_vaguely(text, place.is_some());
    if !(does && (asked || is_also(quote)) || asked && !vague) {
        return None;
    }
    let label = title_of(&what);
    if label.is_empty() {
        return None;
    }
    let tool = tool_named(&what);
    let set_up = tool.as_ref().is_some_and(|id| active_tools(spec).any(|known| known.id == *id));
    if let Some(id) = tool.filter(|_| !set_up) {
        return Some(Request::AddTool { id, quote: quote.to_owned() });
    }
    let kind = kind_of(&what, set_up);
    let anchor = match place {
        Some(place) => anchor_at(&place, graph)?,
        None => new_ability(graph),
    };
    let Anchor { before, after } = anchor;
    Some(Request::Step(StepEdit::Insert { label, kind, before, after, quote: quote.to_owned() }))
}

fn is_also(quote: &str) -> bool {
    words::tokens(quote).iter().any(|word| word == "also" || word == "too")
}

/// "Make it more formal" adds no step, nor does "put simply".
fn opens_vaguely(text: &str, placed: bool) -> bool {
    after_opening(text, &EDITS.vague_adds).is_some() || !placed && after_opening(text, &["put".to_owned()]).is_some()
}

enum Place {
    Start,
    End,
    Beside(Side, String),
}

/// What is asked for and where it goes: "a text | after booking".
fn divide(text: &str) -> (String, Option<Place>) {
    for (phrases, place) in [(&EDITS.at_start, Place::Start), (&EDITS.at_end, Place::End)] {
        if let Some((at, length)) = find_phrase(text, phrases) {
            return (without(text, at, length), Some(place));
        }
    }
    for (phrases, side) in [(&EDITS.before, Side::Before), (&EDITS.after, Side::After)] {
        let Some((at, length)) = find_phrase(text, phrases) else { continue };
        let rest = text[at + length..].trim();
        if at > 0 {
            return (text[..at].trim_end_matches([' ', ',']).to_owned(), Some(Place::Beside(side, rest.to_owned())));
        }
        // "After booking, send a text": the comma divides; without one, the first doing does.
        let comma = rest.find(',').map(|at| (at, at + 1));
        let doing =
            || find_phrase(rest, &EDITS.doings).or_else(|| find_phrase(rest, &EDITS.adds)).map(|(at, _)| (at, at));
        if let Some((end, next)) = comma.or_else(doing).filter(|(end, _)| *end > 0) {
            let what = without_politeness(&rest[next..]);
            return (what, Some(Place::Beside(side, rest[..end].trim().to_owned())));
        }
    }
    (text.to_owned(), None)
}

fn without(text: &str, at: usize, length: usize) -> String {
    let joined =
        format!("{} {}", text[..at].trim_end_matches([' ', ',']), text[at + length..].trim_start_matches([' ', ',']));
    joined.trim().to_owned()
}

fn anchor_at(place: &Place, graph: &Graph) -> Option<Anchor> {
    match place {
        Place::Start => Some(Anchor::default()),
        Place::End => Some(target::closing(graph)),
        Place::Beside(side, text) => {
            let node = target::node(text, graph, Some(*side))?;
            Some(match side {
                Side::Before => Anchor { before: Some(node), after: None },
                Side::After => Anchor { before: None, after: Some(node) },
            })
        }
    }
}

/// Something it is to do as well: a branch of its own, or one more step.
fn new_ability(graph: &Graph) -> Anchor {
    let intent = graph.nodes.iter().find(|node| node.kind == NodeType::IntentDetection);
    match intent {
        Some(node) => Anchor { before: None, after: Some(node.id.clone()) },
        None => target::closing(graph),
    }
}

fn kind_of(what: &str, tool: bool) -> NodeType {
    if tool {
        return NodeType::ToolCall;
    }
    let tokens = words::tokens(what);
    let fits = |kind: &&Kind| kind.words.iter().any(|phrase| phrase.holds(&tokens));
    let kind = EDITS.kind.iter().find(fits).map_or(NodeType::Response, |kind| kind.id);
    match kind {
        // Nothing that is set up does it: then it is something the agent says.
        NodeType::ToolCall | NodeType::KnowledgeLookup => NodeType::Response,
        kind => kind,
    }
}

/// The request as a title: without article and without the words for "a step".
fn title_of(what: &str) -> String {
    let mut rest = what.trim();
    let articles: Vec<String> =
        ["a step to", "a step that", "a step for", "a step where it", "another", "the", "an", "a", "in"]
            .map(str::to_owned)
            .to_vec();
    while let Some(shorter) = after_opening(rest, &articles).filter(|shorter| !shorter.is_empty()) {
        rest = shorter;
    }
    words::title(rest)
}

#[cfg(test)]
mod tests;
