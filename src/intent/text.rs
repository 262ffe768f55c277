//! Text with offsets: tokens folded and stemmed for matching while each keeps its place in the original, so that a quote
//! is always the user's own letters.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::language;

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// Spellings of chat and text messages, mapped to the word meant: `fone` → `phone`.
static SPELLINGS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Spellings {
        spellings: HashMap<String, String>,
    }
    let data: Spellings = toml::from_str(include_str!("data/spellings.toml")).expect("checked by a test");
    data.spellings
});

/// One word, number or punctuation mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Byte range in the original text.
    pub at: Range<usize>,
    /// Lower case, no accents, common chat spellings resolved.
    pub norm: String,
    /// Stem of `norm`; equal to `norm` for punctuation and numbers.
    pub stem: String,
    /// `norm` without its inflection: "books" and "booking" are "book", but "accountant" is not "account".
    pub base: String,
    pub is_word: bool,
    /// Whether the original starts with a capital letter.
    pub is_capital: bool,
}

/// A message cut into tokens, with the original.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    pub original: &'a str,
    pub tokens: Vec<Token>,
    language: OnceLock<&'static str>,
}

/// Folds case, accents and typographic variants away.
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{00b4}' | '`' => '\'',
            '\u{2010}' | '\u{2011}' => '-',
            other => other,
        })
        .collect()
}

/// Stem of a folded word.
pub fn stem(word: &str) -> String {
    STEMMER.stem(word).into_owned()
}

impl<'a> Text<'a> {
    pub fn new(original: &'a str) -> Text<'a> {
        Text { original, tokens: tokenise(original), language: OnceLock::new() }
    }

    /// The code of the language it reads as.
    pub fn language(&self) -> &'static str {
        self.language.get_or_init(|| language::code(self.original))
    }

    /// The user's own letters from the first to the last token of the range.
    pub fn quote(&self, tokens: Range<usize>) -> &'a str {
        match (self.tokens.get(tokens.start), tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if first.at.start < last.at.end => &self.original[first.at.start..last.at.end],
            _ => "",
        }
    }

    /// Token ranges of the sentences: ended by `. ! ?`, a line break or a bullet.
    pub fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for at in 0..self.tokens.len() {
            if self.breaks_line_before(at) && at > start {
                sentences.push(start..at);
                start = at;
            }
            if matches!(self.tokens[at].norm.as_str(), "." | "!" | "?" | "\u{2026}") {
                sentences.push(start..at + 1);
                start = at + 1;
            }
        }
        if start < self.tokens.len() {
            sentences.push(start..self.tokens.len());
        }
        sentences.into_iter().map(|range| self.trim(range)).filter(|range| !range.is_empty()).collect()
    }

    /// Ranges inside `range` between the tokens for which `is_break` holds.
    pub fn split(&self, range: Range<usize>, is_break: impl Fn(&Token) -> bool) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = range.start;
        for at in range.clone() {
            if is_break(&self.tokens[at]) {
                parts.push(start..at);
                start = at + 1;
            }
        }
        parts.push(start..range.end);
        parts.into_iter().map(|part| self.trim(part)).filter(|part| !part.is_empty()).collect()
    }

    /// The range without punctuation at its ends; closing brackets and quotes that belong to it stay.
    pub fn trim(&self, range: Range<usize>) -> Range<usize> {
        let edge =
            |token: &Token| !token.is_word && !matches!(token.norm.as_str(), "%" | "$" | "€" | "£" | "+" | "*" | "@");
        let mut range = range;
        while range.start < range.end && edge(&self.tokens[range.start]) {
            range.start += 1;
        }
        while range.end > range.start && edge(&self.tokens[range.end - 1]) {
            range.end -= 1;
        }
        range
    }

    /// The user's words of a range with the spellings of chat resolved: "take a msg" is "take a message".
    pub fn respelled(&self, tokens: Range<usize>) -> String {
        if self.language() != "en" {
            return self.quote(tokens).to_owned();
        }
        let mut text = String::new();
        let mut from = self.tokens.get(tokens.start).map_or(0, |token| token.at.start);
        for token in &self.tokens[tokens] {
            text.push_str(&self.original[from..token.at.start]);
            let letters = &self.original[token.at.clone()];
            text.push_str(SPELLINGS.get(&fold(letters)).map_or(letters, String::as_str));
            from = token.at.end;
        }
        text
    }

    /// Folded words of a range, joined by single spaces.
    pub fn norm(&self, range: Range<usize>) -> String {
        let words: Vec<&str> =
            self.tokens[range].iter().filter(|token| token.is_word).map(|token| token.norm.as_str()).collect();
        words.join(" ")
    }

    /// Whether the word at a position (or a few after it) reads as one of `words`.
    pub fn is(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|token| words.contains(&token.norm.as_str()))
    }

    fn breaks_line_before(&self, at: usize) -> bool {
        let Some(previous) = at.checked_sub(1).and_then(|before| self.tokens.get(before)) else { return false };
        self.original[previous.at.end..self.tokens[at].at.start].contains('\n')
    }
}

fn tokenise(original: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = original.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() || c.is_control() || is_combining_mark(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        if !c.is_alphanumeric() {
            tokens.push(token(original, start..end, false));
            continue;
        }
        while let Some(&(at, next)) = chars.peek() {
            let inner = is_inner(next) && original[at + next.len_utf8()..].starts_with(char::is_alphanumeric);
            if !(next.is_alphanumeric() || is_combining_mark(next) || inner) {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        tokens.push(token(original, start..end, true));
    }
    tokens
}

/// Marks that belong to a word when they stand between letters: `don't`, `e-mail`, `4.5`, `ap@firm`, `events_raw`.
fn is_inner(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '-' | '\u{2010}' | '\u{2011}' | '.' | '_' | '@')
}

