//! Agents that the tests of this folder share.

use serde_json::json;

use crate::intent::models::{AgentSpec, FieldId, Item, Slot};
use crate::tools::models::{Risk, ToolConfig};

/// A field said in these words.
pub fn said(spec: &mut AgentSpec, field: FieldId, values: &[&str]) {
    let items = values.iter().map(|value| Item::said(*value, 0, *value)).collect();
    spec.set(field, Slot { items });
}

pub fn tool(id: &str, name: &str, category: &str, risk: Risk, required: &[&str]) -> ToolConfig {
    let properties: serde_json::Map<String, serde_json::Value> =
        required.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
    let schema = json!({"type": "object", "properties": properties, "required": required});
    ToolConfig {
        id: id.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        category: category.to_owned(),
        risk,
        endpoint: None,
        parameters: schema.as_object().cloned().unwrap_or_default(),
        output_use: String::new(),
        usage_context: String::new(),
        trigger_conditions: Vec::new(),
        needs_confirmation: risk != Risk::Read,
        confirmation: String::new(),
        on_failure: String::new(),
    }
}

/// Gives an agent its tools.
pub fn with_tools(spec: &mut AgentSpec, tools: Vec<ToolConfig>) {
    said(spec, FieldId::UseTools, &["true"]);
    let ids: Vec<&str> = tools.iter().map(|tool| tool.id.as_str()).collect();
    said(spec, FieldId::Tools, &ids);
    spec.tool_configs = tools.into_iter().map(|tool| (tool.id.clone(), tool)).collect();
}

fn described(mut tool: ToolConfig, description: &str, usage: &str, output: &str) -> ToolConfig {
    tool.description = description.to_owned();
    tool.usage_context = usage.to_owned();
    tool.output_use = output.to_owned();
    tool
}

/// A clinic's telephone receptionist: the agent of the design's drawing.
pub fn clinic() -> AgentSpec {
    let mut spec = AgentSpec::default();
    said(&mut spec, FieldId::AgentType, &["receptionist"]);
    said(&mut spec, FieldId::AgentName, &["Mia"]);
    said(&mut spec, FieldId::Channel, &["voice"]);
    said(&mut spec, FieldId::Goals, &["Tell callers hours and prices", "Book appointments"]);
    said(&mut spec, FieldId::Tone, &["calm", "friendly"]);
    said(
        &mut spec,
        FieldId::EscalationRules,
        &["If it's an emergency, heavy bleeding or swelling, put them through to the front desk right away"],
    );
    let calendar = described(
        tool("calendar", "Google Calendar", "scheduling", Risk::Write, &["name", "date", "time"]),
        "Reads free slots and creates, moves or cancels appointments in a calendar.",
        "When somebody wants to make, move or cancel an appointment, or asks when there is time.",
        "Offer two or three free times, and repeat day and time once it is booked.",
    );
    let mut sms = described(
        tool("sms", "SMS", "messaging", Risk::Write, &["phone", "message"]),
        "Sends a text message to a mobile phone.",
        "After booking, to remind the patient of the visit.",
        "",
    );
    sms.needs_confirmation = false;
    let mut transfer = described(
        tool("call_transfer", "Call transfer", "handover", Risk::Write, &["destination", "reason"]),
        "Puts a live phone call through to another number or extension.",
        "When a caller has to speak to a person.",
        "",
    );
    transfer.needs_confirmation = false;
    with_tools(&mut spec, vec![calendar, sms, transfer]);
    spec
}

/// A shop's chat support: orders and returns, a ticket when something does not work.
pub fn order_support() -> AgentSpec {
    let mut spec = AgentSpec::default();
    said(&mut spec, FieldId::AgentType, &["customer_support"]);
    said(&mut spec, FieldId::AgentName, &["Wick"]);
    said(&mut spec, FieldId::Channel, &["chat"]);
    said(&mut spec, FieldId::Goals, &["Track orders", "Process returns", "Answer questions about candle care"]);
    said(&mut spec, FieldId::Tone, &["friendly"]);
    said(&mut spec, FieldId::EscalationRules, &["if a candle caused a burn or fire, ticket for Mia straight away"]);
    said(&mut spec, FieldId::EdgeCases, &["people asking for a discount code: say kindly that there is none"]);
    let orders = described(
        tool("order_management", "Shopify", "commerce", Risk::Write, &["customer", "items"]),
        "Takes, looks up, changes, cancels and returns orders.",
        "When somebody asks about an order, or wants to change, cancel or return one.",
        "Say in one sentence how the order stands and what happens next.",
    );
    let knowledge = described(
        tool("knowledge_base", "Candle guide", "knowledge", Risk::Read, &["question"]),
        "Searches the owner's own documents.",
        "Whenever a question can be answered from the owner's own documents.",
        "Answer from the passage that fits.",
    );
    let ticketing = described(
        tool("ticketing", "Zendesk", "customers", Risk::Write, &["summary", "contact"]),
        "Creates and updates helpdesk tickets.",
        "When something could not be settled in the conversation.",
        "Give the ticket's number and when somebody will be in touch.",
    );
    with_tools(&mut spec, vec![orders, knowledge, ticketing]);
    spec
}

/// A vet's survey by text message, one question after another.
pub fn vet_survey() -> AgentSpec {
    let mut spec = AgentSpec::default();
    said(&mut spec, FieldId::AgentType, &["survey_interviewer"]);
    said(&mut spec, FieldId::Channel, &["sms"]);
    said(
        &mut spec,
        FieldId::Goals,
        &["Find out how the visit went", "Ask whether the pet is better", "Ask if they would come back"],
    );
    said(&mut spec, FieldId::Tone, &["empathetic"]);
    said(&mut spec, FieldId::Constraints, &["four questions at most", "no texts after 8 pm"]);
    said(&mut spec, FieldId::EscalationRules, &["if the pet got worse, tell them Dr Amal will phone"]);
    let mut sheet = described(
        tool("spreadsheet", "Google Sheets", "data", Risk::Write, &["content"]),
        "Reads rows of a spreadsheet and writes new ones.",
        "When an outcome of the conversation has to be recorded there.",
        "",
    );
    sheet.needs_confirmation = false;
    with_tools(&mut spec, vec![sheet]);
    spec
}
