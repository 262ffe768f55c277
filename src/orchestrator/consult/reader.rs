//! Takes a streamed answer apart while it comes: findings, then the words for the user.
//!
//! Parsers of JSON that take input bit by bit give a text only once it is whole; here its beginning is wanted.

use super::escape::{Escape, Unit};

/// The longest answer, in bytes.
const LONGEST: usize = 256 * 1024;

/// A part of an answer. Parts come in this order, whatever their order in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The whole list of findings, as JSON.
    Findings(String),
    /// A piece of what was heard.
    Heard(String),
    /// What the question is about, whole.
    QuestionField(String),
    /// A piece of the question.
    Question(String),
    /// The document ended as it should.
    End,
}

/// Why an answer is no whole document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error("the answer holds no document")]
    NoDocument,
    #[error("the document breaks the rules of JSON")]
    Broken,
    #[error("the document breaks off")]
    CutOff,
    #[error("the answer is longer than allowed")]
    TooLong,
}

/// Where the reader stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// Before the document.
    #[default]
    Outside,
    /// After a `{` that may open the document.
    Opened,
    /// Before a name, or the end of the object.
    Name,
    /// Inside a name.
    InName,
    Colon,
    Value,
    /// Inside a text that is wanted.
    InText(Part),
    /// Inside a value that is kept as it is, or passed over.
    InRaw(Raw),
    /// After a value.
    Next,
    Done,
}

/// A value that is not read but only passed through: how deep inside it, and whether inside a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Raw {
    is_findings: bool,
    depth: u32,
    in_text: bool,
    escaped: bool,
}

/// The parts of an answer in the order in which they are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Findings,
    Heard,
    Field,
    Question,
}

const PARTS: [Part; 4] = [Part::Findings, Part::Heard, Part::Field, Part::Question];

#[derive(Debug, Default)]
struct Collected {
    text: String,
    given: usize,
    is_whole: bool,
}

/// Reads one answer.
#[derive(Debug, Default)]
pub struct AnswerReader {
    at: At,
    /// Whether the reader is inside the object of the question.
    in_question: bool,
    name: String,
    escape: Escape,
    parts: [Collected; 4],
    bytes: usize,
    error: Option<AnswerError>,
    /// Whether the end was given out.
    is_over: bool,
}

impl AnswerReader {
    pub fn new() -> AnswerReader {
        AnswerReader::default()
    }

    /// Takes the next piece of the answer; gives out what it completes.
    pub fn push(&mut self, piece: &str) -> Vec<Piece> {
        for letter in piece.chars() {
            if self.error.is_some() || self.at == At::Done {
                break;
            }
            self.bytes += letter.len_utf8();
            let step = if self.bytes > LONGEST { Err(AnswerError::TooLong) } else { self.step(letter) };
            self.error = step.err();
        }
        self.give_out()
    }

    /// Whether the answer was a whole document.
    ///
    /// # Errors
    /// Says what is wrong with it. What was given out before stays good.
    pub fn finish(&self) -> Result<(), AnswerError> {
        match (self.error, self.at) {
            (Some(error), _) => Err(error),
            (None, At::Done) => Ok(()),
            (None, At::Outside | At::Opened) => Err(AnswerError::NoDocument),
            (None, _) => Err(AnswerError::CutOff),
        }
    }

    fn step(&mut self, letter: char) -> Result<(), AnswerError> {
        let is_space = letter.is_whitespace();
        self.at = match self.at {
            At::Opened if letter == '"' => At::InName,
            At::Opened if is_space => At::Opened,
            At::Outside | At::Opened => {
                if letter == '{' {
                    At::Opened
                } else {
                    At::Outside
                }
            }
            At::Name if is_space || letter == ',' => At::Name,
            At::Name if letter == '"' => At::InName,
            At::Name | At::Next if letter == '}' => self.close(),
            At::InName => self.step_in_name(letter),
            At::Colon if is_space => At::Colon,
            At::Colon if letter == ':' => At::Value,
            At::Value if is_space => At::Value,
            At::Value => self.open_value(letter)?,
            At::InText(part) => self.step_in_text(part, letter),
            At::InRaw(raw) => self.step_in_raw(raw, letter),
            At::Next if is_space => At::Next,
            At::Next if letter == ',' => At::Name,
            _ => return Err(AnswerError::Broken),
        };
        Ok(())
    }

    /// The end of the object the reader is in.
    fn close(&mut self) -> At {
        if !self.in_question {
            return At::Done;
        }
        self.in_question = false;
        At::Next
    }

