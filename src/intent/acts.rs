//! Dialogue acts: what a message does, apart from what it tells.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lexicon::lexicon;
use super::text::Text;

/// What a message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Finish,
    Undo,
    Redo,
    Back,
    Restart,
    Summarise,
    Why,
    More,
    Skip,
    DontKnow,
    Affirm,
    Deny,
    Ready,
    Thanks,
    Greeting,
    OffTopic,
    Meta,
}

/// Words that carry nothing of their own between acts.
const FILLERS: &[&str] = &[
    "please",
    "well",
    "so",
    "then",
    "just",
    "really",
    "honestly",
    "uh",
    "um",
    "er",
    "erm",
    "oh",
    "ah",
    "haha",
    "lol",
    "hey",
    "hi",
    "the",
    "a",
    "it",
    "that",
    "this",
    "i",
    "with",
    "and",
    "now",
    "for",
    "me",
    "mate",
    "thanks",
    "too",
    "sorry",
    "anyway",
    "guess",
    "think",
    "would",
    "say",
    "actually",
    "por",
    "favor",
    "bitte",
    "merci",
    "per",
    "favore",
    "s'il",
    "vous",
    "plait",
    "te",
    "plait",
    "alstublieft",
    "to",
    "be",
    "honest",
    "is",
    "of",
    "on",
    "my",
    "we",
    "us",
    "want",
    "let's",
    "can",
    "you",
    "what",
    "in",
    "there",
    "at",
    "all",
    "all's",
    "here",
    "but",
    "if",
    "prosze",
    "hun",
    "love",
    "dear",
    "darling",
    "honey",
    "sir",
    "sah",
    "madam",
    "ma'am",
    "bro",
    "man",
    "boss",
    "pal",
    "buddy",
    "friend",
    "du",
    "sie",
    "ja",
    "mal",
    "y",
    "e",
    "et",
    "und",
    "o",
    "ou",
    "che",
    "que",
];

/// The acts of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acts {
    /// In the order in which they stand.
    pub kinds: Vec<Act>,
    /// Whether the message is nothing but acts.
    pub covers: bool,
    /// An agreement or denial the message opens with, and where what follows begins.
    pub lead: Option<(Act, usize)>,
}

impl Acts {
    pub fn has(&self, act: Act) -> bool {
        self.kinds.contains(&act)
    }
}

/// Reads the acts of a message. Short phrases decide only where they cover it; "no, only text messages" is content.
pub fn read(text: &Text<'_>) -> Acts {
    if let Some(act) = wordless(text) {
        return Acts { kinds: vec![act], covers: true, lead: None };
    }
    let lexicon = lexicon();
    let mut kinds = Vec::new();
    let mut whole = lexicon.whole_acts.find_all(text);
    let anywhere = lexicon.anywhere_acts.find_all(text);
    // "Tell me a joke" is not about a manner.
    whole.extend(anywhere.iter().filter(|one| one.meaning == Act::OffTopic).cloned());
    let mut covered = vec![false; text.tokens.len()];
    for one in &whole {
        covered[one.at.clone()].fill(true);
    }
    let is_covered = |at: usize| {
        let token = &text.tokens[at];
        covered[at] || !token.is_word || FILLERS.contains(&token.norm.as_str())
    };
    let covers = !whole.is_empty() && (0..text.tokens.len()).all(is_covered);
    if covers {
        kinds.extend(whole.iter().map(|one| one.meaning));
    }
    kinds.extend(anywhere.iter().map(|one| one.meaning));
    kinds.dedup();
    Acts { kinds, covers, lead: lead(text) }
}

/// What a message without a word does: "-", "?", a thumb, "n/a".
fn wordless(text: &Text<'_>) -> Option<Act> {
    let letters = text.original.trim().trim_end_matches('.').to_ascii_lowercase();
    if matches!(letters.as_str(), "n/a" | "n.a") {
        return Some(Act::Skip);
    }
    if text.tokens.iter().any(|token| token.is_word) {
        return None;
    }
    Some(match text.original.trim() {
        mark if mark.contains(['👍', '👌', '✅', '✔', '🆗']) => Act::Affirm,
        mark if mark.contains(['👎', '❌', '✖']) => Act::Deny,
        mark if mark.contains('?') => Act::Why,
        _ => Act::Skip,
    })
}

fn lead(text: &Text<'_>) -> Option<(Act, usize)> {
    let start = text.trim(0..text.tokens.len());
    let found = lexicon().lead_acts.find(text, start.clone());
    let first = found.into_iter().find(|one| starts_message(text, start.start, &one.at))?;
    // "No email" is not a denial: the word must stand on its own, before a mark or at the end.
    let next = text.tokens.get(first.at.end);
    let stands_alone = next.is_none_or(|token| !token.is_word);
    let yields = first.meaning == Act::Affirm
        && next.is_some_and(|token| matches!(token.norm.as_str(), "but" | "and" | "it" | "we" | "i" | "to" | "please"));
    let after = text.trim(first.at.end..text.tokens.len()).start;
    (stands_alone || yields).then_some((first.meaning, after))
}

fn starts_message(text: &Text<'_>, start: usize, at: &Range<usize>) -> bool {
    text.tokens[start..at.start]
        .iter()
        .all(|token| !token.is_word || matches!(token.norm.as_str(), "oh" | "well" | "um" | "ah" | "so"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acts(text: &str) -> Acts {
        read(&Text::new(text))
    }

    #[test]
    fn everyday_replies() {
        for (text, act) in [
            ("skip", Act::Skip),
            ("Ooh, not sure. Up to you.", Act::Skip),
            ("dunno u pick", Act::DontKnow),
            ("je ne sais pas, comme vous voulez", Act::Skip),
            ("that's all, finish now", Act::Finish),
            ("Why do you ask?", Act::Why),
            ("what do you have so far?", Act::Summarise),
            ("undo that please", Act::Undo),
            ("can we go back", Act::Back),
            ("let's start over", Act::Restart),
            ("yes, that looks right", Act::Affirm),
            ("No thank you.", Act::Deny),
            ("ask me more questions", Act::More),
            ("idk hun", Act::DontKnow),
            ("n/a", Act::Skip),
            ("-", Act::Skip),
            ("👍", Act::Affirm),
            ("??", Act::Why),
        ] {
            let read = acts(text);
            assert!(read.covers && read.has(act), "{text}: {read:?}");
        }
    }

    #[test]
    fn short_words_decide_only_when_they_cover_the_message() {
        let read = acts("no email, only SMS");
        assert!(!read.covers && read.lead.is_none());
        let read = acts("Yes, but more formal and drop the emails");
        assert!(!read.covers);
        assert_eq!(read.lead.map(|(act, _)| act), Some(Act::Affirm));
        assert_eq!(acts("No. I'll paste it myself.").lead.map(|(act, _)| act), Some(Act::Deny));
    }
}
