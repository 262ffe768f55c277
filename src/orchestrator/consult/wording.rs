//! Puts a reply together while a model's words come: sentence by sentence, each shown only if it keeps the rules.
//!
//! What holds facts stays ours: what a command did, what is to be reviewed, and whatever a model's words fail to say. A
//! wording begins once the findings are applied; all pieces of the answer go through it, the findings first.

use crate::intent::models::FieldId;

use super::super::models::{ReplyPlan, TurnOutcome};
use super::reader::Piece;
use super::rules::{Written, breaks, plain, question_marks, take_sentence};

/// A model says what was understood in at most so many sentences.
const MOST_SENTENCES: usize = 3;
/// And in at most so many characters.
const MOST_CHARS: usize = 400;
/// The longest question, in characters.
const LONGEST_QUESTION: usize = 300;

/// The end of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worded {
    /// What is to be shown after all that was shown before.
    pub rest: String,
    /// The whole reply: everything that was shown, with `rest`.
    pub reply: String,
    /// The model's wording of the question, where it is in the reply.
    pub question: Option<String>,
    /// Whether any of the model's words are in the reply.
    pub is_models: bool,
}

/// Where the words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch {
    /// What was heard; further sentences may come.
    Heard,
    /// What was heard is closed.
    Question,
}

/// A reply that is being put together. Everything it gives out is shown at once and never taken back.
#[derive(Clone, Debug)]
pub struct Wording {
    plan: ReplyPlan,
    asked: Option<FieldId>,
    written: Written,
    at: Stretch,
    /// What was heard, as far as it is no whole sentence yet.
    pending: String,
    sentences: usize,
    /// Whether a sentence broke a rule: nothing more is taken of what was heard.
    is_cut: bool,
    question_field: String,
    question: String,
    shown: String,
    is_models: bool,
}

