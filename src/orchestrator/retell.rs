//! An earlier message said otherwise: what the interview would be had it been said so. Pure.
//!
//! The messages since the ground are taken again by rule, once as they were and once with the change. What comes out the
//! same both times stays as it is now, so that what was edited by hand or read by a model is not lost.

use crate::intent::models::{FieldId, Item, Provenance, Slot};

use super::models::{Interview, TurnOutcome};
use super::turn;

/// One of the user's messages, said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resaid {
    /// Counted from 0 over the user's messages.
    pub number: u32,
    /// Its place in the transcript.
    pub seq: u32,
    pub text: String,
}

/// The interview with a message said otherwise. `ground` is the interview before that message or earlier, `said` all of
/// the user's messages as they read now.
pub fn retell(now: Interview, ground: &Interview, said: &[String], resaid: Resaid) -> TurnOutcome {
    let Resaid { number, seq, text } = resaid;
    let as_it_was = take_again(ground, said);
    let mut otherwise = said.to_vec();
    if let Some(message) = otherwise.get_mut(number as usize) {
        message.clone_from(&text);
    }
    let mut told = take_again(ground, &otherwise);
    for field in FieldId::ALL {
        let kept = now.spec.get(field).cloned().unwrap_or_default();
        let by_hand = kept.provenance() == Some(Provenance::Edited);
        if by_hand || as_it_was.spec.get(field) == told.spec.get(field) {
            let holds =
                |item: &Item| item.evidence.as_ref().is_none_or(|it| it.message != number || text.contains(&it.quote));
            told.spec.set(field, Slot { items: kept.items.into_iter().filter(holds).collect() });
        }
    }
    let configured = |id: &str| now.spec.tool_configs.get(id).cloned();
    let all = as_it_was.spec.tool_configs.clone().into_iter().chain(told.spec.tool_configs.clone());
    let all = all.chain(now.spec.tool_configs.clone()).map(|(id, tool)| (id.clone(), configured(&id).unwrap_or(tool)));
    let used: Vec<String> = told.spec.values(FieldId::Tools).map(str::to_owned).collect();
    told.spec.tool_configs = all.filter(|(id, _)| used.contains(id)).collect();
    let by_hand = now.step_edits.iter().filter(|edit| !as_it_was.step_edits.contains(edit));
    told.step_edits.extend(by_hand.cloned().collect::<Vec<_>>());
    let mut resaid = now.resaid.clone();
    resaid.insert(seq, text);
    let next = Interview {
        resaid,
        approved: false,
        user_messages: now.user_messages,
        model_use: now.model_use.clone(),
        polished: now.polished.clone(),
        own_tests: now.own_tests.clone(),
        undo: now.undo.clone(),
        redo: now.redo.clone(),
        ..told
    };
    let reason = format!("Message {} said otherwise", number + 1);
    turn::settle(now, next, &reason)
}

/// What the rules make of the messages from the ground on.
fn take_again(ground: &Interview, said: &[String]) -> Interview {
    let rest = said.iter().skip(ground.user_messages as usize);
    rest.fold(ground.clone(), |interview, text| turn::apply(interview, text).interview)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::models::FieldId;

    const SAID: [&str; 3] = [
        "A phone receptionist for our clinic that books appointments. Call her Mia.",
        "Calm and warm",
        "Yes, Google Calendar",
    ];

    fn said() -> Vec<String> {
        SAID.map(str::to_owned).to_vec()
    }

    fn otherwise(number: u32, text: &str) -> Resaid {
        Resaid { number, seq: 2 * number + 1, text: text.to_owned() }
    }

    fn interview() -> Interview {
        take_again(&turn::open().0, &said())
    }

    fn values(interview: &Interview, field: FieldId) -> Vec<&str> {
        interview.spec.values(field).collect()
    }

    #[test]
    fn what_the_message_said_changes_and_the_rest_stays() {
        let now = interview();
        let outcome = retell(now.clone(), &turn::open().0, &said(), otherwise(1, "Strictly formal"));
        let fields: Vec<FieldId> = outcome.changes.iter().map(|change| change.field).collect();
        assert_eq!(fields, [FieldId::Tone]);
        assert_eq!(values(&outcome.interview, FieldId::Tone), ["formal"]);
        assert_eq!(values(&outcome.interview, FieldId::Goals), values(&now, FieldId::Goals));
        assert_eq!(outcome.interview.user_messages, 3);
        assert_eq!(outcome.interview.resaid[&3], "Strictly formal");
    }

    #[test]
    fn what_was_edited_by_hand_survives() {
        let edits = [(FieldId::AgentName, Some(serde_json::json!("Zoe")))];
        let now = turn::edit(interview(), &edits, "edited").unwrap().interview;
        let outcome =
            retell(now, &turn::open().0, &said(), otherwise(0, "A phone receptionist that books rooms. Call her Ada."));
        assert_eq!(values(&outcome.interview, FieldId::AgentName), ["Zoe"]);
        assert_ne!(values(&outcome.interview, FieldId::Goals), values(&interview(), FieldId::Goals));
    }

    #[test]
    fn it_is_one_step_to_undo_with_its_words() {
        let now = interview();
        let changed = retell(now.clone(), &turn::open().0, &said(), otherwise(1, "Strictly formal")).interview;
        let undone = turn::undo(changed).unwrap().interview;
        assert_eq!((&undone.spec, &undone.resaid), (&now.spec, &now.resaid));
        let again = turn::redo(undone).unwrap().interview;
        assert_eq!(again.resaid[&3], "Strictly formal");
    }
}
