//! What one message alone would tell an interview. Pure.

use crate::intent::acts::Act;
use crate::intent::extract::{Context, extract};
use crate::intent::merge;
use crate::intent::models::{AgentSpec, FieldId};
use crate::intent::text::Text;
use crate::tools::mentions;

use super::models::Interview;
use super::{kind, tool_talk};

/// What was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub spec: AgentSpec,
    /// What the message does, apart from what it tells.
    pub acts: Vec<Act>,
}

/// Reads a message as the answer to a question about `asked`, after `previous` was answered; without either, as the
/// description an interview begins with.
pub fn hear(message: &str, asked: Option<FieldId>, previous: Option<FieldId>) -> Heard {
    let is_opening = asked.is_none() && previous.is_none();
    let context = Context { asked, previous, message: 0, is_opening };
    let text = Text::new(message);
    let extraction = extract(&text, mentions::read(&text), context);
    let mut acts = extraction.acts.kinds.clone();
    if let Some((lead, _)) = extraction.acts.lead.filter(|(lead, _)| !acts.contains(lead)) {
        acts.insert(0, lead);
    }
    // From the second message on, what is named is an addition.
    let mut interview = Interview { user_messages: if is_opening { 1 } else { 2 }, ..Interview::default() };
    if !extraction.acts.covers {
        merge::apply(&mut interview.spec, &extraction.findings);
        tool_talk::apply(&mut interview, &extraction, &text, 0);
        kind::weigh(&mut interview, &extraction, message, 0);
    }
    Heard { spec: interview.spec, acts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_message_may_fill_many_fields_with_its_own_words() {
        let message = "A phone receptionist for our clinic. She sounds friendly. She should book appointments.";
        let heard = hear(message, None, None);
        for field in [FieldId::AgentType, FieldId::Goals, FieldId::Tone, FieldId::Channel] {
            assert!(heard.spec.has(field), "{field}");
        }
        for (field, slot) in heard.spec.filled() {
            for evidence in slot.items.iter().filter_map(|item| item.evidence.as_ref()) {
                assert!(message.contains(&evidence.quote) && evidence.message == 0, "{field}: {evidence:?}");
            }
        }
    }

    #[test]
    fn the_question_decides_what_an_answer_is_about() {
        let heard = hear("warm and calm", Some(FieldId::Tone), None);
        assert!(heard.spec.has(FieldId::Tone) && heard.acts.is_empty(), "{heard:?}");
        let heard = hear("undo that please", Some(FieldId::Tone), None);
        assert_eq!((heard.acts, heard.spec), (vec![Act::Undo], AgentSpec::default()));
        assert_eq!(hear("skip", Some(FieldId::Channel), None).acts, [Act::Skip]);
        assert_eq!(hear("", None, None).spec, AgentSpec::default());
    }
}
