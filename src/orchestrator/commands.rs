//! Replies that steer the interview instead of telling something: skip, why, undo, finish and their like.

use crate::intent::acts::Act;
use crate::intent::assisted::Disagreement;
use crate::intent::models::{FieldId, Item, Slot};
use crate::language::Language;
use crate::language::texts::field_inside;

use super::data::phrasing;
use super::models::Interview;
use super::wording;
use super::{ask, changes, data, defaults, reply, stages};

/// What a command led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Obeyed {
    /// What to say before the next question.
    pub say: String,
    /// A field to ask about next, whatever would be asked otherwise.
    pub ask_about: Option<FieldId>,
    /// Whether the reply is complete without a question.
    pub is_final: bool,
    /// Two readings of one value, to be asked about next.
    pub contested: Option<Disagreement>,
    /// Whether some of what a model read was not taken over.
    pub overruled: bool,
}

/// Commands in the order in which one beats another when a message holds several.
const PRIORITY: [Act; 17] = [
    Act::Restart,
    Act::Undo,
    Act::Redo,
    Act::Finish,
    Act::Summarise,
    Act::Why,
    Act::Back,
    Act::More,
    Act::Skip,
    Act::DontKnow,
    Act::Deny,
    Act::Affirm,
    Act::Ready,
    Act::Meta,
    Act::OffTopic,
    Act::Thanks,
    Act::Greeting,
];

/// The command among some acts that decides.
pub fn decisive(acts: &[Act]) -> Option<Act> {
    PRIORITY.into_iter().find(|act| acts.contains(act))
}

/// Does what a message that is nothing but acts asks for.
pub fn obey(interview: &mut Interview, act: Act, message: &str, number: u32) -> Obeyed {
    let turn = interview.user_messages;
    match act {
        Act::Restart => restart(interview),
        Act::Undo => take_back(interview, turn),
        Act::Redo => do_again(interview, turn),
        Act::Finish => finish(interview),
        Act::Summarise => summarise(interview, turn),
        Act::Why => explain(interview),
        Act::Back => go_back(interview, turn),
        Act::More => {
            interview.wants_more = true;
            Obeyed::default()
        }
        Act::Skip | Act::DontKnow => skip(interview, turn),
        Act::Affirm | Act::Ready => agree(interview, message, number),
        Act::Deny => deny(interview, message, number),
        Act::Meta => say(phrasing(interview.language, "meta", turn)),
        Act::OffTopic => say(phrasing(interview.language, "off_topic", turn)),
        Act::Thanks => say(phrasing(interview.language, "thanks", turn)),
        Act::Greeting => say(phrasing(interview.language, "greeting", turn)),
    }
}

fn say(text: &str) -> Obeyed {
    Obeyed { say: text.to_owned(), ..Obeyed::default() }
}

/// Clears everything; the undo stack keeps what was there.
fn restart(interview: &mut Interview) -> Obeyed {
    let fresh = Interview {
        language: interview.language,
        user_messages: interview.user_messages,
        undo: std::mem::take(&mut interview.undo),
        model_use: std::mem::take(&mut interview.model_use),
        ..Interview::default()
    };
    *interview = fresh;
    let ask_about = Some(FieldId::Goals);
    Obeyed {
        say: phrasing(interview.language, "restarted", 0).to_owned(),
        ask_about,
        is_final: true,
        ..Obeyed::default()
    }
}

fn take_back(interview: &mut Interview, turn: u32) -> Obeyed {
    interview.approved = false;
    match changes::undo(interview) {
        Some(changed) => {
            say(&phrasing(interview.language, "undone", turn).replace("{what}", &what(interview.language, &changed)))
        }
        None => say(phrasing(interview.language, "nothing_to_undo", turn)),
    }
}

fn do_again(interview: &mut Interview, turn: u32) -> Obeyed {
    match changes::redo(interview) {
        Some(changed) => {
            say(&phrasing(interview.language, "redone", turn).replace("{what}", &what(interview.language, &changed)))
        }
        None => say(phrasing(interview.language, "nothing_to_redo", turn)),
    }
}

fn what(language: Language, changed: &[crate::intent::models::Change]) -> String {
    let described: Vec<String> = changed.iter().map(|change| reply::describe(language, change)).collect();
    if described.is_empty() { phrasing(language, "last_step", 0).to_owned() } else { described.join("; ") }
}

/// Assumes the rest and completes.
pub fn finish(interview: &mut Interview) -> Obeyed {
    defaults::assume_rest(interview);
    interview.approved = true;
    interview.asking = None;
    let assumed = defaults::assumption_count(&interview.spec);
    let name = if assumed == 0 { "completed" } else { "completed_assumed" };
    let say = phrasing(interview.language, name, 0);
    let say = say.replace("{assumed}", &reply::assumed(interview.language, assumed));
    Obeyed { say, is_final: true, ..Obeyed::default() }
}

