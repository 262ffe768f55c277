//! Fields with a closed vocabulary: tone, channel, verbosity, languages.

use std::ops::Range;

use super::{Finding, Op, Reading};
use crate::intent::clause::{after_correction, is_negated, is_taken_back};
use crate::intent::lexicon::lexicon;
use crate::intent::matcher::Found;
use crate::intent::models::{FieldId, Item};
use crate::intent::text::Text;

/// How a sentence speaks about manner: without one of these, a stray adjective is no tone.
const MANNER: &[&str] = &[
    "tone",
    "sound",
    "sounds",
    "voice",
    "manner",
    "polite",
    "style",
    "talk",
    "talks",
    "speak",
    "speaks",
    "be",
    "is",
    "vibe",
    "register",
    "feel",
    "stay",
    "stays",
    "come",
    "tono",
    "ton",
    "tom",
    "doit",
    "soll",
    "ser",
    "sea",
    "soit",
    "sei",
    "parle",
    "personality",
    "towards",
];

/// The tones of an answer about tone, or of a sentence that is plainly about manner.
pub fn tones(reading: &Reading<'_>, is_about_tone: bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for sentence in reading.text.sentences() {
        let found = lexicon().tones_in(reading.text, sentence.clone());
        let takes_back = found.iter().any(|one| is_taken_back(reading.text, &one.at));
        if found.is_empty() || !(is_about_tone || takes_back || speaks_of_manner(reading, &sentence, &found)) {
            continue;
        }
        let start = after_correction(reading.text, sentence.clone());
        for one in found {
            let is_denied = is_negated(reading.text, one.at.start) || is_taken_back(reading.text, &one.at);
            let is_superseded = one.at.end <= start && one.at.start < start;
            if is_denied || is_superseded {
                findings.retain(|earlier| earlier.item.value != one.meaning);
                findings.push(Finding { op: Op::Remove, ..reading.add(FieldId::Tone, one.meaning, one.at) });
            } else if !findings.iter().any(|earlier| earlier.op == Op::Add && earlier.item.value == one.meaning) {
                findings.retain(|earlier| earlier.item.value != one.meaning);
                let item = reading
                    .said(one.meaning, one.at.clone())
                    .with_label(reading.text.quote(one.at.clone()).to_lowercase());
                findings.push(Finding { field: FieldId::Tone, op: Op::Add, item });
            }
        }
    }
    findings
}

/// Whether a message names tones and nothing else: "calm and warm".
pub fn is_all_tone(text: &Text<'_>) -> bool {
    const BESIDE: &[&str] =
        &["and", "but", "or", "not", "never", "too", "very", "quite", "rather", "a", "bit", "please", "also"];
    let found = lexicon().tones_in(text, 0..text.tokens.len());
    let is_said =
        |at: usize| !text.tokens[at].is_word || text.is(at, BESIDE) || found.iter().any(|one| one.at.contains(&at));
    !found.is_empty() && (0..text.tokens.len()).all(is_said)
}

fn speaks_of_manner(reading: &Reading<'_>, sentence: &Range<usize>, found: &[Found<&'static str>]) -> bool {
    let words = sentence.clone().filter(|at| reading.text.tokens[*at].is_word).count();
    let toned: usize = found.iter().map(|one| one.at.len()).sum();
    let stops = |at: usize| {
        at >= sentence.end
            || !reading.text.tokens[at].is_word
            || reading.text.is(at, &["and", "but", "y", "et", "und", "e"])
    };
    let opens = found.iter().any(|one| one.at.start <= sentence.start + 1 && stops(one.at.end));
    if words <= 14 && opens {
        return true;
    }
    if toned * 2 >= words {
        return true;
    }
    // "she is polite and professional", "it should sound calm"
    found.iter().any(|one| {
        let before = one.at.start.saturating_sub(5).max(sentence.start)..one.at.start;
        before.clone().any(|at| {
            reading.text.is(at, MANNER) && (before.start..=at).any(|subject| reading.text.is(subject, SUBJECTS))
        })
    })
}

/// Who is said to be of some manner.
const SUBJECTS: &[&str] = &[
    "it",
    "she",
    "he",
    "they",
    "agent",
    "bot",
    "assistant",
    "tone",
    "voice",
    "should",
    "must",
    "sound",
    "sounds",
    "style",
    "be",
    "manner",
];

/// The channel: the last one named that is neither denied nor taken back.
pub fn channel(reading: &Reading<'_>) -> Option<Finding> {
    let is_asked = reading.answers == Some(FieldId::Channel);
    let start = after_correction(reading.text, reading.whole());
    let mut votes: Vec<(f32, Found<_>)> = Vec::new();
    for one in lexicon().channel.find_all(reading.text) {
        if is_negated(reading.text, one.at.start) || !(one.meaning.is_strong || is_asked) {
            continue;
        }
        let weight = if one.meaning.is_strong { 2.0 } else { 0.75 } * if one.at.start >= start { 1.0 } else { 0.4 };
        votes.push((weight, one));
    }
    let total = |id: &str| votes.iter().filter(|(_, one)| one.meaning.id == id).map(|(weight, _)| weight).sum::<f32>();
    let best = votes.iter().map(|(_, one)| one).max_by(|a, b| {
        // Among equals the first named: "WhatsApp, so chat".
        total(a.meaning.id).total_cmp(&total(b.meaning.id)).then(b.at.start.cmp(&a.at.start))
    })?;
    let label = reading.text.quote(best.at.clone()).to_lowercase();
    let item = reading.said(best.meaning.id, best.at.clone()).with_label(label);
    Some(Finding { field: FieldId::Channel, op: Op::Replace, item })
}

