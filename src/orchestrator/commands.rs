//! Replies that steer the interview instead of telling something: skip, why, undo, finish and their like.

use crate::intent::acts::Act;
use crate::intent::assisted::Disagreement;
use crate::intent::models::{FieldId, Item, Slot};

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
        Act::Meta => say(phrasing("meta", turn)),
        Act::OffTopic => say(phrasing("off_topic", turn)),
        Act::Thanks => say(phrasing("thanks", turn)),
        Act::Greeting => say(phrasing("greeting", turn)),
    }
}

fn say(text: &str) -> Obeyed {
    Obeyed { say: text.to_owned(), ..Obeyed::default() }
}

/// Clears everything; the undo stack keeps what was there.
fn restart(interview: &mut Interview) -> Obeyed {
    let fresh = Interview {
        user_messages: interview.user_messages,
        undo: std::mem::take(&mut interview.undo),
        model_use: std::mem::take(&mut interview.model_use),
        ..Interview::default()
    };
    *interview = fresh;
    let ask_about = Some(FieldId::Goals);
    Obeyed { say: phrasing("restarted", 0).to_owned(), ask_about, is_final: true, ..Obeyed::default() }
}

fn take_back(interview: &mut Interview, turn: u32) -> Obeyed {
    interview.approved = false;
    match changes::undo(interview) {
        Some(changed) => say(&phrasing("undone", turn).replace("{what}", &what(&changed))),
        None => say(phrasing("nothing_to_undo", turn)),
    }
}

fn do_again(interview: &mut Interview, turn: u32) -> Obeyed {
    match changes::redo(interview) {
        Some(changed) => say(&phrasing("redone", turn).replace("{what}", &what(&changed))),
        None => say(phrasing("nothing_to_redo", turn)),
    }
}

fn what(changed: &[crate::intent::models::Change]) -> String {
    let described: Vec<String> = changed.iter().map(reply::describe).collect();
    if described.is_empty() { "the last step".to_owned() } else { described.join("; ") }
}

/// Assumes the rest and completes.
pub fn finish(interview: &mut Interview) -> Obeyed {
    defaults::assume_rest(interview);
    interview.approved = true;
    interview.asking = None;
    let assumed = defaults::assumption_count(&interview.spec);
    let name = if assumed == 0 { "completed" } else { "completed_assumed" };
    let say = phrasing(name, 0).replace("{assumed}", &reply::assumed(assumed));
    Obeyed { say, is_final: true, ..Obeyed::default() }
}

fn summarise(interview: &Interview, turn: u32) -> Obeyed {
    let summary = reply::summary(interview);
    if summary.is_empty() {
        return say(phrasing("nothing_known", turn));
    }
    let known = phrasing("known_so_far", turn);
    let again = interview.asking.as_ref().map(|asking| asking.field);
    Obeyed { say: format!("{known}\n\n{summary}\n"), ask_about: again, ..Obeyed::default() }
}

fn explain(interview: &Interview) -> Obeyed {
    let Some(asking) = &interview.asking else {
        return say("I show what I understood, so that nothing is decided without you.");
    };
    let question = data::question(asking.field);
    let because = question.why.clone().unwrap_or_else(|| {
        format!("The {} shape what {} says and does.", asking.field.label().to_lowercase(), ask::agent(&interview.spec))
    });
    let examples: Vec<&str> = asking.choices.iter().map(|choice| choice.label.as_str()).take(3).collect();
    let examples = if examples.is_empty() { String::new() } else { format!(" For example: {}.", examples.join("; ")) };
    Obeyed {
        say: format!("{because}{examples} You can also leave it to me."),
        ask_about: Some(asking.field),
        ..Obeyed::default()
    }
}

fn go_back(interview: &mut Interview, turn: u32) -> Obeyed {
    match interview.answered.pop() {
        Some(field) => {
            interview.settled.remove(&field);
            Obeyed { say: phrasing("went_back", turn).to_owned(), ask_about: Some(field), ..Obeyed::default() }
        }
        None => say(phrasing("nothing_before", turn)),
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
        return say(phrasing("skipped", turn));
    }
    interview.settled.remove(&field);
    if !defaults::assume(interview, field) {
        return say(phrasing("skipped", turn));
    }
    if field == FieldId::Tools && interview.spec.use_tools().is_none() {
        interview.spec.set(FieldId::UseTools, Slot::one(Item::default("true")));
    }
    let in_a_sentence = |item| wording::in_a_sentence(field, &wording::display(field, item));
    let values: Vec<String> = interview.spec.items(field).iter().map(in_a_sentence).collect();
    let value = if field == FieldId::UseTools {
        format!("{}: {}", field.label().to_lowercase(), values.join(", "))
    } else {
        values.join(", ")
    };
    say(&phrasing("skipped_default", turn).replace("{value}", &value))
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
        None => Obeyed { say: "What should be different?".to_owned(), is_final: true, ..Obeyed::default() },
        Some(FieldId::UseTools | FieldId::Tools) => {
            interview.spec.set(FieldId::UseTools, Slot::one(Item::said("false", number, message.trim())));
            interview.spec.remove(FieldId::Tools);
            interview.spec.tool_configs.clear();
            say("No tools, then.")
        }
        Some(field) if !field.is_required() => {
            interview.settled.insert(field);
            say(phrasing("none", turn))
        }
        Some(_) => Obeyed::default(),
    }
}