    fn step_in_name(&mut self, letter: char) -> At {
        match self.escape.take(letter) {
            Unit::Close => At::Colon,
            Unit::Nothing => At::InName,
            Unit::Letter(letter) => {
                self.name.push(letter);
                At::InName
            }
        }
    }

    fn open_value(&mut self, letter: char) -> Result<At, AnswerError> {
        let name = std::mem::take(&mut self.name);
        let part = match (self.in_question, name.as_str()) {
            (false, "findings") => Some(Part::Findings),
            (false, "heard") => Some(Part::Heard),
            (true, "field") => Some(Part::Field),
            (true, "text") => Some(Part::Question),
            _ => None,
        };
        // A name that comes twice counts once.
        let part = part.filter(|part| self.parts[*part as usize].text.is_empty());
        match (part, letter) {
            (_, '}' | ']' | ',' | ':') => Err(AnswerError::Broken),
            (Some(part), '"') if part != Part::Findings => Ok(At::InText(part)),
            (None, '{') if !self.in_question && name == "question" => {
                self.in_question = true;
                Ok(At::Name)
            }
            _ => {
                let is_findings = part == Some(Part::Findings);
                let raw = Raw { is_findings, depth: 0, in_text: false, escaped: false };
                Ok(self.step_in_raw(raw, letter))
            }
        }
    }

    fn step_in_text(&mut self, part: Part, letter: char) -> At {
        let collected = &mut self.parts[part as usize];
        match self.escape.take(letter) {
            Unit::Close => {
                collected.is_whole = true;
                At::Next
            }
            Unit::Nothing => At::InText(part),
            Unit::Letter(letter) => {
                collected.text.push(letter);
                At::InText(part)
            }
        }
    }

    fn step_in_raw(&mut self, mut raw: Raw, letter: char) -> At {
        let ends_plain = raw.depth == 0 && !raw.in_text && matches!(letter, ',' | '}');
        if ends_plain {
            self.parts[Part::Findings as usize].is_whole |= raw.is_findings;
            return if letter == ',' { At::Name } else { self.close() };
        }
        if raw.is_findings {
            self.parts[Part::Findings as usize].text.push(letter);
        }
        match letter {
            _ if raw.escaped => raw.escaped = false,
            '\\' if raw.in_text => raw.escaped = true,
            '"' => raw.in_text = !raw.in_text,
            '[' | '{' if !raw.in_text => raw.depth += 1,
            ']' | '}' if !raw.in_text => raw.depth = raw.depth.saturating_sub(1),
            _ => {}
        }
        if matches!(letter, ']' | '}' | '"') && raw.depth == 0 && !raw.in_text {
            self.parts[Part::Findings as usize].is_whole |= raw.is_findings;
            return At::Next;
        }
        At::InRaw(raw)
    }