fn summarise(interview: &Interview, turn: u32) -> Obeyed {
    let summary = reply::summary(interview);
    if summary.is_empty() {
        return say(phrasing(interview.language, "nothing_known", turn));
    }
    let known = phrasing(interview.language, "known_so_far", turn);
    let again = interview.asking.as_ref().map(|asking| asking.field);
    Obeyed { say: format!("{known}\n\n{summary}\n"), ask_about: again, ..Obeyed::default() }
}

fn explain(interview: &Interview) -> Obeyed {
    let language = interview.language;
    let Some(asking) = &interview.asking else { return say(phrasing(language, "why_at_all", 0)) };
    let question = data::question(language, asking.field);
    let because = question.why.clone().unwrap_or_else(|| {
        phrasing(language, "why_this", 0)
            .replace("{label}", &field_inside(asking.field, language))
            .replace("{agent}", &ask::agent(language, &interview.spec))
    });
    let examples: Vec<&str> = asking.choices.iter().map(|choice| choice.label.as_str()).take(3).collect();
    let examples = match examples[..] {
        [] => String::new(),
        _ => phrasing(language, "for_example", 0).replace("{examples}", &examples.join("; ")),
    };
    Obeyed {
        say: format!("{because}{examples}{}", phrasing(language, "leave_it_to_me", 0)),
        ask_about: Some(asking.field),
        ..Obeyed::default()
    }
}

fn go_back(interview: &mut Interview, turn: u32) -> Obeyed {
    match interview.answered.pop() {
        Some(field) => {
            interview.settled.remove(&field);
            Obeyed {
                say: phrasing(interview.language, "went_back", turn).to_owned(),
                ask_about: Some(field),
                ..Obeyed::default()
            }
        }
        None => say(phrasing(interview.language, "nothing_before", turn)),
    }
}

/// Leaves the open question to us: its default, marked as such, or nothing.
pub fn skip(interview: &mut Interview, turn: u32) -> Obeyed {
    let Some(asking) = interview.asking.clone() else {
        return if stages::missing_required(interview).is_empty() { finish(interview) } else { Obeyed::default() };
    };
    let field = asking.field;
    interview.settled.insert(field);
    if interview.spec.has(field) {
        return say(phrasing(interview.language, "skipped", turn));
    }
    interview.settled.remove(&field);
    if !defaults::assume(interview, field) {
        return say(phrasing(interview.language, "skipped", turn));
    }
    if field == FieldId::Tools && interview.spec.use_tools().is_none() {
        interview.spec.set(FieldId::UseTools, Slot::one(Item::default("true")));
    }
    let language = interview.language;
    let in_a_sentence =
        |item| wording::in_a_sentence(language, field, &data::named(language, &wording::display(field, item)));
    let values: Vec<String> = interview.spec.items(field).iter().map(in_a_sentence).collect();
    let value = if field == FieldId::UseTools {
        format!("{}: {}", field_inside(field, language), values.join(", "))
    } else {
        values.join(", ")
    };
    say(&phrasing(interview.language, "skipped_default", turn).replace("{value}", &value))
}

fn agree(interview: &mut Interview, message: &str, number: u32) -> Obeyed {
    match interview.asking.as_ref().map(|asking| asking.field) {
        None if stages::missing_required(interview).is_empty() => finish(interview),
        Some(FieldId::UseTools | FieldId::Tools) => {
            let said = Slot::one(Item::said("true", number, message.trim()));
            interview.spec.set(FieldId::UseTools, said);
            Obeyed::default()
        }
        _ => Obeyed::default(),
    }
}

fn deny(interview: &mut Interview, message: &str, number: u32) -> Obeyed {
    let turn = interview.user_messages;
    match interview.asking.as_ref().map(|asking| asking.field) {
        None => {
            Obeyed { say: phrasing(interview.language, "what_else", 0).to_owned(), is_final: true, ..Obeyed::default() }
        }
        Some(FieldId::UseTools | FieldId::Tools) => {
            interview.spec.set(FieldId::UseTools, Slot::one(Item::said("false", number, message.trim())));
            interview.spec.remove(FieldId::Tools);
            interview.spec.tool_configs.clear();
            say(phrasing(interview.language, "no_tools_then", 0))
        }
        Some(field) if !field.is_required() => {
            interview.settled.insert(field);
            say(phrasing(interview.language, "none", turn))
        }
        Some(_) => Obeyed::default(),
    }
}
