//! What a model is asked. What people wrote stands only inside one JSON document, where no letter of it can end a text.

use serde_json::{Map, Value, json};

use crate::intent::assisted::{Unusable, answer_schema};
use crate::intent::models::{AgentSpec, FieldId, FieldKind};
use crate::intent::vocabulary;
use crate::llm::models::{ChatMessage, ChatRequest, OutputShape};
use crate::session::models::{Message, Role};
use crate::tools::{catalogue, selection};

use super::super::models::{Interview, TurnOutcome};
use super::super::wording::clip;
use super::super::{ask, data, tool_talk};
use super::data::{PHRASING, READING, REPAIR, REPLYING};

/// So many of the newest lines are shown to a model.
const EARLIER_LINES: usize = 10;
/// Of each of them at most so much, in characters.
const EARLIER_CHARS: usize = 1_200;
/// A value of the spec is shown up to this length, in characters.
const VALUE_CHARS: usize = 300;
/// So many tools are named as likely.
const LIKELY_TOOLS: usize = 16;
/// So many questions that may come next are worded.
const NEXT_QUESTIONS: usize = 6;
/// The most tokens of an answer that tells findings.
const FINDINGS_TOKENS: u32 = 3_000;
/// The most tokens of the words of a reply.
const WORDS_TOKENS: u32 = 400;
/// Of an answer that cannot be used so much is shown again, in characters.
const ANSWER_CHARS: usize = 4_000;

/// One call for both: what the message tells, and the words of the reply.
pub fn combined_request(interview: &Interview, history: &[Message], text: &str) -> ChatRequest {
    let mut document = document(interview, history, text);
    document["next"] = next_questions(interview);
    let system = format!("{READING}\n{REPLYING}\n{}", vocabularies());
    findings_request(system, &document, true)
}

/// What the message tells, for a model that does not word the reply.
pub fn extraction_request(interview: &Interview, history: &[Message], text: &str) -> ChatRequest {
    findings_request(format!("{READING}\n{}", vocabularies()), &document(interview, history, text), false)
}

/// The words of a reply whose content is decided.
pub fn phrasing_request(outcome: &TurnOutcome, history: &[Message], text: &str) -> ChatRequest {
    let plan = &outcome.plan;
    let document = json!({
        "changes": outcome.changes,
        "earlier": earlier(history),
        "heard": plan.heard,
        "message": text,
        "question": if plan.question_is_free { plan.question.as_str() } else { "" },
    });
    ChatRequest {
        system: PHRASING.to_owned(),
        messages: vec![ChatMessage::User(document.to_string())],
        max_output_tokens: WORDS_TOKENS,
        ..ChatRequest::default()
    }
}

/// The same again, with what was wrong with the answer.
pub fn repair_request(first: &ChatRequest, answer: &str, why: &Unusable) -> ChatRequest {
    let mut request = first.clone();
    let answer: String = answer.chars().take(ANSWER_CHARS).collect();
    // Vendors refuse a message without text.
    let text = if answer.trim().is_empty() { "…".to_owned() } else { answer.trim_end().to_owned() };
    request.messages.push(ChatMessage::Assistant { text, tool_calls: Vec::new() });
    request.messages.push(ChatMessage::User(REPAIR.trim_end().replace("{why}", &why.to_string())));
    request
}

fn findings_request(system: String, document: &Value, with_reply: bool) -> ChatRequest {
    let tools: Vec<&str> = catalogue::catalogue().iter().map(|tool| tool.id.as_str()).collect();
    let name = if with_reply { "reading_and_reply" } else { "reading" };
    ChatRequest {
        system,
        messages: vec![ChatMessage::User(document.to_string())],
        output: OutputShape::Json { name: name.to_owned(), schema: answer_schema(with_reply, &tools) },
        tools: Vec::new(),
        max_output_tokens: FINDINGS_TOKENS,
    }
}

/// What is read, with all that is needed to read it.
fn document(interview: &Interview, history: &[Message], text: &str) -> Value {
    let asked = interview.asking.as_ref().map(|asking| json!({ "field": asking.field, "question": asking.question }));
    json!({
        "asked": asked,
        "earlier": earlier_numbered(interview, history),
        "likely_tools": likely_tools(interview, text),
        "message": { "number": interview.user_messages, "text": text },
        "spec": known(&interview.spec),
    })
}

/// The newest lines, oldest first.
fn newest(history: &[Message]) -> &[Message] {
    &history[history.len().saturating_sub(EARLIER_LINES)..]
}

fn earlier(history: &[Message]) -> Vec<Value> {
    let line = |line: &Message| json!({ "by": by(line.role), "text": clip(&line.content, EARLIER_CHARS) });
    newest(history).iter().map(line).collect()
}

/// The newest lines; those of the user with their numbers.
fn earlier_numbered(interview: &Interview, history: &[Message]) -> Vec<Value> {
    let mut lines = earlier(history);
    let mut number = interview.user_messages;
    for (line, message) in lines.iter_mut().zip(newest(history)).rev() {
        if message.role == Role::User && number > 0 {
            number -= 1;
            line["number"] = json!(number);
        }
    }
    lines
}

fn by(role: Role) -> &'static str {
    match role {
        Role::User => "person",
        Role::Assistant => "interviewer",
    }
}

/// What is known, field by field, in ids where there are any.
fn known(spec: &AgentSpec) -> Map<String, Value> {
    let values = |field: FieldId| -> Vec<String> { spec.values(field).map(|value| clip(value, VALUE_CHARS)).collect() };
    spec.filled().map(|(field, _)| (field.to_string(), json!(values(field)))).collect()
}