/// Words near a level that make it about the length of what is said.
const LENGTH: &[&str] = &[
    "sentence",
    "sentences",
    "answers",
    "answer",
    "replies",
    "reply",
    "keep",
    "keeps",
    "messages",
    "things",
    "it",
    "text",
    "responses",
    "words",
    "lines",
    "frases",
    "phrases",
    "satze",
    "antworten",
    "reponses",
    "respuestas",
    "risposte",
    "respostas",
    "frasi",
];

/// How much it says: from an answer about it, or from a sentence on the length of what is said.
pub fn verbosity(reading: &Reading<'_>) -> Option<Finding> {
    let is_asked = reading.answers == Some(FieldId::VerbosityLevel);
    let start = after_correction(reading.text, reading.whole());
    let found: Vec<_> = lexicon()
        .verbosity_level
        .find_all(reading.text)
        .into_iter()
        .filter(|one| !is_negated(reading.text, one.at.start))
        .filter(|one| is_asked || is_about_length(reading, &one.at))
        .collect();
    let best = found.iter().find(|one| one.at.start >= start).or(found.first())?;
    // "Not an essay, not one line either" is the middle, whichever end is named first.
    let best = found.iter().find(|one| one.meaning == "balanced" && is_asked).unwrap_or(best);
    let at = if is_asked { reading.whole() } else { best.at.clone() };
    let item = reading.said(best.meaning, best.at.clone()).with_label(reading.text.quote(at));
    Some(Finding { field: FieldId::VerbosityLevel, op: Op::Replace, item })
}

fn is_about_length(reading: &Reading<'_>, at: &Range<usize>) -> bool {
    if at.len() >= 2 && reading.text.tokens[at.clone()].iter().any(|token| LENGTH.contains(&token.norm.as_str())) {
        return true;
    }
    let keeps = at.start.saturating_sub(3)..at.start;
    keeps.into_iter().any(|index| reading.text.is(index, &["keep", "keeps", "kept"]))
}

/// Words that stand beside the name of a language the agent speaks.
const SPEAKING: &[&str] = &[
    "in",
    "into",
    "from",
    "speak",
    "speaks",
    "speaking",
    "write",
    "writes",
    "and",
    "or",
    "language",
    "languages",
    "en",
    "auf",
    "em",
    "y",
    "et",
    "und",
    "e",
    "ou",
    "oder",
    "only",
    "both",
    "fluent",
    "understand",
    "understands",
    "to",
];

/// The languages named. "a little Irish" counts; "Italian restaurant" does not.
pub fn languages(reading: &Reading<'_>) -> Vec<Finding> {
    let is_asked = reading.answers == Some(FieldId::Languages);
    let mut findings: Vec<Finding> = Vec::new();
    if is_asked {
        findings.extend(language_codes(reading));
    }
    for one in lexicon().language.find_all(reading.text) {
        let is_denied = is_negated(reading.text, one.at.start) && !follows_only(reading, one.at.start);
        if is_denied || !(is_asked || is_spoken(reading, &one.at)) {
            continue;
        }
        if findings.iter().all(|earlier| earlier.item.value != one.meaning) {
            findings.push(reading.add(FieldId::Languages, one.meaning, one.at));
        }
    }
    findings
}

/// "EN and FR": codes in capitals, in an answer about languages.
fn language_codes(reading: &Reading<'_>) -> Vec<Finding> {
    let text = reading.text;
    let code = |at: usize| {
        let letters = text.quote(at..at + 1);
        let is_code = letters.len() == 2 && letters.chars().all(|letter| letter.is_ascii_uppercase());
        lexicon().languages.get_key_value(&letters.to_lowercase()).filter(|_| is_code).map(|(code, _)| code)
    };
    (0..text.tokens.len())
        .filter_map(|at| code(at).map(|code| reading.add(FieldId::Languages, code.as_str(), at..at + 1)))
        .collect()
}

fn follows_only(reading: &Reading<'_>, at: usize) -> bool {
    at > 0 && reading.text.is(at - 1, &["only", "just", "but"])
}

fn is_spoken(reading: &Reading<'_>, at: &Range<usize>) -> bool {
    let before = at.start > 0 && reading.text.is(at.start - 1, SPEAKING);
    let before_two = at.start > 1 && reading.text.is(at.start - 2, &["in", "into", "from", "speak", "speaks", "to"]);
    let followed = reading.text.tokens.get(at.end).is_none_or(|token| {
        !token.is_word
            || SPEAKING.contains(&token.norm.as_str())
            || matches!(token.norm.as_str(), "every" | "speaking" | "speakers" | "at" | "with" | "too" | "also")
    });
    let is_only = reading.text.is(at.end, &["only", "solamente", "seulement", "soltanto"]);
    is_only || (before || before_two) && followed || is_all_of_a_sentence(reading, at)
}

/// "English and French." says in which languages, wherever it stands.
fn is_all_of_a_sentence(reading: &Reading<'_>, at: &Range<usize>) -> bool {
    let text = reading.text;
    let Some(sentence) = text.sentences().into_iter().find(|sentence| sentence.contains(&at.start)) else {
        return false;
    };
    let named = lexicon().language.find(text, sentence.clone());
    sentence.into_iter().all(|index| {
        !text.tokens[index].is_word
            || text.is(index, &["and", "or", "please", "mostly", "also", "y", "et", "und", "e", "en"])
            || named.iter().any(|one| one.at.contains(&index))
    })
}

/// A value of a closed field that the user gave in words the lexicon does not have: kept as their own.
pub fn own_words(reading: &Reading<'_>, field: FieldId, id: &str) -> Finding {
    let quote = reading.text.quote(reading.whole());
    let evidence = reading.said(id, reading.whole()).evidence;
    Finding { field, op: Op::Add, item: Item::inferred(id, evidence).with_label(quote) }
}
