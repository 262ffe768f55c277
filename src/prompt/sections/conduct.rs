//! How the agent sounds, in which language, at what length, spoken or written.

use crate::intent::models::{FieldId, Item, Provenance};
use crate::intent::vocabulary;
use crate::prompt::brief::{Brief, own_words};
use crate::prompt::parts::{Block, Mark, Piece};
use crate::prompt::texts::LanguageUse;
use crate::prompt::wording::{clean, fill, listed, quoted, sentence};

use super::identity::end;

pub(super) fn tone(brief: &Brief<'_>) -> Vec<Block> {
    let field = FieldId::Tone;
    let style = &brief.texts.style;
    let items = brief.spec.items(field);
    let mut pieces = Vec::new();
    let mut words: Vec<(String, &Item)> = Vec::new();
    for item in items {
        let name = style.tones.get(&item.value).map_or(item.value.as_str(), |tone| tone.name.as_str());
        let Some(own) = own_words(item, name) else { continue };
        if !words.iter().any(|(known, _)| known.eq_ignore_ascii_case(&own)) {
            words.push((own, item));
        }
    }
    if let Some((_, first)) = words.first() {
        let quotes: Vec<String> = words.iter().map(|(words, _)| quoted(words)).collect();
        let text = fill(&brief.phrases.tone_words, &[("quotes", &quotes.join(", "))]);
        pieces.push(Piece::of_item(Mark::Text, text, field, first));
    }
    for item in items {
        let piece = match style.tones.get(&item.value) {
            Some(tone) => Piece::of_item(Mark::Bullet, &*tone.behaviour, field, item),
            None => Piece::of_item(Mark::Bullet, sentence(&item.value), field, item),
        };
        pieces.push(piece);
    }
    if let Some(text) = leading_tone(brief, items) {
        pieces.push(Piece::ours(Mark::Text, text, Some(field)));
    }
    vec![Block::plain(pieces)]
}

/// Which of two tones that pull apart comes first: the one named first.
fn leading_tone(brief: &Brief<'_>, items: &[Item]) -> Option<String> {
    let style = &brief.texts.style;
    let asked = |id: &str| items.iter().position(|item| item.value == id);
    let pairs = style.conflicts.iter().filter_map(|(one, other)| Some(asked(one)?.min(asked(other)?)));
    let first = &style.tones.get(&items.get(pairs.min()?)?.value)?.name;
    Some(fill(&brief.phrases.tone_conflict, &[("first", first)]))
}

pub(super) fn brand(brief: &Brief<'_>) -> Vec<Block> {
    let pieces = brief.texts_of(FieldId::BrandVoice).map(|(text, item)| {
        let text = fill(&brief.phrases.brand, &[("text", &end(&text))]);
        Piece::of_item(Mark::Text, text, FieldId::BrandVoice, item)
    });
    vec![Block::plain(pieces.collect())]
}

pub(super) fn language(brief: &Brief<'_>) -> Vec<Block> {
    let (field, phrases) = (FieldId::Languages, brief.phrases);
    let items = brief.spec.items(field);
    let names: Vec<String> = items
        .iter()
        .map(|item| clean(&vocabulary::display(field, &item.value)))
        .filter(|name| !name.is_empty())
        .collect();
    let provenance = brief.provenance(field);
    let text = match (names.as_slice(), brief.kind.languages) {
        ([], LanguageUse::Subject) => return Vec::new(),
        ([], LanguageUse::Answer) => {
            return vec![Block::plain(vec![Piece::ours(Mark::Text, &*phrases.language_any, None)])];
        }
        (_, LanguageUse::Subject) => fill(&phrases.language_subject, &[("languages", &listed(&names, "and"))]),
        ([only], LanguageUse::Answer) if brief.is("api") => fill(&phrases.language_only, &[("language", only)]),
        ([only], LanguageUse::Answer) => fill(&phrases.language_one, &[("language", only)]),
        ([first, ..], LanguageUse::Answer) => {
            fill(&phrases.language_many, &[("languages", &listed(&names, "or")), ("first", first)])
        }
    };
    let mut pieces = vec![Piece::of(Mark::Text, text, field, provenance)];
    // A label that is more than a name says how the languages are used.
    let words =
        items.iter().find_map(|item| Some((item, own_words(item, "")?))).filter(|(_, words)| words.contains(' '));
    if let Some((item, words)) = words {
        let text = fill(&phrases.language_words, &[("quote", &quoted(&words))]);
        pieces.push(Piece::of_item(Mark::Text, text, field, item));
    }
    let english = items.iter().any(|item| item.value == "en" || item.value.starts_with("en-"));
    let note = match names.len() {
        _ if !english => Some(&phrases.language_note),
        2.. if brief.is("tools") => Some(&phrases.language_quotes),
        _ => None,
    };
    pieces.extend(note.map(|note| Piece::ours(Mark::Text, note.as_str(), Some(field))));
    vec![Block::plain(pieces)]
}

pub(super) fn length(brief: &Brief<'_>) -> Vec<Block> {
    let field = FieldId::VerbosityLevel;
    // What is usual elsewhere is too short for a story, unless somebody asked for it.
    let asked = |item: &&Item| !(brief.is("fiction") && item.provenance == Provenance::Default);
    let item = brief.spec.items(field).first().filter(asked);
    if let Some((item, words)) = item.and_then(|item| Some((item, own_words(item, &item.value)?))) {
        let text = fill(&brief.phrases.length_words, &[("quote", &quoted(&words))]);
        return vec![Block::plain(vec![Piece::of_item(Mark::Bullet, text, field, item)])];
    }
    // Nobody said: short where people listen, but for stories.
    let usual = if brief.voice { "concise" } else { "balanced" };
    let id = item.map_or(usual, |item| item.value.as_str());
    let text = brief.texts.style.verbosity.get(id).and_then(|by_channel| by_channel.get(brief.channel_style()));
    let piece = match (text, item) {
        (Some(text), Some(item)) => Piece::of_item(Mark::Bullet, text.as_str(), field, item),
        (Some(text), None) if !brief.is("fiction") => Piece::ours(Mark::Bullet, text.as_str(), Some(field)),
        _ => return Vec::new(),
    };
    vec![Block::plain(vec![piece])]
}

pub(super) fn speech(brief: &Brief<'_>) -> Vec<Block> {
    if !brief.voice {
        return Vec::new();
    }
    let field = brief.spec.has(FieldId::Channel).then_some(FieldId::Channel);
    vec![Block::plain(brief.rules(&brief.texts.rules.speech, Mark::Bullet, field))]
}

pub(super) fn writing(brief: &Brief<'_>) -> Vec<Block> {
    let rules = brief.texts.rules.writing.get(brief.channel).filter(|_| !brief.voice);
    vec![Block::plain(rules.map(|rules| brief.rules(rules, Mark::Bullet, Some(FieldId::Channel))).unwrap_or_default())]
}
