//! Rules about the prompts as they are written, line by line.

use crate::intent::models::FieldId;
use crate::prompt::lint::data::DATA;
use crate::prompt::lint::{Hit, Place, Subject, secrets};
use crate::prompt::models::PlatformPrompt;
use crate::prompt::wording::quoted;
use crate::workflow::words::short;

/// The longest part of a line that a message repeats, in characters.
const QUOTED: usize = 60;

fn whole(prompt: &PlatformPrompt) -> Hit {
    let place = Place { format: Some(prompt.format), ..Place::default() };
    Hit { place, words: vec![("platform", prompt.format.label().to_owned())] }
}

/// Prompts that have none of these phrases.
fn lacking(subject: &Subject<'_>, phrases: &[String]) -> Vec<Hit> {
    let has = |prompt: &&PlatformPrompt| {
        let text = prompt.system_prompt.to_lowercase();
        phrases.iter().any(|phrase| text.contains(phrase.as_str()))
    };
    subject.prompts.iter().filter(|prompt| !has(prompt)).map(whole).collect()
}

pub(super) fn no_stop_rule(subject: &Subject<'_>) -> Vec<Hit> {
    lacking(subject, &DATA.words.stop)
}

/// What the agent does with what is none of its business.
pub(super) fn no_refusal(subject: &Subject<'_>) -> Vec<Hit> {
    lacking(subject, &DATA.words.refusal)
}

pub(super) fn no_limits(subject: &Subject<'_>) -> Vec<Hit> {
    lacking(subject, &DATA.words.limits)
}

pub(super) fn empty_greeting(subject: &Subject<'_>) -> Vec<Hit> {
    // Nobody waits for a greeting there.
    if matches!(subject.spec.text(FieldId::Channel), Some("api" | "email")) {
        return Vec::new();
    }
    let silent = subject.prompts.iter().any(|prompt| prompt.first_message.trim().is_empty());
    let place = Place { field: Some(FieldId::GreetingStyle), ..Place::default() };
    if silent { vec![Hit { place, words: Vec::new() }] } else { Vec::new() }
}

pub(super) fn too_long(subject: &Subject<'_>) -> Vec<Hit> {
    let long = subject.prompts.iter().filter_map(|prompt| {
        let limit = DATA.lengths.get(&prompt.format).filter(|limit| prompt.tokens > limit.tokens)?;
        let mut hit = whole(prompt);
        hit.words.extend([
            ("tokens", prompt.tokens.to_string()),
            ("limit", limit.tokens.to_string()),
            ("why", limit.why.clone()),
        ]);
        Some(hit)
    });
    long.collect()
}

pub(super) fn untraceable_line(subject: &Subject<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for prompt in subject.prompts {
        let known = |field: &str| field == "default" || FieldId::parse(field).is_some();
        let traced: Vec<u32> =
            prompt.sources.iter().filter(|source| known(&source.field)).map(|source| source.line).collect();
        for (text, line) in prompt.system_prompt.lines().zip(1..) {
            if !text.trim().is_empty() && traced.binary_search(&line).is_err() {
                let mut hit = whole(prompt);
                hit.place.line = Some(line);
                hit.words.push(("line", quoted(&short(text, QUOTED))));
                hits.push(hit);
            }
        }
    }
    hits
}

/// What an agent says, with where it stands: the lines that hold the owner's words, and the first message.
fn spoken<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = (&'a str, Place)> {
    let quiet = [FieldId::KnowledgeSources, FieldId::Tools];
    let lines = subject.lines().filter(move |spot| spot.field.is_some_and(|field| !quiet.contains(&field)));
    let lines = lines.map(|spot| (spot.text, spot.place()));
    lines.chain(subject.prompts.iter().map(|prompt| {
        let place = Place { format: Some(prompt.format), field: Some(FieldId::GreetingStyle), ..Place::default() };
        (prompt.first_message.as_str(), place)
    }))
}

pub(super) fn spoken_markup(subject: &Subject<'_>) -> Vec<Hit> {
    if !subject.spec.is_voice() {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for (text, place) in spoken(subject) {
        if let Some((_, what)) = DATA.words.markup.iter().find(|(mark, _)| text.contains(mark.as_str())) {
            hits.push(Hit { place, words: vec![("what", what.clone())] });
        }
    }
    hits
}

pub(super) fn placeholder(subject: &Subject<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for spot in subject.lines().filter(|spot| spot.field.is_some()) {
        let bracketed = [('{', '}'), ('[', ']')].into_iter().filter_map(|(open, close)| gap(spot.text, open, close));
        let named = DATA.words.placeholders.iter().filter(|word| spot.text.contains(word.as_str())).cloned();
        let hit = |what: String| Hit { place: spot.place(), words: vec![("what", quoted(&what))] };
        hits.extend(bracketed.chain(named).map(hit));
    }
    hits
}

/// "[your name]" or "{name}": a few plain words in brackets that no link follows.
fn gap(text: &str, open: char, close: char) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(open) {
        let (inside, tail) = after.split_once(close)?;
        let plain = inside.chars().all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '_' | '{'));
        if plain && inside.chars().any(char::is_alphabetic) && inside.len() <= QUOTED && !tail.starts_with('(') {
            return Some(format!("{open}{}{close}", inside.trim_start_matches('{')));
        }
        rest = after;
    }
    None
}

pub(super) fn secret(subject: &Subject<'_>) -> Vec<Hit> {
    let firsts = subject.prompts.iter().map(|prompt| {
        let place = Place { format: Some(prompt.format), field: Some(FieldId::GreetingStyle), ..Place::default() };
        (prompt.first_message.as_str(), place)
    });
    let lines = subject.lines().map(|spot| (spot.text, spot.place()));
    // The message names the kind alone: a report must not spread what it warns of.
    lines
        .chain(firsts)
        .filter_map(|(text, place)| Some(Hit { place, words: vec![("kind", secrets::kind(text)?)] }))
        .collect()
}
