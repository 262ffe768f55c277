//! Reads one message: its acts, the question it answers, and the values of every field it speaks of.

use super::acts::{self, Act, Acts};
use super::grammar::agent_type::{self, TypeEvidence};
use super::grammar::{Finding, Reading, closed, free, goals, name, rules};
use super::lexicon::lexicon;
use super::models::{FieldId, FieldKind};
use super::text::Text;
use super::tool_talk::ToolTalk;

/// What the interview knows when a message comes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// The field of the open question.
    pub asked: Option<FieldId>,
    /// The field that was answered last: additions and corrections are about it.
    pub previous: Option<FieldId>,
    /// The number of the message.
    pub message: u32,
    pub is_opening: bool,
}

/// What one message says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    pub acts: Acts,
    /// The field the message answers or amends; `None` when it is about no single one.
    pub answers: Option<FieldId>,
    /// Whether the message says that there is nothing of what was asked about.
    pub says_none: bool,
    pub findings: Vec<Finding>,
    pub tools: ToolTalk,
    pub agent_type: TypeEvidence,
}

/// Reads a message in its context; `tools` is what it says about tools. Pure and deterministic.
pub fn extract(text: &Text<'_>, tools: ToolTalk, context: Context) -> Extraction {
    let acts = acts::read(text);
    let answers = addressee(text, &tools, &acts, context);
    let reading = Reading { text, message: context.message, is_opening: context.is_opening, answers, tools: &tools };
    // An answer that names a value of the field counts as content, whatever act it might also be.
    let names_value = answers.is_some_and(|field| {
        field.kind() != FieldKind::Text && field.kind() != FieldKind::Texts && fits(&reading, field)
    });
    if acts.covers && (!names_value || acts.has(Act::OffTopic)) {
        return Extraction { acts, answers, ..Extraction::default() };
    }
    let says_none = answers
        .is_some_and(|field| may_be_none(field) && (rules::is_none(text, field) || denies_all(text, &acts, field)));
    let mut findings = if says_none { Vec::new() } else { answer_findings(&reading, &acts, context) };
    add_passing(&reading, &mut findings);
    let agent_type = agent_type::evidence(&reading);
    let acts = Acts { covers: false, ..acts };
    Extraction { acts, answers, says_none, findings, tools, agent_type }
}

/// Fields whose answer may be that there is none.
fn may_be_none(field: FieldId) -> bool {
    matches!(field.kind(), FieldKind::Text | FieldKind::Texts) && field != FieldId::Goals
}

/// "No. It's only me." and the like: a denial with an explanation that names no case and no limit.
fn denies_all(text: &Text<'_>, acts: &Acts, field: FieldId) -> bool {
    let Some((Act::Deny, after)) = acts.lead else { return false };
    let rest = || after..text.tokens.len();
    if field == FieldId::EscalationRules {
        return lexicon().conditions.find(text, rest()).is_empty();
    }
    let words = text.tokens.iter().filter(|token| token.is_word).count();
    words <= 8 && lexicon().restrictions.find(text, rest()).is_empty()
}

/// Which field a message is about: the one asked, unless it plainly continues or corrects the one before.
fn addressee(text: &Text<'_>, tools: &ToolTalk, acts: &Acts, context: Context) -> Option<FieldId> {
    if context.is_opening {
        return None;
    }
    if context.asked == Some(FieldId::Goals) && closed::is_all_tone(text) {
        return Some(FieldId::Tone);
    }
    if tools.is_list && !tools.unwanted.is_empty() && context.asked != Some(FieldId::Channel) {
        return Some(FieldId::Tools);
    }
    let (Some(asked), Some(previous)) = (context.asked, context.previous) else { return context.asked };
    if acts.covers || asked == previous {
        return Some(asked);
    }
    let fits_field = |field: FieldId| {
        let reading = Reading { text, tools, message: context.message, is_opening: false, answers: Some(field) };
        fits(&reading, field)
    };
    let continues = continues(text);
    let free_asked = matches!(asked.kind(), FieldKind::Text | FieldKind::Texts);
    let fits_asked = !free_asked && (fits_field(asked) || acts.lead.is_some());
    let fits_previous = fits_field(previous);
    let is_previous = match (continues, free_asked) {
        (true, true) => fits_previous || matches!(previous.kind(), FieldKind::Texts),
        (true, false) => fits_previous && (!fits_asked || previous.kind() == FieldKind::Ids),
        // Free text has cues too: a limit forbids, a hand-over has its case.
        (false, true) => {
            let is_clear = !fits_field(asked) && previous.kind().is_list() && previous.kind() != FieldKind::Texts;
            // "No, not the push": what the tools are not.
            let denies_tool =
                previous == FieldId::Tools && matches!(acts.lead, Some((Act::Deny, _))) && !tools.unwanted.is_empty();
            has_cues(asked) && fits_previous && (is_clear || denies_tool)
        }
        (false, false) => {
            fits_previous && !fits_asked && !matches!(previous.kind(), FieldKind::Text | FieldKind::Texts)
        }
    };
    if is_previous {
        Some(previous)
    } else if continues && !fits_asked && !free_asked {
        None
    } else {
        Some(asked)
    }
}