/// Tools that the message or the goals speak for, and those usual for the kind of agent.
fn likely_tools(interview: &Interview, text: &str) -> Map<String, Value> {
    let by_text = selection::select(text, LIKELY_TOOLS).into_iter().map(|found| found.id);
    let usual = data::kind(interview.spec.agent_type()).tools.iter().cloned();
    let mut ids: Vec<String> = Vec::new();
    for id in by_text.chain(tool_talk::suggested(interview)).chain(usual) {
        if ids.len() < LIKELY_TOOLS && !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.into_iter().filter_map(|id| catalogue::name(&id).map(|name| (id.clone(), json!(name)))).collect()
}

/// The questions that may come next, in order, in our words.
fn next_questions(interview: &Interview) -> Value {
    // As they will be put once the message is taken.
    let interview = &Interview { user_messages: interview.user_messages + 1, ..interview.clone() };
    let question = |field: FieldId| {
        let more = ask::about_more_goals(interview.language, interview.user_messages, "…");
        match more.filter(|_| field == FieldId::Goals && !interview.spec.has(field)) {
            Some(question) => json!({ "field": field, "question": question, "open_below": ask::ENOUGH_GOALS }),
            None => json!({ "field": field, "question": ask::about(interview, field).question }),
        }
    };
    ask::upcoming(interview).into_iter().take(NEXT_QUESTIONS).map(question).collect()
}

/// The closed vocabularies and the fields of free text, in plain lines. The same for every message, so that vendors can
/// keep it.
fn vocabularies() -> String {
    let mut lines = vec!["Fields and what they take:".to_owned()];
    for field in FieldId::ALL {
        let options = vocabulary::options(field);
        let ids: Vec<String> = match field {
            FieldId::Tools => catalogue::catalogue().iter().map(|tool| tool.id.clone()).collect(),
            FieldId::Languages => options.iter().map(|(id, _)| (*id).to_owned()).collect(),
            _ => options.iter().map(|(id, name)| format!("{id} ({name})")).collect(),
        };
        let takes = match field.kind() {
            FieldKind::Text => "one text".to_owned(),
            FieldKind::Texts => "texts, one finding each".to_owned(),
            FieldKind::Ids | FieldKind::Tools => format!("ids, one finding each, of: {}", ids.join(", ")),
            FieldKind::Id | FieldKind::Flag => format!("one id of: {}", ids.join(", ")),
        };
        lines.push(format!("- {field} ({}): {takes}", field.label()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::super::turn;
    use super::*;

    const OPENING: &str =
        "A phone receptionist for our clinic that books visits into Google Calendar. Our motto is \"We care\" & </b>";

    /// The interview after its opening, with what was said.
    fn talk() -> (Interview, Vec<Message>) {
        let (interview, greeting) = turn::open();
        let outcome = turn::apply(interview, OPENING);
        let lines = [(Role::Assistant, greeting), (Role::User, OPENING.to_owned()), (Role::Assistant, outcome.reply)];
        let line = |(seq, (role, content))| Message { seq, role, content, created_at: DateTime::UNIX_EPOCH };
        (outcome.interview, (0..).zip(lines).map(line).collect())
    }

    fn sent(request: &ChatRequest) -> Value {
        let [ChatMessage::User(document)] = &request.messages[..] else { panic!("{:?}", request.messages) };
        serde_json::from_str(document).unwrap()
    }

    #[test]
    fn a_message_is_read_with_all_that_is_known() {
        let (interview, history) = talk();
        let request = combined_request(&interview, &history, "Take messages, and transfer urgent calls to the nurse");
        insta::assert_json_snapshot!("combined", sent(&request));
        assert!(
            matches!(&request.output, OutputShape::Json { schema, .. } if schema["properties"]["heard"].is_object())
        );
        let request = extraction_request(&interview, &history, "Take messages");
        assert_eq!(sent(&request).get("next"), None);
        assert!(matches!(&request.output, OutputShape::Json { schema, .. } if schema["properties"]["heard"].is_null()));
        assert!(!request.system.contains("`heard`") && request.system.contains("- tone (Tone): ids"));
    }

    #[test]
    fn a_reply_is_worded_from_what_changed() {
        let (interview, history) = talk();
        let text = "Take messages, and transfer urgent calls to the nurse";
        let request = phrasing_request(&turn::apply(interview, text), &history, text);
        insta::assert_json_snapshot!("phrasing", sent(&request));
        assert_eq!(request.output, OutputShape::Text);
    }

    #[test]
    fn an_answer_that_cannot_be_used_is_asked_for_again() {
        let (interview, history) = talk();
        let first = combined_request(&interview, &history, "Take messages");
        let again = repair_request(&first, " ", &Unusable::NoDocument);
        let [_, ChatMessage::Assistant { text, .. }, ChatMessage::User(why)] = &again.messages[..] else { panic!() };
        assert_eq!((text.as_str(), again.output == first.output), ("…", true));
        assert!(why.contains("it holds no JSON document") && !why.contains('{'), "{why}");
    }

    #[test]
    fn a_long_conversation_does_not_grow_the_request() {
        let (interview, mut history) = talk();
        let length = |history: &[Message]| sent(&combined_request(&interview, history, "hi")).to_string().len();
        let long = Message { content: "word ".repeat(1600), ..history[1].clone() };
        history.extend(std::iter::repeat_n(long, 40));
        assert!(length(&history) < EARLIER_LINES * (EARLIER_CHARS + 100) + 6_000, "{}", length(&history));
    }
}
