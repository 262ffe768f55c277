//! Rules about what the owner said: what pulls apart, what is named and not there.

use std::collections::BTreeSet;

use crate::intent::models::FieldId;
use crate::intent::vocabulary;
use crate::prompt::lint::data::DATA;
use crate::prompt::lint::{Hit, Place, Subject};
use crate::prompt::wording::quoted;
use crate::tools::catalogue;
use crate::workflow::models::NodeType;
use crate::workflow::words;

/// The fields that tell the agent what to do.
const INSTRUCTIONS: [FieldId; 7] = [
    FieldId::Goals,
    FieldId::GreetingStyle,
    FieldId::ConversationFlow,
    FieldId::Constraints,
    FieldId::EdgeCases,
    FieldId::EscalationRules,
    FieldId::AdditionalNotes,
];
/// How much two instructions have to share to be about the same, of all that either says.
const SAME: f64 = 0.75;

fn at(field: FieldId) -> Place {
    Place { field: Some(field), ..Place::default() }
}

/// One value of a field.
fn item(field: FieldId, position: usize) -> Place {
    // A field holds a few dozen values at most, so it fits.
    Place { item: Some(position as u32), ..at(field) }
}

/// What tells the agent what to do, each with its position in its field.
pub(super) fn instructions<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (FieldId, usize, &'a str)> {
    let values = |field: FieldId| subject.spec.values(field).enumerate().map(move |(at, text)| (field, at, text));
    INSTRUCTIONS.into_iter().flat_map(values)
}

/// Whether an instruction says what must not be.
pub(in crate::prompt) fn forbids(text: &str) -> bool {
    negates(&words::tokens(text).join(" "))
}

fn negates(folded: &str) -> bool {
    DATA.words.negations.iter().any(|word| words::has_whole(folded, word))
}

/// An instruction as what it is about and whether it forbids that.
fn stance(text: &str) -> (BTreeSet<String>, bool) {
    let words = &DATA.words;
    let tokens = words::tokens(text);
    let folded = format!(" {} ", tokens.join(" "));
    let forbids = negates(&folded);
    let mut about = folded;
    for word in words.negations.iter().chain(&words.emphasis) {
        about = about.replace(&format!(" {word} "), "  ");
    }
    (words::content_stems(&about), forbids)
}

pub(super) fn contradiction(subject: &Subject<'_>) -> Vec<Hit> {
    let stances: Vec<_> =
        instructions(subject).map(|(field, at, text)| (item(field, at), text, stance(text))).collect();
    let mut hits = Vec::new();
    for (place, (_, first, (about, forbids))) in stances.iter().enumerate() {
        for (second_place, second, (also, forbidden)) in &stances[place + 1..] {
            let (common, all) = (about.intersection(also).count(), about.union(also).count());
            if forbids != forbidden && common > 0 && common as f64 >= SAME * all as f64 {
                let words = vec![("first", quoted(first)), ("second", quoted(second))];
                hits.push(Hit { place: second_place.clone(), words });
            }
        }
    }
    hits
}

pub(super) fn tone_contradiction(subject: &Subject<'_>) -> Vec<Hit> {
    let tones: Vec<&str> = subject.spec.values(FieldId::Tone).collect();
    let apart = DATA.words.tones.iter().filter(|(a, b)| tones.contains(&a.as_str()) && tones.contains(&b.as_str()));
    let place = |tone: &String| {
        let position = tones.iter().position(|known| known == tone);
        position.map_or_else(|| at(FieldId::Tone), |position| item(FieldId::Tone, position))
    };
    apart.map(|(a, b)| Hit { place: place(b), words: vec![("first", a.clone()), ("second", b.clone())] }).collect()
}

/// Products and tools of the catalogue that a text names while nothing of the kind is set up.
pub(super) fn unknown_tool(subject: &Subject<'_>) -> Vec<Hit> {
    let set_up = |id: &str| subject.spec.tools().any(|tool| tool.id == id);
    let covered = |name: &str| {
        let owns = |tool: &&catalogue::Tool| tool.products.iter().any(|product| product.name == name);
        let named = subject.spec.tools().any(|tool| tool.name.contains(name));
        named || catalogue::catalogue().iter().filter(owns).any(|tool| set_up(&tool.id))
    };
    let products: BTreeSet<&str> =
        catalogue::catalogue().iter().flat_map(|tool| &tool.products).map(|product| product.name.as_str()).collect();
    let mut hits = Vec::new();
    for (field, _, text) in instructions(subject) {
        let named = products
            .iter()
            .filter(|name| words::has_whole(text, name) && !covered(name))
            .map(|name| (*name).to_owned());
        let ids = text.split('`').skip(1).step_by(2);
        let ids = ids.filter(|id| catalogue::get(id).is_some() && !set_up(id)).map(|id| format!("`{id}`"));
        hits.extend(named.chain(ids).map(|tool| Hit { place: at(field), words: vec![("tool", tool)] }));
    }
    hits
}

pub(super) fn no_escalation(subject: &Subject<'_>) -> Vec<Hit> {
    let hands_over = subject.graph.nodes.iter().any(|node| node.kind == NodeType::Handoff);
    if hands_over || subject.spec.has(FieldId::EscalationRules) {
        return Vec::new();
    }
    let asks = |text: &str| DATA.words.person.iter().any(|word| words::has_whole(&words::fold(text), word));
    let asking = instructions(subject).filter(|(_, _, text)| asks(text) && !stance(text).1);
    asking.map(|(field, _, text)| Hit { place: at(field), words: vec![("text", quoted(text))] }).collect()
}

/// Languages that are named beside the agent's own.
pub(super) fn missing_language(subject: &Subject<'_>) -> Vec<Hit> {
    let base = |code: &str| code.split('-').next().unwrap_or(code).to_owned();
    let spoken: BTreeSet<String> = subject.spec.values(FieldId::Languages).map(base).collect();
    let fields = [FieldId::TargetUsers, FieldId::Constraints, FieldId::EdgeCases, FieldId::AdditionalNotes];
    let mut hits = Vec::new();
    for field in fields {
        for text in subject.spec.values(field) {
            let names = vocabulary::options(FieldId::Languages).into_iter();
            let named: Vec<_> = names.filter(|(_, name)| words::has_whole(text, name)).collect();
            let missing = named.iter().filter(|(code, _)| !spoken.contains(&base(code)));
            // One language alone, with none chosen, is the one it speaks.
            if spoken.len() + named.len() > 1 {
                let hit =
                    |(_, name): &(&str, &str)| Hit { place: at(field), words: vec![("language", (*name).to_owned())] };
                hits.extend(missing.map(hit));
            }
        }
    }
    hits
}
