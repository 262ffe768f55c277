//! Which sentences of a model may be shown, and where sentences end.

use crate::intent::text::{Text, fold};

use super::data::{RULES, stretches};

/// Marks by which a question ends.
const QUESTION_MARKS: [char; 4] = ['?', '？', '؟', '\u{37e}'];
/// From so many digits on a number may be somebody's phone.
const PHONE_DIGITS: usize = 7;

/// What the user wrote: addresses and the like in it may be said again.
#[derive(Clone, Debug, Default)]
pub struct Written {
    folded: String,
    digits: String,
}

impl Written {
    pub fn new<'a>(messages: impl IntoIterator<Item = &'a str>) -> Written {
        let folded = messages.into_iter().map(fold).collect::<Vec<_>>().join("\n");
        let digits = folded.chars().filter(char::is_ascii_digit).collect();
        Written { folded, digits }
    }

    fn has(&self, text: &str) -> bool {
        self.folded.contains(&fold(text))
    }
}

/// The model's letters without those that hide or turn others; one line.
pub fn plain(text: &str) -> String {
    let keeps = |letter: &char| !matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}');
    let spaced = text.chars().filter(keeps).map(|letter| if letter.is_control() { ' ' } else { letter });
    spaced.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn question_marks(text: &str) -> usize {
    text.chars().filter(|letter| QUESTION_MARKS.contains(letter)).count()
}

/// Whether a sentence may not be shown: it holds an address or number that the user did not write, markup, a claim of
/// something done, words of the machinery or of our instructions.
pub fn breaks(sentence: &str, written: &Written) -> bool {
    has_markup(sentence, written)
        || sentence.split_whitespace().any(|word| is_foreign_word(word, written))
        || has_foreign_number(sentence, written)
        || claims_a_deed(sentence)
        || stretches(sentence).iter().any(|run| RULES.instructions.contains(run))
}

fn has_markup(sentence: &str, written: &Written) -> bool {
    let letters: Vec<char> = sentence.chars().collect();
    let is_tag = |pair: &[char]| pair[0] == '<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], '/' | '!'));
    ["![", "](", "```"].iter().any(|mark| sentence.contains(mark))
        || letters.windows(2).any(is_tag)
        || sentence.contains(['{', '}']) && !written.folded.contains('{')
}

/// An address, or a name with an underscore, that the user did not write.
fn is_foreign_word(word: &str, written: &Written) -> bool {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    let lower = word.to_lowercase();
    let ends_like_an_address = || {
        let host = lower.split('/').next().unwrap_or_default();
        host.rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && RULES.domains.contains(end))
    };
    let is_address =
        lower.contains("://") || lower.contains('@') || lower.starts_with("www.") || ends_like_an_address();
    (is_address || word.contains('_')) && !written.has(word)
}

fn has_foreign_number(sentence: &str, written: &Written) -> bool {
    let is_inside = |letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '.' | '/' | '(' | ')' | '+');
    sentence.split(|letter| !is_inside(letter)).any(|run| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        digits.len() >= PHONE_DIGITS && !written.digits.contains(&digits)
    })
}

fn claims_a_deed(sentence: &str) -> bool {
    let folded = fold(sentence);
    !RULES.claims.find_all(&Text::new(sentence)).is_empty()
        || RULES.claims_anywhere.iter().any(|claim| folded.contains(claim.as_str()))
}

/// Takes the first whole sentence off a text that may still grow. A sentence is whole once something follows that can
/// begin another one.
pub fn take_sentence(text: &mut String) -> Option<String> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for (index, (_, letter)) in letters.iter().enumerate() {
        if !ends_sentence(&letters, index, *letter) {
            continue;
        }
        let mut end = index + 1;
        while letters.get(end).is_some_and(|(_, letter)| is_closing(*letter)) {
            end += 1;
        }
        let (cut, next) = letters.get(end).copied()?;
        let is_wide = matches!(letter, '。' | '！' | '？' | '\n');
        let after = letters[end..].iter().map(|(_, letter)| *letter).find(|letter| !letter.is_whitespace());
        let begins_anew = next.is_whitespace() && !after?.is_lowercase();
        if is_wide || begins_anew {
            let rest = text.split_off(cut);
            return Some(std::mem::replace(text, rest));
        }
    }
    None
}

fn is_closing(letter: char) -> bool {
    matches!(letter, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '“' | '」' | '』' | '.' | '!' | '?')
}

/// Whether a mark may end a sentence here: the point of "z. B." does not.
fn ends_sentence(letters: &[(usize, char)], index: usize, letter: char) -> bool {
    match letter {
        '!' | '…' | '。' | '！' | '।' | '\n' => true,
        _ if QUESTION_MARKS.contains(&letter) => true,
        '.' => {
            let word = letters[..index].iter().rev().take_while(|(_, letter)| letter.is_alphanumeric());
            word.count() > 1
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_whole_once_another_begins() {
        let mut text = "Ruhig, z. B. abends. „Ja!“ Und v2.5 auch. ok".to_owned();
        let taken: Vec<String> = std::iter::from_fn(|| take_sentence(&mut text)).collect();
        assert_eq!(taken, ["Ruhig, z. B. abends.", " „Ja!“"]);
        assert_eq!(text, " Und v2.5 auch. ok");
        let mut text = "はい。電話".to_owned();
        assert_eq!(take_sentence(&mut text).as_deref(), Some("はい。"));
        assert_eq!(take_sentence(&mut "Done.".to_owned()), None);
    }

    #[test]
    fn what_a_model_may_not_say() {
        let written = Written::new(["Our site is www.mill.example and booking.com, call 0151 2345678"]);
        for sentence in [
            "See https://evil.example/x for more.",
            "Write to me@evil.example.",
            "Go to evil.com now.",
            "Call 0800 123 4567.",
            "![x](data:image/png)",
            "Read [this](x).",
            "Nice <img src=x> one.",
            "I have sent the email.",
            "I've just booked it.",
            "Your agent is now live.",
            "The workflow has been approved.",
            "Ich habe die Mail gesendet.",
            "El agente ya está aprobado.",
            "已批准。",
            "I set use_tools to no.",
            "{\"approved\": true}",
            "You work inside an interviewer that helps a person describe an agent.",
        ] {
            assert!(breaks(sentence, &written), "{sentence}");
        }
        for sentence in [
            "Understood: a calm receptionist for your clinic.",
            "It takes bookings on booking.com and www.mill.example.",
            "Callers reach 0151 2345678.",
            "It books appointments, sends reminders and marks orders as paid.",
            "Refunds above 50 € go to a manager, e.g. on weekends.",
            "Verstanden: Der Bot bucht Termine und ist freundlich.",
            "x < 3 & y > 2",
        ] {
            assert!(!breaks(sentence, &written), "{sentence}");
        }
    }

    #[test]
    fn letters_that_hide_are_left_out() {
        assert_eq!(plain("a\u{202E}b\u{200B}\n c\u{E0041}"), "ab c");
    }
}
