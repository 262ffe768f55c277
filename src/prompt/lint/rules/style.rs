//! Rules about how things are put: said twice, shouted, too much for an ear.

use crate::intent::models::FieldId;
use crate::prompt::lint::data::DATA;
use crate::prompt::lint::{Hit, Place, Subject};
use crate::prompt::wording::quoted;
use crate::workflow::words::{self, short};

use super::said::instructions;

/// The longest part of a text that a message repeats, in characters.
const QUOTED: usize = 60;

fn at(field: FieldId, position: usize) -> Place {
    // A field holds a few dozen values at most, so it fits.
    Place { field: Some(field), item: Some(position as u32), ..Place::default() }
}

fn told(text: &str) -> String {
    quoted(&short(text, QUOTED))
}

pub(super) fn repetition(subject: &Subject<'_>) -> Vec<Hit> {
    let mut seen: Vec<(String, FieldId)> = Vec::new();
    let mut hits = Vec::new();
    for (field, position, text) in instructions(subject) {
        let plain = words::tokens(text).join(" ");
        let again = seen.iter().find(|(known, _)| !plain.is_empty() && *known == plain);
        if let Some((_, first)) = again {
            let words = vec![("text", told(text)), ("field", first.label().to_lowercase())];
            hits.push(Hit { place: at(field, position), words });
        }
        seen.push((plain, field));
    }
    hits
}

pub(super) fn vague_goal(subject: &Subject<'_>) -> Vec<Hit> {
    let vague = |text: &str| {
        let stems = words::content_stems(text);
        stems.iter().all(|stem| DATA.words.vague.contains(stem))
    };
    let goals = subject.spec.values(FieldId::Goals).enumerate();
    let vague = goals.filter(|(_, goal)| vague(goal));
    vague
        .map(|(position, goal)| Hit { place: at(FieldId::Goals, position), words: vec![("goal", told(goal))] })
        .collect()
}

pub(super) fn shouting(subject: &Subject<'_>) -> Vec<Hit> {
    let loud = |word: &&str| {
        let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
        letters >= 4 && word.chars().all(|letter| !letter.is_lowercase())
    };
    let shouts = |text: &str| {
        let split: Vec<&str> = text.split_whitespace().collect();
        text.contains("!!") || split.windows(2).any(|pair| pair.iter().all(loud))
    };
    let shouted = instructions(subject).filter(|(_, _, text)| shouts(text));
    shouted
        .map(|(field, position, text)| Hit { place: at(field, position), words: vec![("text", told(text))] })
        .collect()
}

/// What people hear cannot be looked at again: a list of many things is lost on them.
pub(super) fn spoken_list(subject: &Subject<'_>) -> Vec<Hit> {
    if !subject.spec.is_voice() {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for field in [FieldId::GreetingStyle, FieldId::ExampleInteractions, FieldId::ConversationFlow] {
        for (position, text) in subject.spec.values(field).enumerate() {
            let entries = text.split([',', ';', '\n', '•']).filter(|part| !part.trim().is_empty()).count();
            if entries > DATA.speech.entries {
                hits.push(Hit { place: at(field, position), words: vec![("text", told(text))] });
            }
        }
    }
    hits
}

pub(super) fn long_greeting(subject: &Subject<'_>) -> Vec<Hit> {
    let long = |text: &str| text.split_whitespace().count() > DATA.speech.greeting;
    let said = subject.prompts.iter().map(|prompt| prompt.first_message.as_str()).find(|text| long(text));
    let place = Place { field: Some(FieldId::GreetingStyle), ..Place::default() };
    let hit = |text: &str| Hit { place, words: vec![("count", text.split_whitespace().count().to_string())] };
    said.filter(|_| subject.spec.is_voice()).map(hit).into_iter().collect()
}
