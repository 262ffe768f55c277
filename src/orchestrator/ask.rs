//! What to ask next: the most valuable thing that is not known, in words that use what is.

use crate::intent::assisted::Disagreement;
use crate::intent::lexicon::lexicon;
use crate::intent::models::{AgentSpec, FieldId};
use crate::language::Language;
use crate::language::texts::field_inside;
use crate::tools::catalogue;

use super::data;
use super::models::{Asking, Choice, Interview};
use super::stages::{self, OPTIONAL_LIMIT};
use super::tool_talk;
use super::wording;

/// From this many known fields on, an opening counts as a full description: what it gave in passing is not asked again.
const FULL_DESCRIPTION: usize = 8;
/// From this many goals on, an opening has said what the agent is for.
pub const ENOUGH_GOALS: usize = 4;
/// The required fields in the order in which they are asked about.
const REQUIRED_ORDER: [FieldId; 5] =
    [FieldId::Goals, FieldId::AgentType, FieldId::Tone, FieldId::UseTools, FieldId::Tools];
/// How many choices a question offers.
const CHOICES: usize = 6;

/// The next question; `None` when nothing is left to ask.
pub fn next(interview: &Interview) -> Option<Asking> {
    let field = next_field(interview)?;
    Some(about(interview, field))
}

fn next_field(interview: &Interview) -> Option<FieldId> {
    let missing = stages::missing_required(interview);
    if !missing.is_empty() && goals_are_thin(interview) {
        return Some(FieldId::Goals);
    }
    if let Some(field) = REQUIRED_ORDER.into_iter().find(|field| missing.contains(field)) {
        // With tools in sight the open question is which, not whether.
        let in_sight = field == FieldId::UseTools && !tool_talk::suggested(interview).is_empty();
        return Some(if in_sight { FieldId::Tools } else { field });
    }
    // Who wrote everything down at once wants to be done.
    let is_full = interview.spec.filled().count() - interview.answered.len().min(interview.spec.filled().count())
        >= FULL_DESCRIPTION;
    let limit = if is_full { OPTIONAL_LIMIT / 2 } else { OPTIONAL_LIMIT };
    if interview.optional_asked >= limit && !interview.wants_more {
        return None;
    }
    optional(interview).next()
}

/// The optional fields that are worth a question, the most valuable first.
fn optional(interview: &Interview) -> impl Iterator<Item = FieldId> {
    let spec = &interview.spec;
    let tools = Some(FieldId::Tools).filter(|field| spec.has(*field));
    tools
        .into_iter()
        .chain(data::optional_order(spec.agent_type()).iter().copied())
        .filter(move |field| is_open(interview, *field))
}

/// The fields that the question after the next message may be about, the likeliest first.
pub fn upcoming(interview: &Interview) -> Vec<FieldId> {
    let missing = stages::missing_required(interview);
    let asked = interview.asking.as_ref().map(|asking| asking.field);
    let required = REQUIRED_ORDER.into_iter().filter(|field| missing.contains(field));
    // Whether there are tools is soon known, and then which.
    let tools = missing.contains(&FieldId::UseTools).then_some(FieldId::Tools);
    let optional = optional(interview).filter(|field| Some(*field) != asked);
    required.chain(tools).chain(optional).collect()
}

/// Whether an opening named so few goals that it is worth asking what else there is. Asked once, in words that say what
/// is known.
fn goals_are_thin(interview: &Interview) -> bool {
    let goals = interview.spec.items(FieldId::Goals).len();
    let was_asked = interview.asked.contains_key(&FieldId::Goals) || interview.answered.contains(&FieldId::Goals);
    (1..ENOUGH_GOALS).contains(&goals) && !was_asked && interview.spec.filled().count() < FULL_DESCRIPTION
}

fn is_open(interview: &Interview, field: FieldId) -> bool {
    if interview.settled.contains(&field) || interview.asked.contains_key(&field) {
        return false;
    }
    let may_have_more = matches!(field, FieldId::Tools | FieldId::Constraints | FieldId::EscalationRules);
    let in_passing =
        may_have_more && !interview.answered.contains(&field) && interview.spec.filled().count() < FULL_DESCRIPTION;
    !interview.spec.has(field) || in_passing
}

/// The question about one field.
pub fn about(interview: &Interview, field: FieldId) -> Asking {
    let language = interview.language;
    let question = data::question(language, field);
    let asked = interview.asked.get(&field).copied().unwrap_or(0);
    let known = known(interview, field);
    let wording = match &question.more {
        _ if asked > 0 => &question.again,
        Some(more) if !known.is_empty() => pick(more, interview.user_messages),
        _ => pick(&question.ask, interview.user_messages),
    };
    let text = wording
        .replace("{agent}", &agent(language, &interview.spec))
        .replace("{people}", &data::named(language, &data::kind(interview.spec.agent_type()).people))
        .replace("{known}", &known);
    Asking {
        field,
        question: wording::upper_first(&text),
        why: question.why.clone(),
        choices: choices(interview, field),
        several: question.several,
        required: field.is_required() && !interview.spec.has(field),
    }
}

