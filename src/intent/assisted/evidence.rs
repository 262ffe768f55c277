//! Where a quote stands in what a person wrote, in their own letters.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use super::super::merge::content;
use super::super::text::{Text, fold};

/// A message of the user's, cut into tokens once it is looked into.
pub struct Said<'a> {
    pub number: u32,
    pub text: &'a str,
    tokens: OnceCell<Text<'a>>,
    stems: OnceCell<HashSet<String>>,
}

impl<'a> Said<'a> {
    pub fn new(number: u32, text: &'a str) -> Said<'a> {
        Said { number, text, tokens: OnceCell::new(), stems: OnceCell::new() }
    }

    pub fn tokens(&self) -> &Text<'a> {
        self.tokens.get_or_init(|| Text::new(self.text))
    }

    /// The words of substance of the message.
    pub fn stems(&self) -> &HashSet<String> {
        self.stems.get_or_init(|| words_of(self.text))
    }

    /// Where a quote stands, in bytes; compared without case, accents, marks and spaces. Whole words only.
    pub fn find(&self, quote: &str) -> Option<Range<usize>> {
        if is_unspaced(quote) {
            let quote = quote.trim();
            return self.text.find(quote).map(|start| start..start + quote.len());
        }
        let wanted = Text::new(quote);
        let wanted: Vec<&str> =
            wanted.tokens.iter().filter(|token| token.is_word).map(|token| token.norm.as_str()).collect();
        let tokens: Vec<_> = self.tokens().tokens.iter().filter(|token| token.is_word).collect();
        if wanted.is_empty() || wanted.len() > tokens.len() {
            return None;
        }
        let found =
            tokens.windows(wanted.len()).find(|run| run.iter().zip(&wanted).all(|(token, word)| token.norm == *word));
        found.map(|run| run[0].at.start..run[run.len() - 1].at.end)
    }

    /// The sentence around a place, as tokens.
    pub fn sentence(&self, at: &Range<usize>) -> Range<usize> {
        let text = self.tokens();
        let holds = |sentence: &Range<usize>| {
            sentence.clone().any(|index| text.tokens[index].at.start < at.end && at.start < text.tokens[index].at.end)
        };
        text.sentences().into_iter().find(holds).unwrap_or(0..0)
    }
}

/// The stems of a text's words of substance; of a script without spaces its letters, two by two.
pub fn words_of(text: &str) -> HashSet<String> {
    if !is_unspaced(text) {
        return content(text);
    }
    let letters: Vec<char> = fold(text).chars().filter(|letter| letter.is_alphanumeric()).collect();
    match letters.len() {
        0 | 1 => letters.iter().map(char::to_string).collect(),
        _ => letters.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

/// Whether a text is in a script that writes its words without spaces: Chinese, Japanese, Thai and their like.
pub fn is_unspaced(text: &str) -> bool {
    text.chars().any(|letter| {
        matches!(letter,
            '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
            | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, quote: &str) -> Option<&'a str> {
        Said::new(0, text).find(quote).map(|at| &text[at])
    }

    #[test]
    fn a_quote_is_found_whatever_its_case_accents_and_marks_and_given_in_the_users_letters() {
        let text = "Réserver une Table, s’il vous plaît! Pick up the fone";
        assert_eq!(found(text, "reserver une table s'il vous"), Some("Réserver une Table, s’il vous"));
        assert_eq!(found(text, "“une Table, s'il”"), Some("une Table, s’il"));
        assert_eq!(found(text, "the phone"), Some("the fone"));
        assert_eq!(found("我要一个客服机器人", "客服"), Some("客服"));
        assert_eq!(found("Здравствуйте, нужен бот", "нужен бот"), Some("нужен бот"));
    }

    #[test]
    fn what_was_not_written_is_no_quote() {
        for quote in ["", "…", "art", "we close at six", "six we close", "客服"] {
            assert_eq!(found("The party starts at six when we close", quote), None, "{quote}");
        }
    }
}