impl Wording {
    /// For the words of a combined answer, which were written before it was known what counts. `said` are the messages of
    /// the user, the new one with them.
    pub fn new<'a>(outcome: &TurnOutcome, said: impl IntoIterator<Item = &'a str>) -> Wording {
        let mut wording = Wording::of_phrasing(outcome, said);
        // Its account of the message may hold what was not taken over.
        wording.plan.heard_is_free &= !outcome.plan.overruled;
        wording
    }

    /// For the words of a model that was told what counts; they come by [`Wording::text`].
    pub fn of_phrasing<'a>(outcome: &TurnOutcome, said: impl IntoIterator<Item = &'a str>) -> Wording {
        Wording {
            plan: outcome.plan.clone(),
            asked: outcome.interview.asking.as_ref().map(|asking| asking.field),
            written: Written::new(said),
            at: Stretch::Heard,
            pending: String::new(),
            sentences: 0,
            is_cut: false,
            question_field: String::new(),
            question: String::new(),
            shown: String::new(),
            is_models: false,
        }
    }

    /// Takes a piece of a combined answer; gives out what can be shown now.
    pub fn piece(&mut self, piece: &Piece) -> String {
        match piece {
            Piece::Findings(_) if !self.plan.heard_is_free => self.close_heard(),
            Piece::Findings(_) => String::new(),
            Piece::Heard(text) => self.hear(text),
            Piece::QuestionField(field) => {
                self.question_field.clone_from(field);
                self.end_heard()
            }
            Piece::Question(text) => {
                let shown = self.end_heard();
                self.ask(text);
                shown
            }
            Piece::End => self.end_heard(),
        }
    }

    /// Takes a piece of plain text; gives out what can be shown now. Its first question is taken for ours.
    pub fn text(&mut self, piece: &str) -> String {
        if self.at == Stretch::Question {
            return String::new();
        }
        self.pending.push_str(piece);
        let mut shown = String::new();
        while self.at == Stretch::Heard
            && let Some(sentence) = take_sentence(&mut self.pending)
        {
            shown.push_str(&self.sentence_of_text(&sentence));
        }
        shown
    }

    /// The end of the words: as it should be (`is_whole`), or because they broke off.
    pub fn finish(mut self, is_whole: bool) -> Worded {
        let mut rest = String::new();
        if self.at == Stretch::Heard && is_whole {
            let last = std::mem::take(&mut self.pending);
            rest.push_str(&self.sentence_of_text(&last));
        }
        rest.push_str(&self.close_heard());
        let question = self.accepted_question();
        let asked = question.clone().unwrap_or_else(|| self.plan.question.clone());
        self.is_models |= question.is_some();
        rest.push_str(&self.show_part(&asked));
        Worded { rest, reply: self.shown, question, is_models: self.is_models }
    }

    fn hear(&mut self, text: &str) -> String {
        if self.at == Stretch::Question || !self.plan.heard_is_free || self.is_cut {
            return String::new();
        }
        self.pending.push_str(text);
        let mut shown = String::new();
        while let Some(sentence) = take_sentence(&mut self.pending) {
            shown.push_str(&self.sentence(&sentence));
        }
        // Whatever this is, it is no sentence to be shown.
        if self.pending.len() > 4 * MOST_CHARS {
            self.is_cut = true;
            self.pending.clear();
        }
        shown
    }

    /// What was heard came whole: its last sentence has no successor to end it.
    fn end_heard(&mut self) -> String {
        if self.at == Stretch::Question {
            return String::new();
        }
        let last = std::mem::take(&mut self.pending);
        let mut shown = self.sentence(&last);
        shown.push_str(&self.close_heard());
        shown
    }

    /// Ends what was heard, with our words where the model's said nothing, and says what is to be reviewed.
    fn close_heard(&mut self) -> String {
        if self.at == Stretch::Question {
            return String::new();
        }
        self.at = Stretch::Question;
        self.pending.clear();
        let mut shown = String::new();
        if self.sentences == 0 {
            let ours = self.plan.heard.clone();
            shown.push_str(&self.show_part(&ours));
        }
        let review = self.plan.review.clone();
        shown.push_str(&self.show_part(&review));
        shown
    }

    /// A sentence of a plain text: the first question is the question.
    fn sentence_of_text(&mut self, sentence: &str) -> String {
        if question_marks(sentence) == 0 {
            return self.sentence(sentence);
        }
        self.question_field = self.asked.map(FieldId::as_str).unwrap_or_default().to_owned();
        self.ask(sentence);
        self.close_heard()
    }

    /// A sentence of what was heard, shown if it keeps the rules.
    fn sentence(&mut self, sentence: &str) -> String {
        let sentence = plain(sentence);
        if sentence.is_empty() || self.is_cut || !self.plan.heard_is_free {
            return String::new();
        }
        let chars = self.shown.chars().count() + sentence.chars().count();
        let is_over = self.sentences >= MOST_SENTENCES || chars > MOST_CHARS;
        if is_over || question_marks(&sentence) > 0 || breaks(&sentence, &self.written) {
            self.is_cut = true;
            return String::new();
        }
        let divider = if self.sentences == 0 { "" } else { " " };
        self.sentences += 1;
        self.is_models = true;
        self.show(format!("{divider}{sentence}"))
    }

    fn ask(&mut self, text: &str) {
        if self.question.len() <= 4 * LONGEST_QUESTION {
            self.question.push_str(text);
        }
    }

    /// The model's question, where it asks what we ask and is one question that keeps the rules.
    fn accepted_question(&self) -> Option<String> {
        let question = plain(&self.question);
        let is_about_it = self.asked.is_some_and(|field| field.as_str() == self.question_field);
        let is_one = question_marks(&question) == 1
            && question_marks(question.chars().next_back()?.encode_utf8(&mut [0; 4])) == 1
            && question.chars().count() <= LONGEST_QUESTION;
        (self.plan.question_is_free && is_about_it && is_one && !breaks(&question, &self.written)).then_some(question)
    }

    fn show_part(&mut self, part: &str) -> String {
        if part.is_empty() {
            return String::new();
        }
        let divider = if self.shown.is_empty() { "" } else { self.plan.divider() };
        self.show(format!("{divider}{part}"))
    }

    fn show(&mut self, text: String) -> String {
        self.shown.push_str(&text);
        text
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::super::turn;
    use super::*;

    const SAID: &str = "A phone receptionist for our clinic that books appointments and takes messages.";

    fn outcome() -> TurnOutcome {
        static OUTCOME: LazyLock<TurnOutcome> = LazyLock::new(|| turn::apply(turn::open().0, SAID));
        OUTCOME.clone()
    }

    fn worded(outcome: &TurnOutcome, pieces: &[Piece], is_whole: bool) -> Worded {
        let mut wording = Wording::new(outcome, [SAID]);
        let shown: String = pieces.iter().map(|piece| wording.piece(piece)).collect();
        let worded = wording.finish(is_whole);
        assert_eq!(format!("{shown}{}", worded.rest), worded.reply);
        worded
    }

    fn pieces(heard: &str, field: &str, question: &str) -> Vec<Piece> {
        vec![
            Piece::Findings("[]".to_owned()),
            Piece::Heard(heard.to_owned()),
            Piece::QuestionField(field.to_owned()),
            Piece::Question(question.to_owned()),
            Piece::End,
        ]
    }

    fn asked(outcome: &TurnOutcome) -> &'static str {
        outcome.interview.asking.as_ref().unwrap().field.as_str()
    }

    #[test]
    fn the_models_words_take_the_place_of_ours() {
        let outcome = outcome();
        let heard = "Verstanden: eine Rezeption am Telefon. Sie bucht Termine.";
        let told = worded(&outcome, &pieces(heard, asked(&outcome), "Was soll sie noch tun?"), true);
        assert_eq!(told.reply, format!("{heard} Was soll sie noch tun?"));
        assert_eq!((told.question.as_deref(), told.is_models), (Some("Was soll sie noch tun?"), true));
    }

    #[test]
    fn what_breaks_a_rule_is_cut_and_ours_stands_in() {
        let outcome = outcome();
        let (ours, question) = (&outcome.plan.heard, &outcome.plan.question);
        let told = |heard: &str| worded(&outcome, &pieces(heard, "none", ""), true).reply;
        assert_eq!(told("I have approved everything."), format!("{ours} {question}"));
        assert_eq!(
            told("Got it, a receptionist. See http://evil.example now."),
            format!("Got it, a receptionist. {question}")
        );
        assert_eq!(told("Shall I call you?"), format!("{ours} {question}"));
        assert_eq!(
            told("One here. Two here. Three here. Four here."),
            format!("One here. Two here. Three here. {question}")
        );
        assert_eq!(told(&"long ".repeat(200)), format!("{ours} {question}"));
    }

    #[test]
    fn a_question_counts_only_if_it_asks_what_we_ask() {
        let outcome = outcome();
        let question = &outcome.plan.question;
        let told = |field: &str, text: &str| worded(&outcome, &pieces("Got it.", field, text), true).reply;
        let asked = asked(&outcome);
        for (field, text) in [
            ("none", "Anything else?"),
            ("brand_voice", "Is there a brand voice?"),
            (asked, "Tell me more."),
            (asked, "What else? And the name?"),
            (asked, "What else? See www.evil.example"),
            (asked, &format!("{}?", "more ".repeat(80))),
            (asked, ""),
        ] {
            assert_eq!(told(field, text), format!("Got it. {question}"), "{text}");
        }
    }

    #[test]
    fn an_answer_that_breaks_off_keeps_its_whole_sentences() {
        let outcome = outcome();
        let question = &outcome.plan.question;
        let broken = [Piece::Findings("[]".to_owned()), Piece::Heard("A receptionist, then. It boo".to_owned())];
        assert_eq!(worded(&outcome, &broken, false).reply, format!("A receptionist, then. {question}"));
        assert_eq!(worded(&outcome, &broken[..1], false).reply, outcome.reply);
        assert_eq!(
            worded(&outcome, &[], false),
            Worded { rest: outcome.reply.clone(), reply: outcome.reply.clone(), ..Worded::default() }
        );
    }

    #[test]
    fn what_holds_facts_stays_ours() {
        let mut outcome = turn::apply(outcome().interview, "what do you have so far?");
        let told = worded(&outcome, &pieces("All fine.", "none", ""), true);
        assert_eq!((told.reply, told.is_models), (outcome.reply.clone(), false));
        outcome = self::outcome();
        outcome.plan.overruled = true;
        assert_eq!(worded(&outcome, &pieces("All fine.", "none", ""), true).reply, outcome.reply);
    }

    #[test]
    fn plain_text_is_taken_apart_at_its_question() {
        let outcome = outcome();
        let mut wording = Wording::of_phrasing(&outcome, [SAID]);
        let shown: String = ["Compris : un accu", "eil. Que doit-il", " faire d'autre ? Et son nom ?"]
            .map(|it| wording.text(it))
            .concat();
        let told = wording.finish(true);
        assert_eq!(told.reply, "Compris : un accueil. Que doit-il faire d'autre ?");
        assert_eq!(format!("{shown}{}", told.rest), told.reply);
    }

    proptest! {
        #[test]
        fn whatever_comes_the_reply_is_what_was_shown_and_asks(heard in "\\PC{0,80}", text in "\\PC{0,80}", is_whole: bool, cut in 0usize..6) {
            let outcome = outcome();
            let told = worded(&outcome, &pieces(&heard, asked(&outcome), &text)[..cut.min(5)], is_whole);
            let question = told.question.as_ref().unwrap_or(&outcome.plan.question);
            prop_assert!(told.reply.ends_with(question.as_str()) && !told.reply.starts_with(question.as_str()));
        }
    }
}
