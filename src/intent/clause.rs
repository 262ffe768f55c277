//! Clauses and the reach of a "not".

use std::ops::Range;

use super::lexicon::lexicon;
use super::text::Text;

/// How many words a negation reaches forward.
const REACH: usize = 6;

/// The clauses of a token range: divided at commas, semicolons, dashes, brackets and "but".
pub fn clauses(text: &Text<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    text.split(range, |token| {
        matches!(
            token.norm.as_str(),
            "," | ";" | ":" | "-" | "–" | "—" | "(" | ")" | "." | "!" | "?" | "/" | "but" | "aber" | "pero" | "mais"
        )
    })
}

/// Whether what stands at `at` is denied by a word before it in its clause.
pub fn is_negated(text: &Text<'_>, at: usize) -> bool {
    let lexicon = lexicon();
    let start = at.saturating_sub(REACH);
    for index in (start..at).rev() {
        let token = &text.tokens[index];
        if !token.is_word && !matches!(token.norm.as_str(), "'" | "\"" | "“" | "”" | "/" | "-") {
            return false;
        }
        if lexicon.is_negator(&token.norm) {
            // In Portuguese "no" is "in the".
            return token.norm != "no" || text.language() != "pt";
        }
        if lexicon.ends_scope(&token.norm) {
            return false;
        }
    }
    false
}

/// Whether what stands in the range is taken back by the words beside it: "formal is wrong", "forget stern".
pub fn is_taken_back(text: &Text<'_>, range: &Range<usize>) -> bool {
    let stands_alone = text.tokens.get(range.end + 1).is_none_or(|token| !token.is_word);
    if text.is(range.end, &["no", "nicht", "nein", "nee", "niet", "nao", "pas", "nope"]) && stands_alone {
        return true;
    }
    // "I first thought stern, forget stern"
    if range.start > 0
        && text.is(range.start - 1, &["forget", "scrap", "drop", "lose", "skip", "olvida", "oublie", "vergiss"])
    {
        return true;
    }
    let after = text.norm(range.end..(range.end + 4).min(text.tokens.len()));
    ["is wrong", "was wrong", "isn't right", "is too much", "is not right", "wouldn't fit"]
        .iter()
        .any(|cue| after == *cue || after.starts_with(&format!("{cue} ")))
}

/// Where the part of the range begins that counts after a self-correction ("no wait, …"); the start when there is none.
pub fn after_correction(text: &Text<'_>, range: Range<usize>) -> usize {
    let found = lexicon().corrections.find(text, range.clone());
    found.last().map_or(range.start, |one| one.at.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negated(sentence: &str, word: &str) -> bool {
        let text = Text::new(sentence);
        let at = text.tokens.iter().position(|token| token.norm == word).unwrap();
        is_negated(&text, at)
    }

    #[test]
    fn negation_ends_at_commas_and_buts() {
        assert!(negated("not too formal", "formal"));
        assert!(negated("please no email or sms", "sms"));
        assert!(!negated("no email, only sms", "sms"));
        assert!(!negated("not formal but friendly", "friendly"));
        assert!(negated("it doesn't need a calendar", "calendar"));
    }
}
