//! What of a text must not be invented or lost: numbers, addresses, code words, sentences in quotation marks, names. Pure.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::intent::models::AgentSpec;
use crate::prompt::models::PlatformPrompt;
use crate::workflow::words;

use super::data::DATA;

/// Everything an agent's description says, and its generated prompt, as one text.
pub(super) fn everything(spec: &AgentSpec, generated: &PlatformPrompt) -> String {
    let mut text = format!("{}\n{}\n", generated.system_prompt, generated.first_message);
    let mut add = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    for (_, slot) in spec.filled() {
        for item in &slot.items {
            add(&item.value);
            item.label.iter().for_each(|label| add(label));
            item.evidence.iter().for_each(|evidence| add(&evidence.quote));
        }
    }
    for tool in spec.tools() {
        texts(&serde_json::to_value(tool).unwrap_or_default(), &mut add);
    }
    text
}

fn texts(value: &Value, add: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => add(text),
        Value::Number(number) => add(&number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, add)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            add(name);
            texts(value, add);
        }),
        Value::Null | Value::Bool(_) => {}
    }
}

/// A line without the mark of its list.
pub(super) fn without_mark(line: &str) -> &str {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("- ") {
        return rest;
    }
    match line.split_once(['.', ')']) {
        Some((number, rest)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => line,
    }
}

/// Digits with what belongs to them: "9:30", "24", "$20", "15%".
pub(super) fn numbers(text: &str) -> BTreeSet<String> {
    let is_unit = |letter: char| matches!(letter, '$' | '€' | '£' | '¥' | '%');
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let letters: Vec<char> = without_mark(line).chars().collect();
        let mut at = 0;
        while at < letters.len() {
            if !letters[at].is_numeric() {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            let joins = |end: usize| {
                let next = letters.get(end + 1).is_some_and(|next| next.is_numeric());
                letters[end].is_numeric() || next && matches!(letters[end], '.' | ',' | ':' | '/' | '-')
            };
            while end < letters.len() && joins(end) {
                end += 1;
            }
            let mut number: String = letters[at..end].iter().collect();
            if at > 0 && is_unit(letters[at - 1]) {
                number.insert(0, letters[at - 1]);
            }
            number.extend(letters.get(end).filter(|letter| is_unit(**letter)));
            found.insert(number);
            at = end;
        }
    }
    found
}

/// Numbers in words.
pub(super) fn number_words(text: &str) -> BTreeSet<String> {
    let parts = words::tokens(text).into_iter().flat_map(|word| word.split('-').map(str::to_owned).collect::<Vec<_>>());
    parts.filter(|word| DATA.number_words.contains(word)).collect()
}

/// Web, mail and other addresses.
pub(super) fn addresses(text: &str) -> BTreeSet<String> {
    let bare = |word: &str| {
        word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '/')
            .trim_end_matches('/')
            .to_lowercase()
    };
    text.split_whitespace().map(bare).filter(|word| is_address(word)).collect()
}

fn is_address(word: &str) -> bool {
    if word.contains("://") || word.starts_with("www.") {
        return true;
    }
    let host = word.rsplit_once('@').map_or(word, |(_, host)| host);
    let host = host.split('/').next().unwrap_or_default();
    let (Some((name, top)), true) = (host.rsplit_once('.'), host.is_ascii()) else { return false };
    let letters =
        |part: &str| part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '.');
    !name.is_empty() && letters(name) && top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Words in backticks.
pub(super) fn code_words(text: &str) -> BTreeSet<String> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// Sentences between quotation marks; apostrophes of either kind are the same.
pub(super) fn quotes(text: &str) -> BTreeSet<String> {
    let inside = |part: &str| part.split_once('”').map(|(inside, _)| plain_marks(inside));
    text.split('“').skip(1).filter_map(inside).filter(|quote| !quote.trim().is_empty()).collect()
}

/// With plain apostrophes and quotation marks.
pub(super) fn plain_marks(text: &str) -> String {
    text.replace(['’', '‘'], "'").replace(['“', '”'], "\"")
}

/// Words with a capital that is not the beginning of a sentence, or with capitals inside.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut begins = true;
        for word in without_mark(line).split_whitespace() {
            let opens = word.starts_with(['“', '"', '(', '‘', '\'', '`']);
            let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
            if is_name(bare, begins || opens) {
                found.push(bare.to_owned());
            }
            let end = word.trim_end_matches(['”', '"', ')', '’', '\'', '`']);
            begins = end.ends_with(['.', '!', '?', ':', ';', '…']);
        }
    }
    found
}

fn is_name(word: &str, begins: bool) -> bool {
    let folded = words::fold(word).replace('’', "'");
    if DATA.capitals.contains(&folded) {
        return false;
    }
    let inside = word.chars().skip(1).any(char::is_uppercase);
    if inside {
        let shouted = word.chars().all(|letter| !letter.is_lowercase());
        return !(shouted && DATA.stressed.contains(&folded));
    }
    !begins && word.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn numbers_are_read_with_what_belongs_to_them() {
        assert_eq!(
            numbers("1. Wait 24 hours, or pay $20.50 by 9:30.\n2. Then 15%"),
            set(&["24", "$20.50", "9:30", "15%"])
        );
        assert_eq!(numbers("- no digits\n3) none"), set(&[]));
        assert_eq!(number_words("Within twenty-four hours, at half past"), set(&["twenty", "four", "half"]));
    }

    #[test]
    fn addresses_are_read_in_every_shape() {
        let found =
            addresses("See https://a.example/x, www.b.example or c.example; mail d@e.example. E.g. this. And so.On");
        assert_eq!(found, set(&["https://a.example/x", "www.b.example", "c.example", "d@e.example", "so.on"]));
    }

    #[test]
    fn names_are_capitals_that_no_sentence_explains() {
        assert_eq!(names("- Ask Anna first. Then say: “Good day, Mr Smith.”"), ["Anna", "Mr", "Smith"]);
        assert_eq!(names("NEVER guess; I'm sure. OpenTable knows"), ["OpenTable"]);
    }

    #[test]
    fn quotes_and_code() {
        assert_eq!(quotes("say “It’s done” and “”"), set(&["It's done"]));
        assert_eq!(code_words("call `sms` or `calendar`"), set(&["sms", "calendar"]));
    }
}
