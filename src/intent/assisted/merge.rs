//! Puts a model's reading beside the grammars': what the person said wins, nothing said is taken away by a guess, and two
//! readings of one value are put to the person.

use std::ops::Range;

use super::super::extract::Extraction;
use super::super::grammar::{Finding, Op};
use super::super::merge::{content, same_goal};
use super::super::models::{AgentSpec, FieldId, FieldKind, Item, Provenance};
use super::{Suggestion, Suggestions};

/// A list holds at most so many values once a model adds to it.
const MOST_VALUES: usize = 50;
/// An agent has at most so many manners.
const MOST_TONES: usize = 3;
/// From this share of their words on two stretches of a message are one statement.
const SAME_WORDS: f32 = 0.6;

/// Two readings of a field that holds one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    pub field: FieldId,
    /// What the field keeps.
    pub ours: Item,
    pub theirs: Item,
}

/// What a message tells, as both readings have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Combined {
    /// The grammars' findings, then what the model adds.
    pub findings: Vec<Finding>,
    /// What the model adds about tools: applied after what the message says of them.
    pub tools: Vec<Finding>,
    pub disagreements: Vec<Disagreement>,
    /// How many of the model's values were not taken, apart from those that were known.
    pub refused: u32,
}

/// What becomes of a suggestion.
enum Verdict {
    Take(Op),
    /// It is there already.
    Known,
    Refuse,
    Ask(Item),
}

/// Combines the readings of one message. `before` is the spec without it.
pub fn combine(before: &AgentSpec, message: &str, read: &Extraction, suggestions: &Suggestions) -> Combined {
    let mut combined = Combined { findings: read.findings.clone(), ..Combined::default() };
    let places: Vec<Option<Range<usize>>> = read.findings.iter().map(|finding| place(finding, message)).collect();
    for suggestion in &suggestions.found {
        let view = View { before, read, places: &places, combined: &combined };
        match view.judge(suggestion, suggestions.message) {
            Verdict::Take(op) => {
                let finding = Finding { op, ..suggestion.finding.clone() };
                let is_about_tools = matches!(finding.field, FieldId::Tools | FieldId::UseTools);
                if is_about_tools { combined.tools.push(finding) } else { combined.findings.push(finding) }
            }
            Verdict::Known => {}
            Verdict::Refuse => combined.refused += 1,
            Verdict::Ask(ours) => {
                let theirs = suggestion.finding.item.clone();
                combined.disagreements.push(Disagreement { field: suggestion.field(), ours, theirs });
            }
        }
    }
    combined
}

/// Where the evidence of a finding stands in the message, in bytes.
fn place(finding: &Finding, message: &str) -> Option<Range<usize>> {
    let quote = &finding.item.evidence.as_ref()?.quote;
    message.find(quote.as_str()).map(|start| start..start + quote.len())
}

struct View<'a> {
    before: &'a AgentSpec,
    read: &'a Extraction,
    places: &'a [Option<Range<usize>>],
    combined: &'a Combined,
}