fn token(original: &str, at: Range<usize>, is_word: bool) -> Token {
    let text = &original[at.clone()];
    let folded = fold(text);
    let norm = SPELLINGS.get(&folded).cloned().unwrap_or(folded);
    let stem = if is_word { stem(norm.trim_end_matches("'s")) } else { norm.clone() };
    let is_capital = text.chars().next().is_some_and(char::is_uppercase);
    let base = if is_word { base(&norm) } else { norm.clone() };
    Token { at, norm, stem, base, is_word, is_capital }
}

/// A word without its inflection (plural, third person, past, gerund); what its derivation says stays, unlike in a stem.
fn base(norm: &str) -> String {
    let word = norm.trim_end_matches("'s");
    let cut = |suffix: &str, least: usize| {
        word.strip_suffix(suffix).filter(|rest| rest.chars().count() >= least && has_vowel(rest))
    };
    if let Some(verb) = cut("ing", 2).or_else(|| cut("ed", 3)) {
        return without_e(&base_of_verb(verb));
    }
    if let Some(rest) = cut("ies", 2) {
        return format!("{rest}y");
    }
    let sibilant = |rest: &&str| rest.ends_with(['s', 'x', 'z', 'o']) || rest.ends_with("ch") || rest.ends_with("sh");
    let singular =
        cut("es", 2).filter(sibilant).or_else(|| cut("s", 3).filter(|rest| !rest.ends_with(['s', 'u', 'i'])));
    without_e(singular.unwrap_or(word))
}

fn has_vowel(text: &str) -> bool {
    text.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// What was before "-ing" or "-ed": a doubled consonant halves, a short stem gets its e back ("tak" is "take").
fn base_of_verb(rest: &str) -> String {
    let letters: Vec<char> = rest.chars().collect();
    let [.., before, last] = letters[..] else { return rest.to_owned() };
    if before == last && !matches!(last, 'l' | 's' | 'e' | 'o') && letters.len() > 3 {
        return letters[..letters.len() - 1].iter().collect();
    }
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let short = letters.len() == 2
        || letters.len() == 3
            && !is_vowel(letters[0])
            && is_vowel(before)
            && !is_vowel(last)
            && !matches!(last, 'w' | 'x' | 'y');
    if short { format!("{rest}e") } else { rest.to_owned() }
}

/// Long words lose a final e, so that "writing" and "write" meet; "note" keeps it, so as not to be "not".
fn without_e(word: &str) -> String {
    word.strip_suffix('e').filter(|rest| rest.chars().count() >= 4).unwrap_or(word).to_owned()
}

/// The words of a phrase of the lexicon, each with what is left without its inflection. Punctuation in it does not count.
pub fn phrase_words(phrase: &str) -> Vec<(String, String)> {
    tokenise(phrase).into_iter().filter(|token| token.is_word).map(|token| (token.norm, token.base)).collect()
}

/// A text as a sentence of its own: first letter large, no trailing punctuation, single spaces.
pub fn tidy(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let trimmed = joined.trim_matches(|c: char| {
        matches!(c, ',' | ';' | ':' | '.' | '!' | '-' | '\u{2013}' | '\u{2014}' | '*' | '\u{2022}') || c.is_whitespace()
    });
    let mut chars = trimmed.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_the_users_own_letters() {
        let text = Text::new("Réserver une Table, s’il vous plaît! Pick up the fone");
        let words: Vec<_> = text.tokens.iter().filter(|token| token.is_word).map(|token| token.norm.as_str()).collect();
        assert_eq!(words, ["reserver", "une", "table", "s'il", "vous", "plait", "pick", "up", "the", "phone"]);
        assert_eq!(text.quote(0..3), "Réserver une Table");
        assert_eq!(text.quote(11..12), "fone");
    }

    #[test]
    fn sentences_end_at_marks_and_line_breaks() {
        let text = Text::new("IT helpdesk agent\n- password resets\n- VPN 4.5 won't connect. Really?");
        let sentences: Vec<_> = text.sentences().into_iter().map(|range| text.quote(range)).collect();
        assert_eq!(sentences, ["IT helpdesk agent", "password resets", "VPN 4.5 won't connect", "Really"]);
    }

    #[test]
    fn inflections_meet_and_derivations_do_not() {
        for (one, other) in [
            ("booking", "books"),
            ("taking", "takes"),
            ("writes", "writing"),
            ("replies", "reply"),
            ("running", "run"),
            ("using", "use"),
            ("boxes", "box"),
            ("planned", "plan"),
        ] {
            assert_eq!(base(one), base(other), "{one} {other}");
        }
        for (one, other) in [
            ("support", "supportive"),
            ("account", "accountant"),
            ("not", "notes"),
            ("up", "ups"),
            ("direct", "directory"),
        ] {
            assert_ne!(base(one), base(other), "{one} {other}");
        }
    }

    #[test]
    fn tidied_text_is_a_sentence() {
        assert_eq!(tidy("  answers \n questions; "), "Answers questions");
        assert_eq!(tidy(""), "");
    }
}