/// The question which of two readings is meant.
pub fn between(interview: &Interview, contested: &Disagreement) -> Asking {
    let field = contested.field;
    let [ours, theirs] = [&contested.ours, &contested.theirs].map(|item| wording::display(field, item));
    let language = interview.language;
    let [said_ours, said_theirs] = [&ours, &theirs].map(|value| data::named(language, value).into_owned());
    let question = data::phrasing(language, "contested", interview.user_messages)
        .replace("{label}", &field_inside(field, language))
        .replace("{one}", &said_ours)
        .replace("{other}", &said_theirs);
    let choices = vec![Choice::new(&ours, &said_ours), Choice::new(&theirs, &said_theirs)];
    Asking { field, question, why: None, choices, several: false, required: false }
}

/// The question for more goals, as it may come after an opening that names few; `known` stands for them.
pub fn about_more_goals(language: Language, turn: u32, known: &str) -> Option<String> {
    Some(pick(data::question(language, FieldId::Goals).more.as_ref()?, turn).replace("{known}", known))
}

fn pick(wordings: &[String], turn: u32) -> &String {
    &wordings[turn as usize % wordings.len()]
}

fn known(interview: &Interview, field: FieldId) -> String {
    let (language, items) = (interview.language, interview.spec.items(field).iter());
    let items = items.map(|item| wording::display(field, item));
    let items = items.map(|value| wording::in_a_sentence(language, field, &data::named(language, &value)));
    items.collect::<Vec<_>>().join("; ")
}

/// What to call the agent in a sentence: its name, else "the receptionist".
/// Other languages than English call it "the agent" alone: articles and endings would not fit every kind.
pub fn agent(language: Language, spec: &AgentSpec) -> String {
    if let Some(name) = spec.text(FieldId::AgentName) {
        return name.to_owned();
    }
    if !language.is_default() {
        return data::phrasing(language, "agent", 0).to_owned();
    }
    let kind = spec.agent_type().and_then(|id| lexicon().agent_type(id));
    kind.map_or_else(
        || "it".to_owned(),
        |kind| if kind.id == "general" { "the agent".to_owned() } else { format!("the {}", kind.role) },
    )
}

/// The noun for an agent of a kind given by name: "order taker". In other languages than English the kind's name.
pub fn role(language: Language, kind: &str) -> String {
    if !language.is_default() {
        return data::named(language, kind).into_owned();
    }
    let found = lexicon().agent_types.iter().find(|one| one.name == kind);
    found.map_or_else(|| kind.to_lowercase(), |one| one.role.clone())
}

fn choices(interview: &Interview, field: FieldId) -> Vec<Choice> {
    let kind = data::kind(interview.spec.agent_type());
    let plain = |texts: &[String]| texts.iter().map(|text| Choice::saying(text)).collect::<Vec<_>>();
    let named = |ids: Vec<String>| {
        let options = wording::options(field);
        ids.iter()
            .filter_map(|id| options.iter().find(|(option, _)| option == id))
            .map(|(_, name)| Choice::saying(name))
            .collect::<Vec<_>>()
    };
    let known = interview.spec.items(field);
    let mut choices = match field {
        FieldId::AgentType => named(likely_types(interview)),
        FieldId::Goals => plain(&kind.goals),
        FieldId::Tone => named(likely_tones(&kind.tone)),
        FieldId::UseTools => {
            vec![Choice::saying("Yes"), Choice::saying("No, talking is enough")]
        }
        FieldId::Tools => likely_tools(interview),
        FieldId::Channel | FieldId::VerbosityLevel => {
            wording::options(field).into_iter().map(|(_, name)| Choice::saying(name)).collect()
        }
        FieldId::Languages => {
            ["English", "English and Spanish", "English and French", "English and German"].map(Choice::saying).to_vec()
        }
        FieldId::Constraints => plain(&kind.constraints),
        FieldId::EscalationRules => plain(&kind.escalation),
        _ => Vec::new(),
    };
    choices.retain(|choice| !known.iter().any(|item| item.value.eq_ignore_ascii_case(&choice.value)));
    if field.kind().is_list() && !known.is_empty() && !choices.is_empty() {
        choices.push(Choice::saying("Nothing else"));
    }
    for choice in &mut choices {
        choice.label = data::named(interview.language, &choice.value).into_owned();
    }
    choices
}

fn likely_types(interview: &Interview) -> Vec<String> {
    let mut ranked: Vec<_> = interview.type_scores.iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(a.1));
    let usual = ["customer_support", "receptionist", "booking_assistant", "sales_assistant", "tutor", "general"];
    let mut ids: Vec<String> = ranked.into_iter().map(|(id, _)| id.clone()).take(CHOICES - 1).collect();
    for id in usual {
        if ids.len() < CHOICES && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

fn likely_tones(usual: &[String]) -> Vec<String> {
    let common = ["friendly", "professional", "calm", "direct", "empathetic", "playful"];
    let mut ids = usual.to_vec();
    ids.extend(common.iter().map(|id| (*id).to_owned()).filter(|id| !usual.contains(id)));
    ids.truncate(CHOICES);
    ids
}

fn likely_tools(interview: &Interview) -> Vec<Choice> {
    let mut ids = tool_talk::suggested(interview);
    for id in &data::kind(interview.spec.agent_type()).tools {
        if !ids.contains(id) && !interview.refused_tools.contains(id) {
            ids.push(id.clone());
        }
    }
    let chosen = interview.spec.items(FieldId::Tools);
    ids.retain(|id| chosen.iter().all(|item| item.value != *id));
    let names = ids.iter().filter_map(|id| catalogue::name(id)).take(CHOICES - 1);
    let none = chosen.is_empty().then(|| Choice::saying("No tools"));
    names.map(Choice::saying).chain(none).collect()
}