    /// What can be given out: each part after all before it, or after the document's end.
    fn give_out(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for part in PARTS {
            let collected = &mut self.parts[part as usize];
            let comes_whole = matches!(part, Part::Findings | Part::Field);
            if collected.given < collected.text.len() && (!comes_whole || collected.is_whole) {
                let text = collected.text[collected.given..].to_owned();
                collected.given = collected.text.len();
                pieces.push(match part {
                    Part::Findings => Piece::Findings(text),
                    Part::Heard => Piece::Heard(text),
                    Part::Field => Piece::QuestionField(text),
                    Part::Question => Piece::Question(text),
                });
            }
            if !collected.is_whole && self.at != At::Done {
                return pieces;
            }
        }
        if self.at == At::Done && !self.is_over {
            self.is_over = true;
            pieces.push(Piece::End);
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANSWER: &str = r#"{"findings":[{"field":"tone","quote":"say \"hi\" [now]}","value":"friendly"}],
        "heard":"Verstanden: „ruhig“ \ud83d\ude42.\nGut.","question":{"field":"channel","text":"Wo? \u00e9"}}"#;

    fn told(pieces: &[&str]) -> (Vec<Piece>, Result<(), AnswerError>) {
        let mut reader = AnswerReader::new();
        let mut told: Vec<Piece> = Vec::new();
        for piece in pieces.iter().flat_map(|piece| reader.push(piece)) {
            match (told.last_mut(), piece) {
                (Some(Piece::Heard(before)), Piece::Heard(more)) => before.push_str(&more),
                (Some(Piece::Question(before)), Piece::Question(more)) => before.push_str(&more),
                (_, piece) => told.push(piece),
            }
        }
        (told, reader.finish())
    }

    fn whole() -> Vec<Piece> {
        vec![
            Piece::Findings(r#"[{"field":"tone","quote":"say \"hi\" [now]}","value":"friendly"}]"#.to_owned()),
            Piece::Heard("Verstanden: „ruhig“ 🙂.\nGut.".to_owned()),
            Piece::QuestionField("channel".to_owned()),
            Piece::Question("Wo? é".to_owned()),
            Piece::End,
        ]
    }

    #[test]
    fn text_around_the_document_other_values_and_another_order_do_not_matter() {
        let fenced = format!("Sure {{see}} [1]:\n```json\n{ANSWER}\n``` That is {{all}}.");
        let extra = ANSWER.replacen('{', r#"{"approved":true,"stage":{"a":["}"]},"n":-1.5e3,"x":null,"#, 1);
        for answer in [ANSWER, &fenced, &extra] {
            assert_eq!(told(&[answer]), (whole(), Ok(())), "{answer}");
        }
        let turned = r#"{"question":{"text":"Q?","field":"tone"},"heard":"H","findings":[]}"#;
        let parts = ["[]", "H", "tone", "Q?"].map(str::to_owned);
        let [findings, heard, field, text] = parts;
        let expected =
            [Piece::Findings(findings), Piece::Heard(heard), Piece::QuestionField(field), Piece::Question(text)];
        assert_eq!(told(&[turned]).0, [&expected[..], &[Piece::End]].concat());
    }

    #[test]
    fn the_words_come_while_the_answer_comes() {
        let mut reader = AnswerReader::new();
        assert_eq!(reader.push(r#"{"findings":["#), []);
        assert_eq!(
            reader.push(r#"],"heard":"Hel"#),
            [Piece::Findings("[]".to_owned()), Piece::Heard("Hel".to_owned())]
        );
        assert_eq!(reader.push("lo"), [Piece::Heard("lo".to_owned())]);
        assert_eq!(reader.finish(), Err(AnswerError::CutOff));
    }

    #[test]
    fn what_is_no_document_is_an_error_and_never_a_piece() {
        for (answer, error) in [
            ("", AnswerError::NoDocument),
            ("I cannot help with that. {}", AnswerError::NoDocument),
            (r#"{"findings" [1]}"#, AnswerError::Broken),
            (r#"{"findings":}"#, AnswerError::Broken),
            (r#"{"heard":"a" "question":1}"#, AnswerError::Broken),
            (r#"{"findings":[{"field":"tone""#, AnswerError::CutOff),
        ] {
            assert_eq!(told(&[answer]), (Vec::new(), Err(error)), "{answer}");
        }
        let mut reader = AnswerReader::new();
        reader.push("{\"findings\":[");
        let long = "1,".repeat(1024);
        let given: usize = (0..1024).map(|_| reader.push(&long).len()).sum();
        assert_eq!((given, reader.finish()), (0, Err(AnswerError::TooLong)));
        assert!(reader.parts[0].text.len() <= LONGEST);
    }

    #[test]
    fn half_a_pair_and_odd_escapes_do_no_harm() {
        let answer = r#"{"findings":[],"heard":"a\ud83dx\ude42\q\u00zz\ud83d\ud83d\ude42","question":{"field":"none","text":""}}"#;
        assert_eq!(told(&[answer]).0[1], Piece::Heard("axqzz🙂".to_owned()));
    }

    proptest! {
        #[test]
        fn where_the_answer_is_cut_does_not_matter(cuts in prop::collection::vec(0..ANSWER.len(), 0..40)) {
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| ANSWER.is_char_boundary(*cut)).collect();
            cuts.sort_unstable();
            cuts.push(ANSWER.len());
            let mut start = 0;
            let pieces: Vec<&str> = cuts.into_iter().map(|end| { let piece = &ANSWER[start..end]; start = end; piece }).collect();
            prop_assert_eq!(told(&pieces), (whole(), Ok(())));
        }

        #[test]
        fn any_text_is_taken_and_its_cuts_do_not_matter(text in r#"[{}\[\]:,"\\ufhdnsx0-9aé🙂 ]{0,60}"#, tail in "\\PC{0,30}", at in 0usize..60) {
            let text = format!("{{\"findings\":[],\"heard\":\"{text}{tail}");
            let cut = (0..=at.min(text.len())).rev().find(|cut| text.is_char_boundary(*cut)).unwrap_or(0);
            prop_assert_eq!(told(&[&text[..cut], &text[cut..]]), told(&[&text]));
        }

        #[test]
        fn a_text_arrives_as_it_was_written(heard in "\\PC{1,60}") {
            let answer = serde_json::json!({ "findings": [], "heard": heard, "question": { "field": "none", "text": "" } });
            prop_assert_eq!(&told(&[&answer.to_string()]).0[1], &Piece::Heard(heard));
        }
    }
}