/// Fields of free text whose answers can be told by their cues.
fn has_cues(field: FieldId) -> bool {
    field == FieldId::Constraints
}

/// Whether a message opens by adding to or correcting what was said before.
fn continues(text: &Text<'_>) -> bool {
    // Commas do not count: "Oh, and …" is "oh and".
    let words = text.norm(0..text.tokens.len());
    let text = Text::new(&words);
    let forgot = text.tokens.iter().any(|token| token.norm == "forgot");
    forgot || lexicon().continuations.find_all(&text).iter().any(|one| one.at.start == 0)
}

/// Whether the grammar of a field finds something in a message.
fn fits(reading: &Reading<'_>, field: FieldId) -> bool {
    let (text, talk) = (reading.text, reading.tools);
    match field {
        FieldId::Tone => !closed::tones(reading, true).is_empty(),
        FieldId::Channel => closed::channel(reading).is_some(),
        FieldId::VerbosityLevel => closed::verbosity(reading).is_some(),
        FieldId::Languages => !closed::languages(reading).is_empty(),
        FieldId::UseTools | FieldId::Tools => {
            !talk.wanted.is_empty() || !talk.unwanted.is_empty() || talk.refusal.is_some()
        }
        FieldId::Constraints => !lexicon().restrictions.find_all(text).is_empty(),
        FieldId::EscalationRules => !rules::passing_escalation(reading).is_empty(),
        FieldId::AgentType => !agent_type::evidence(reading).scores.is_empty(),
        FieldId::Goals => text.tokens.iter().any(|token| lexicon().verb(&token.stem).is_some()),
        _ => false,
    }
}

/// The values of the field the message answers, read with the question as the strongest prior.
fn answer_findings(reading: &Reading<'_>, acts: &Acts, context: Context) -> Vec<Finding> {
    let Some(field) = reading.answers else { return Vec::new() };
    let from = match acts.lead {
        Some((Act::Affirm, after)) if after < reading.text.tokens.len() => after,
        _ => 0,
    };
    match field {
        FieldId::Tone => closed::tones(reading, true),
        FieldId::Channel => closed::channel(reading).into_iter().collect(),
        FieldId::VerbosityLevel => closed::verbosity(reading).into_iter().collect(),
        FieldId::Languages => closed::languages(reading),
        FieldId::AgentName => name::agent_name(reading).into_iter().collect(),
        FieldId::Goals => goals::answer(reading, from),
        FieldId::Constraints => rules::constraints(reading),
        FieldId::EscalationRules => rules::escalation(reading),
        FieldId::AgentType => goals::passing(reading),
        FieldId::UseTools | FieldId::Tools => Vec::new(),
        // A correction of free text that is not asked about now is too vague to place.
        other if context.asked == Some(other) => free::answer(reading, other, from),
        _ => Vec::new(),
    }
}

/// What a message says in passing about fields it does not answer.
fn add_passing(reading: &Reading<'_>, findings: &mut Vec<Finding>) {
    let answers = reading.answers;
    let is_general = matches!(answers, None | Some(FieldId::Goals | FieldId::AgentType));
    let mut passing = Vec::new();
    if is_general {
        passing.extend(closed::tones(reading, false));
        passing.extend(closed::channel(reading));
        passing.extend(closed::verbosity(reading));
        passing.extend(rules::passing_constraints(reading));
        passing.extend(rules::passing_escalation(reading));
        passing.extend(free::passing_users(reading));
        passing.extend(free::passing_knowledge(reading));
    }
    if answers.is_none() {
        passing.extend(goals::passing(reading));
    }
    if is_general || matches!(answers, Some(FieldId::Tone | FieldId::Channel | FieldId::VerbosityLevel)) {
        passing.extend(closed::languages(reading));
    }
    if is_general || answers == Some(FieldId::Tone) {
        passing.extend(name::agent_name(reading));
    }
    passing.retain(|finding| Some(finding.field) != answers);
    findings.extend(passing);
}
