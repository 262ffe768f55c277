//! Care with other people's words: clean them, end them as sentences, quote them, fill them into ours. Pure.
//!
//! Owners' words go into prompts, Markdown and XML. Cleaned text is one line that opens no block of its own, so that what
//! an owner writes is always content and never structure; angle brackets are the renderer's to escape.

use std::borrow::Cow;

/// One line without control or direction characters and without a leading Markdown block marker.
pub(crate) fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !is_hidden(*letter)) {
        let letter = if letter.is_whitespace() || letter.is_control() { ' ' } else { letter };
        if letter != ' ' || !(line.is_empty() || line.ends_with(' ')) {
            line.push(letter);
        }
    }
    without_marker(line.trim_end()).to_owned()
}

/// Whether a text needs no cleaning, for the common case: plain words with single spaces between them.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    let plain = bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
    let edges = bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.last().is_none_or(|byte| *byte != b' ');
    plain && edges && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// Characters that reorder or hide the text around them: bidirectional controls and zero-width ones but for the joiners,
/// which some scripts and emoji need.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// One line without control and hidden characters; spaces of every kind become plain ones. Markers stay.
pub(crate) fn visible(line: &str) -> String {
    let shown = line.chars().filter(|letter| !is_hidden(*letter) && (*letter == '\t' || !letter.is_control()));
    let plain: String = shown.map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    plain.trim_end().to_owned()
}

fn without_marker(line: &str) -> &str {
    let mut rest = line;
    loop {
        let word = rest.split(' ').next().unwrap_or_default();
        let marks = !word.is_empty() && word.chars().all(|letter| "#-*+=_~`>|•–—".contains(letter));
        let digits = word.trim_end_matches(['.', ')']);
        let numbering =
            digits.len() + 1 == word.len() && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
        let cut = if marks || numbering && word.len() < rest.len() {
            word.len()
        } else {
            word.len() - word.trim_start_matches(['>', '|']).trim_start_matches("```").trim_start_matches("~~~").len()
        };
        if cut == 0 {
            return rest;
        }
        rest = rest[cut..].trim_start();
    }
}

/// The text as a sentence, or several: first letters upper-case, a full stop at the end unless one is there.
pub(crate) fn sentence(text: &str) -> String {
    let mut line = sentence_starts(&capitalised(clean(text).trim_end_matches([',', ';', ' '])));
    let end = line.trim_end_matches(['"', '”', '’', '\'', '»', ')', '“']).chars().next_back();
    if !line.is_empty() && !matches!(end, Some('.' | '!' | '?' | '…' | ':' | '。' | '！' | '？')) {
        line.push('.');
    }
    line
}

/// Capitals after full stops inside a text. Only after a word of four letters and more, so that "e.g." and "approx." stay.
fn sentence_starts(text: &str) -> String {
    if ![". ", "! ", "? "].iter().any(|end| text.contains(end)) {
        return text.to_owned();
    }
    let mut words: Vec<Cow<'_, str>> = text.split(' ').map(Cow::Borrowed).collect();
    for at in 1..words.len() {
        let ended = words[at - 1]
            .strip_suffix(['.', '!', '?'])
            .is_some_and(|word| word.chars().count() >= 4 && word.chars().all(char::is_alphabetic) && word != "approx");
        if ended {
            words[at] = Cow::Owned(capitalised(&words[at]));
        }
    }
    words.join(" ")
}

/// The text in the middle of a sentence: a first word that is nothing but grammar loses its capital.
pub(crate) fn midsentence(text: &str) -> String {
    const GRAMMAR: [&str; 17] = [
        "The", "A", "An", "What", "Which", "Who", "How", "Why", "When", "Where", "Whether", "If", "After", "Before",
        "Their", "One", "All",
    ];
    let line = clean(text);
    match line.split_once(' ') {
        Some((first, rest)) if GRAMMAR.contains(&first) => format!("{} {rest}", first.to_lowercase()),
        _ => line,
    }
}

/// The text as a noun phrase in a sentence: its first letter lower-case, unless the first word is an abbreviation or "I".
pub(crate) fn uncapitalised(text: &str) -> String {
    let line = clean(text);
    let first_word = line.split(' ').next().unwrap_or_default();
    let own_capitals = first_word.chars().skip(1).any(|letter| letter.is_uppercase() || letter.is_ascii_digit());
    let mut letters = line.chars();
    match letters.next() {
        Some(first) if first.is_uppercase() && !own_capitals && first_word != "I" => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => line,
    }
}

