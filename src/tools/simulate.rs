//! Calls and answers for a preview of an agent: made up, typed as the tool's schema says, the same each time. Pure;
//! reads `data/simulated.toml`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::models::{Risk, ToolConfig};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    examples: Vec<Example>,
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    words: Vec<String>,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    category: Option<String>,
    risk: Option<Risk>,
    answer: Value,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    // Embedded and read by a test, so this cannot fail in use.
    toml::from_str(include_str!("data/simulated.toml")).expect("the embedded answers are well formed")
});

/// How deep a schema is followed.
const DEPTH: u32 = 4;

/// What the agent might call the tool with: every required parameter.
pub fn arguments(tool: &ToolConfig) -> Value {
    let properties = tool.parameters.get("properties").and_then(Value::as_object);
    let required = tool.required_parameters();
    let wanted = properties.into_iter().flatten().filter(|(name, _)| required.contains(&name.as_str()));
    wanted.map(|(name, schema)| (name.clone(), example(name, schema, DEPTH))).collect::<Map<_, _>>().into()
}

fn example(name: &str, schema: &Value, depth: u32) -> Value {
    let given = schema.get("default").or_else(|| schema.get("enum")?.as_array()?.iter().find(|value| !value.is_null()));
    if let Some(value) = given {
        return value.clone();
    }
    match kind(schema) {
        "integer" => json!(2),
        "number" => json!(20.0),
        "boolean" => json!(true),
        "array" if depth > 0 => json!([example(name, schema.get("items").unwrap_or(&Value::Null), depth - 1)]),
        "array" => json!([]),
        "object" => {
            let properties = schema.get("properties").and_then(Value::as_object).filter(|_| depth > 0);
            let inner = properties.into_iter().flatten();
            inner.map(|(name, schema)| (name.clone(), example(name, schema, depth - 1))).collect::<Map<_, _>>().into()
        }
        _ => text(name).into(),
    }
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(only)) => only,
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or("")
        }
        _ => "",
    }
}

fn text(name: &str) -> String {
    let folded = name.to_lowercase();
    let parts: Vec<&str> = folded.split(['_', '-']).collect();
    let fits = |example: &&Example| {
        example.words.iter().any(|word| parts.contains(&word.as_str()) || word.contains('_') && folded.contains(word))
    };
    match DATA.examples.iter().find(fits) {
        Some(example) => example.value.clone(),
        None => format!("the {}", parts.join(" ")),
    }
}

/// What the tool might answer to a call: what its kind of tool says, with what was asked for.
pub fn result(tool: &ToolConfig, arguments: &Value) -> Value {
    let fits = |answer: &&Answer| {
        answer.category.as_ref().is_none_or(|category| *category == tool.category)
            && answer.risk.is_none_or(|risk| risk == tool.risk)
    };
    let mut answer = DATA.answers.iter().find(fits).map(|answer| answer.answer.clone()).unwrap_or_default();
    put_reference(&mut answer, &reference(tool, arguments));
    // What was asked for is given back, so that the agent can speak of it; what the answer says itself goes before.
    if let (Some(answer), Some(arguments)) = (answer.as_object_mut(), arguments.as_object()) {
        for (name, value) in arguments {
            answer.entry(name.as_str()).or_insert_with(|| value.clone());
        }
    }
    answer
}

/// What a tool that is not there answers.
pub fn no_such_tool(name: &str) -> Value {
    json!({ "error": format!("There is no tool named {name}.") })
}

/// "CAL-4711": letters of the tool, a number of the call.
fn reference(tool: &ToolConfig, arguments: &Value) -> String {
    let letters: String = tool.id.chars().filter(char::is_ascii_alphabetic).take(3).collect();
    let letters = if letters.is_empty() { "REF".to_owned() } else { letters.to_uppercase() };
    let sum = arguments.to_string().bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 9_000);
    format!("{letters}-{}", 1_000 + sum)
}

fn put_reference(value: &mut Value, reference: &str) {
    match value {
        Value::String(text) => *text = text.replace("{reference}", reference),
        Value::Array(values) => values.iter_mut().for_each(|value| put_reference(value, reference)),
        Value::Object(fields) => fields.values_mut().for_each(|value| put_reference(value, reference)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::catalogue;

    #[test]
    fn every_tool_of_the_catalogue_gets_arguments_that_fit_and_an_answer() {
        for tool in catalogue::catalogue() {
            let config = catalogue::configure(&tool.id, None).unwrap();
            let arguments = arguments(&config);
            let schema = Value::Object(config.parameters.clone());
            assert!(jsonschema::is_valid(&schema, &arguments), "{}: {arguments}", tool.id);
            let answer = result(&config, &arguments);
            assert_eq!(answer, result(&config, &arguments), "the same call, the same answer");
            assert!(answer.as_object().is_some_and(|fields| !fields.is_empty()), "{}", tool.id);
            assert!(!answer.to_string().contains('{') || !answer.to_string().contains("{reference}"), "{answer}");
        }
    }

    #[test]
    fn an_answer_speaks_of_what_was_asked_for() {
        let calendar = catalogue::configure("calendar", None).unwrap();
        let booked = result(&calendar, &json!({"date": "2027-01-02", "status": "forged"}));
        assert_eq!((&booked["date"], &booked["status"]), (&json!("2027-01-02"), &json!("confirmed")));
        assert!(booked["reference"].as_str().unwrap().starts_with("CAL-"), "{booked}");
        assert_ne!(booked["reference"], result(&calendar, &json!({"date": "2027-01-03"}))["reference"]);
    }

    #[test]
    fn schemas_of_every_shape_have_an_example() {
        let schema = json!({"type": "object", "properties": {
            "who": {"type": ["null", "string"]}, "guests": {"type": "integer"},
            "size": {"enum": [null, "small"]}, "lines": {"type": "array", "items": {"type": "object",
                "properties": {"email": {"type": "string"}}}}}, "required": ["who", "guests", "size", "lines"]});
        let mut tool = catalogue::configure("forms", None).unwrap();
        tool.parameters = schema.as_object().unwrap().clone();
        let expected =
            json!({"who": "the who", "guests": 2, "size": "small", "lines": [{"email": "alex@example.com"}]});
        assert_eq!(arguments(&tool), expected);
        tool.id = "7".to_owned();
        assert!(result(&tool, &Value::Null)["reference"].as_str().unwrap().starts_with("REF-"));
    }
}