impl View<'_> {
    fn judge(&self, one: &Suggestion, newest: u32) -> Verdict {
        let field = one.field();
        // What was said earlier was read then; all it may do is fill a gap.
        let is_new = one.message() == Some(newest);
        if !is_new && (self.before.has(field) || one.finding.op == Op::Remove) {
            return Verdict::Known;
        }
        if self.read.says_none && self.read.answers == Some(field) {
            return Verdict::Refuse;
        }
        match one.finding.op {
            Op::Remove => self.removal(one),
            _ if field.kind().is_list() => self.addition(one),
            _ => self.single(one, is_new),
        }
    }

    /// What the grammars read of a field in this message.
    fn ours(&self, field: FieldId) -> impl Iterator<Item = &Finding> {
        self.read.findings.iter().filter(move |finding| finding.field == field)
    }

    /// All that is known of a field once this message is read, with what was taken of the model so far.
    fn known(&self, field: FieldId) -> impl Iterator<Item = &Item> {
        let found = self.combined.findings.iter().chain(&self.combined.tools);
        let added = found.filter(move |finding| finding.field == field && finding.op != Op::Remove);
        self.before.items(field).iter().chain(added.map(|finding| &finding.item))
    }

    /// Whether the grammars read that something of the field is taken back.
    fn is_taken_back(&self, field: FieldId) -> bool {
        let by_tools = field == FieldId::Tools && !self.read.tools.unwanted.is_empty();
        by_tools || field.kind().is_list() && self.ours(field).any(|finding| finding.op != Op::Add)
    }

    fn removal(&self, one: &Suggestion) -> Verdict {
        let field = one.field();
        let Some(known) = self.before.items(field).iter().find(|item| item.value == one.finding.item.value) else {
            return Verdict::Known;
        };
        let is_said_again = self.ours(field).any(|it| it.op != Op::Remove && it.item.value == known.value);
        let may_go = known.provenance.is_assumption() || one.corrects || self.is_taken_back(field);
        match field.kind() {
            _ if is_said_again || !may_go => Verdict::Refuse,
            // Whether there are tools at all, or of which kind it is, is replaced and never just taken away.
            FieldKind::Flag | FieldKind::Id => Verdict::Refuse,
            _ => Verdict::Take(Op::Remove),
        }
    }

    fn addition(&self, one: &Suggestion) -> Verdict {
        let (field, item) = (one.field(), &one.finding.item);
        if self.ours(field).any(|it| it.op == Op::Remove && it.item.value == item.value) {
            return Verdict::Refuse;
        }
        let replaces = one.finding.op == Op::Replace && one.is_said() && (one.corrects || self.is_taken_back(field));
        let is_known = self.known(field).any(|known| same_value(field, known, item));
        if is_known || self.overlaps(one) {
            return Verdict::Known;
        }
        // Guesses give way as soon as the person speaks about the field.
        let speaks = self.known(field).any(|known| known.provenance >= Provenance::Said);
        if !one.is_said() && speaks && field != FieldId::Tools {
            return Verdict::Refuse;
        }
        let most = if field == FieldId::Tone { MOST_TONES } else { MOST_VALUES };
        match () {
            () if replaces => Verdict::Take(Op::Replace),
            () if self.known(field).count() >= most => Verdict::Refuse,
            () => Verdict::Take(Op::Add),
        }
    }

    /// Whether the grammars made something of the same words: in the same list, or of a goal in any list.
    fn overlaps(&self, one: &Suggestion) -> bool {
        let field = one.field();
        if field.kind() != FieldKind::Texts {
            return false;
        }
        self.read.findings.iter().zip(self.places).any(|(finding, place)| {
            let is_kin = finding.field == field || field == FieldId::Goals && finding.field.kind() == FieldKind::Texts;
            let shared = |place: &Range<usize>| {
                let both = place.end.min(one.at.end).saturating_sub(place.start.max(one.at.start));
                both as f32 >= SAME_WORDS * place.len().min(one.at.len()) as f32 && both > 0
            };
            is_kin
                && one.message() == finding.item.evidence.as_ref().map(|it| it.message)
                && place.as_ref().is_some_and(shared)
        })
    }

    fn single(&self, one: &Suggestion, is_new: bool) -> Verdict {
        let (field, item) = (one.field(), &one.finding.item);
        if let Some(ours) = self.ours(field).last() {
            return match same_value(field, &ours.item, item) {
                true => Verdict::Known,
                false if one.is_said() && ours.item.provenance == Provenance::Said => Verdict::Ask(ours.item.clone()),
                false => Verdict::Refuse,
            };
        }
        let Some(known) = self.known(field).last() else { return Verdict::Take(Op::Replace) };
        if same_value(field, known, item) {
            return Verdict::Known;
        }
        match (known.provenance, item.provenance) {
            (Provenance::Default, _) => Verdict::Take(Op::Replace),
            (Provenance::Inferred, Provenance::Said) => Verdict::Take(Op::Replace),
            (_, Provenance::Said) if one.corrects && is_new => Verdict::Take(Op::Replace),
            // The kind of agent is weighed by all that was said, a second name for it is no contradiction; whether there are
            // tools is asked with the tools.
            (_, Provenance::Said) if !matches!(field, FieldId::AgentType | FieldId::UseTools) => {
                Verdict::Ask(known.clone())
            }
            _ => Verdict::Refuse,
        }
    }
}

/// Whether two values say the same.
fn same_value(field: FieldId, one: &Item, other: &Item) -> bool {
    if one.value.eq_ignore_ascii_case(&other.value) {
        return true;
    }
    match field {
        FieldId::Goals => same_goal(&one.value, &other.value),
        _ if field.kind() == FieldKind::Text => {
            let (one, other) = (content(&one.value), content(&other.value));
            !one.is_empty() && !other.is_empty() && (one.is_subset(&other) || other.is_subset(&one))
        }
        _ => false,
    }
}