/// First letter upper-case, unless the first word brings its own capitals ("iPad").
pub(crate) fn capitalised(text: &str) -> String {
    let first_word = text.split(' ').next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() && !first_word.chars().any(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// The text in double quotation marks; its own outer ones are dropped, inner ones become single.
pub(crate) fn quoted(text: &str) -> String {
    let line = clean(text);
    let bare = unquoted(line.trim_end_matches(' '));
    let inner: String =
        bare.chars().map(|letter| if matches!(letter, '"' | '“' | '”' | '„') { '’' } else { letter }).collect();
    format!("“{inner}”")
}

/// The text without one pair of quotation marks around all of it.
pub(crate) fn unquoted(text: &str) -> &str {
    const PAIRS: [(char, char); 6] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('‘', '’'), ('\'', '\'')];
    let trimmed = text.trim();
    let inside = PAIRS.iter().find_map(|(open, close)| trimmed.strip_prefix(*open)?.strip_suffix(*close));
    inside.filter(|inside| !inside.is_empty()).unwrap_or(trimmed)
}

/// Fills `{name}` in a template in one pass: what is filled in is not looked at again.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let slot = after
            .split_once('}')
            .and_then(|(name, tail)| values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value, tail)));
        match slot {
            Some((value, tail)) => {
                filled.push_str(value);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    // A quotation that ends its own sentence ends ours.
    if ["?”.", "!”.", ".”.", "…”."].iter().any(|twice| filled.ends_with(twice)) {
        filled.pop();
    }
    filled
}

/// "a", "a and b", "a, b and c"; with `last` as the word before the last one.
pub(crate) fn listed(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., tail] => format!("{} {last} {tail}", head.join(", ")),
    }
}

/// An identifier in words: `patient_name` becomes "patient name".
pub(crate) fn in_words(id: &str) -> String {
    clean(&id.replace(['_', '-'], " "))
}

/// The text without `{{`, which some platforms take for a variable of theirs: braces are set apart.
pub(crate) fn without_variables(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '{' | '}') && apart.ends_with(letter) {
            apart.push(' ');
        }
        apart.push(letter);
    }
    apart
}

/// Text for XML: content and attribute values alike.
pub(crate) fn xml(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&', '"']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaned_text_is_one_line_that_opens_no_block() {
        assert_eq!(clean("  ## Rules\n# ignore\u{2028}all "), "Rules # ignore all");
        assert_eq!(clean("1. - > find papers"), "find papers");
        assert_eq!(clean("10 minutes at most"), "10 minutes at most");
        assert_eq!(clean("```sh\nrm"), "sh rm");
        assert_eq!(clean("-5 °C is fine\u{202e}"), "-5 °C is fine");
        assert_eq!(clean("---"), "");
        assert_eq!(clean("#hashtags never"), "#hashtags never");
    }

    #[test]
    fn sentences_end_once() {
        assert_eq!(sentence("no diet plans"), "No diet plans.");
        assert_eq!(sentence("really?"), "Really?");
        assert_eq!(sentence("say “hello.”"), "Say “hello.”");
        assert_eq!(sentence("iPad repairs"), "iPad repairs.");
        assert_eq!(sentence("máximo ocho butacas, "), "Máximo ocho butacas.");
        assert_eq!(sentence("  "), "");
        assert_eq!(sentence("asking for a code. there isn't one"), "Asking for a code. There isn't one.");
        assert_eq!(sentence("e.g. a card"), "E.g. a card.");
    }

    #[test]
    fn quotes_do_not_nest() {
        assert_eq!(quoted("'Denny's Plumbing, what's leaking?'"), "“Denny's Plumbing, what's leaking?”");
        assert_eq!(quoted("say \"hi\" first"), "“say ’hi’ first”");
    }

    #[test]
    fn a_value_is_never_a_template() {
        assert_eq!(fill("You are {name}, {role}.", &[("name", "{role}"), ("role", "a bot")]), "You are {role}, a bot.");
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
    }

    #[test]
    fn lists_read_as_speech() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&words, "and"), "a, b and c");
        assert_eq!(listed(&words[..1], "and"), "a");
    }
}
