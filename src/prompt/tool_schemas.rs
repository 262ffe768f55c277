//! The agent's tools in each vendor's schema.
//!
//! Shapes: ElevenLabs webhook tools; OpenAI Chat nests under `function`, Responses and Realtime are flat; strict functions
//! list every key as required and allow null for the optional ones; Anthropic has `input_schema`; Gemini's
//! `functionDeclarations` know a subset of JSON Schema. Descriptions say when to call, since models choose by them.

use serde_json::{Map, Value, json};

use crate::intent::models::AgentSpec;
use crate::tools::models::ToolConfig;

use super::models::PromptFormat;
use super::wording::{clean, in_words, sentence};

/// Where a webhook goes until its owner fills in an address: a domain that never resolves.
pub const PLACEHOLDER_URL: &str = "https://your-server.example/tools/";

/// Vendors take descriptions of at most this many characters.
const MAX_DESCRIPTION: usize = 1024;

/// All tools of an agent as `tools` of a request to the vendor.
pub fn tools(spec: &AgentSpec, format: PromptFormat) -> Vec<Value> {
    spec.tools().map(|tool| schema(tool, format)).collect()
}

/// One tool in a vendor's schema.
pub fn schema(tool: &ToolConfig, format: PromptFormat) -> Value {
    let name = tool_name(&tool.id);
    let description = description(tool);
    match format {
        PromptFormat::ElevenLabs => eleven_labs(tool, &name, &description),
        PromptFormat::OpenAiChat => {
            let (strict, parameters) = strict_parameters(tool);
            let function =
                json!({ "name": name, "description": description, "strict": strict, "parameters": parameters });
            json!({ "type": "function", "function": function })
        }
        PromptFormat::OpenAiAssistant => {
            let (strict, parameters) = strict_parameters(tool);
            json!({ "type": "function", "name": name, "description": description, "strict": strict, "parameters": parameters })
        }
        PromptFormat::OpenAiRealtime => {
            let parameters = parameters(tool);
            json!({ "type": "function", "name": name, "description": description, "parameters": parameters })
        }
        PromptFormat::Anthropic => {
            json!({ "name": name, "description": description, "input_schema": parameters(tool) })
        }
        PromptFormat::Gemini => {
            let mut declaration = json!({ "name": name, "description": description });
            let parameters = gemini(&Value::Object(parameters(tool)));
            // A function without parameters must have no schema at all there.
            if parameters.get("properties").and_then(Value::as_object).is_some_and(|keys| !keys.is_empty()) {
                declaration["parameters"] = parameters;
            }
            declaration
        }
        PromptFormat::Generic => {
            let parameters = parameters(tool);
            json!({
                "name": name, "description": description, "parameters": parameters,
                "needs_confirmation": tool.needs_confirmation, "on_failure": tool.on_failure,
            })
        }
    }
}

/// A name every vendor accepts: a letter or underscore first, then letters, digits, `_`, `-`; at most 64.
pub fn tool_name(id: &str) -> String {
    let mut name: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        name.insert_str(0, "tool_");
    }
    name.truncate(64);
    name
}

/// The parameters as an object schema, whatever the configuration holds.
pub(crate) fn parameters(tool: &ToolConfig) -> Map<String, Value> {
    let mut schema = Map::new();
    let properties = tool.parameters.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let required: Vec<&str> =
        tool.required_parameters().into_iter().filter(|key| properties.contains_key(*key)).collect();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("required".to_owned(), required.into());
    schema.insert("properties".to_owned(), properties.into());
    schema
}

/// Parameters for a strict function, and whether they can be strict: an object of unknown keys cannot.
fn strict_parameters(tool: &ToolConfig) -> (bool, Value) {
    let plain = Value::Object(parameters(tool));
    match strict(&plain) {
        Some(schema) => (true, schema),
        None => (false, plain),
    }
}

/// Keywords of JSON Schema that strict functions take.
const STRICT_KEYWORDS: [&str; 7] = ["type", "description", "enum", "items", "properties", "required", "anyOf"];

fn strict(schema: &Value) -> Option<Value> {
    let source = schema.as_object()?;
    let mut result: Map<String, Value> = source
        .iter()
        .filter(|(key, _)| STRICT_KEYWORDS.contains(&key.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    if let Some(items) = source.get("items") {
        result.insert("items".to_owned(), strict(items)?);
    }
    if let Some(choices) = source.get("anyOf").and_then(Value::as_array) {
        let choices: Option<Vec<Value>> = choices.iter().map(strict).collect();
        result.insert("anyOf".to_owned(), choices?.into());
    }
    if !has_type(source, "object") {
        let typed = source.contains_key("type") || source.contains_key("anyOf") || source.contains_key("enum");
        let listed = !has_type(source, "array") || source.contains_key("items");
        return (typed && listed).then_some(Value::Object(result));
    }
    let properties = source.get("properties")?.as_object()?;
    let required: Vec<&str> = source
        .get("required")
        .and_then(Value::as_array)
        .map(|keys| keys.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let mut keys = Map::new();
    for (key, property) in properties {
        let property = strict(property)?;
        let property = if required.contains(&key.as_str()) { property } else { nullable(property) };
        keys.insert(key.clone(), property);
    }
    result.insert("required".to_owned(), keys.keys().cloned().collect::<Vec<_>>().into());
    result.insert("properties".to_owned(), keys.into());
    result.insert("additionalProperties".to_owned(), false.into());
    Some(Value::Object(result))
}

fn has_type(schema: &Map<String, Value>, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}

/// The schema with null allowed.
fn nullable(mut schema: Value) -> Value {
    let Some(object) = schema.as_object_mut() else { return schema };
    match object.get_mut("type") {
        Some(Value::String(only)) => {
            let both = json!([only.clone(), "null"]);
            object.insert("type".to_owned(), both);
        }
        Some(Value::Array(several)) if !several.iter().any(|one| one == "null") => several.push("null".into()),
        Some(_) => {}
        None => return json!({ "anyOf": [schema, { "type": "null" }] }),
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
    schema
}

/// Keywords of JSON Schema that Gemini's `Schema` takes as they are.
const GEMINI_KEYWORDS: [&str; 8] =
    ["description", "required", "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength"];

fn gemini(schema: &Value) -> Value {
    let Some(source) = schema.as_object() else { return json!({ "type": "string" }) };
    let mut result: Map<String, Value> = source
        .iter()
        .filter(|(key, _)| GEMINI_KEYWORDS.contains(&key.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    let types: Vec<&str> = match source.get("type") {
        Some(Value::String(only)) => vec![only],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec!["string"],
    };
    let main = types.iter().find(|name| **name != "null").copied().unwrap_or("string");
    result.insert("type".to_owned(), main.into());
    if types.contains(&"null") {
        result.insert("nullable".to_owned(), true.into());
    }
    if main == "string" {
        if let Some(values) = source.get("enum").and_then(Value::as_array) {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            result.insert("enum".to_owned(), texts.into());
        } else if source.get("format").is_some_and(|format| format == "date-time") {
            result.insert("format".to_owned(), "date-time".into());
        }
    }
    if main == "array" {
        result.insert("items".to_owned(), source.get("items").map_or(json!({ "type": "string" }), gemini));
    }
    if let Some(properties) = source.get("properties").and_then(Value::as_object) {
        let keys: Map<String, Value> =
            properties.iter().map(|(key, property)| (key.clone(), gemini(property))).collect();
        result.insert("properties".to_owned(), keys.into());
    }
    if result.get("required").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        result.remove("required");
    }
    Value::Object(result)
}

/// The parameters in the few keywords that every platform with calls of its own takes: one type each, a description,
/// choices of text, items, properties, required.
pub(crate) fn plain_parameters(tool: &ToolConfig) -> Value {
    let schema = parameters(tool);
    let properties = schema.get("properties").and_then(Value::as_object);
    let literals: Map<String, Value> =
        properties.into_iter().flatten().map(|(key, value)| (key.clone(), eleven_value(key, value))).collect();
    json!({ "type": "object", "properties": literals, "required": schema.get("required") })
}

/// Where a tool is called, and how: at the owner's endpoint, or at a placeholder until there is one.
pub(crate) fn address(tool: &ToolConfig) -> (String, String) {
    match &tool.endpoint {
        Some(endpoint) => (clean(&endpoint.method).to_ascii_uppercase(), clean(&endpoint.url)),
        None => ("POST".to_owned(), format!("{PLACEHOLDER_URL}{}", tool_name(&tool.id))),
    }
}

/// What a tool does and when to call it, at most 1,024 characters.
pub(crate) fn description(tool: &ToolConfig) -> String {
    let mut parts = vec![sentence(&tool.description), sentence(&tool.usage_context)];
    if tool.needs_confirmation {
        parts.push("Only after the user has said yes.".to_owned());
    }
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    let text = if parts.is_empty() { sentence(&in_words(&tool.id)) } else { parts.join(" ") };
    text.chars().take(MAX_DESCRIPTION).collect()
}

/// A webhook: called at the owner's endpoint, or at a placeholder until there is one.
fn eleven_labs(tool: &ToolConfig, name: &str, description: &str) -> Value {
    let (method, url) = address(tool);
    let schema = plain_parameters(tool);
    let mut api = json!({ "url": url, "method": method });
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    if !properties.is_empty() {
        if matches!(method.as_str(), "GET" | "DELETE") {
            let flat: Map<String, Value> = properties.into_iter().filter(|(_, value)| is_flat(value)).collect();
            if !flat.is_empty() {
                let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
                let required: Vec<&str> =
                    required.filter_map(Value::as_str).filter(|key| flat.contains_key(*key)).collect();
                api["query_params_schema"] = json!({ "properties": flat, "required": required });
            }
        } else {
            api["request_body_schema"] = schema;
            api["request_body_schema"]["description"] =
                format!("What {} needs from the conversation.", in_words(name)).into();
        }
    }
    json!({ "type": "webhook", "name": name, "description": description, "response_timeout_secs": 20, "api_schema": api })
}

fn is_flat(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str).is_some_and(|name| !matches!(name, "object" | "array"))
}

/// A property the platform fills from the conversation: it needs a description and knows few keywords.
fn eleven_value(key: &str, schema: &Value) -> Value {
    let kind = match schema.get("type") {
        Some(Value::String(only)) => only.as_str(),
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or("string")
        }
        _ => "string",
    };
    let said = schema.get("description").and_then(Value::as_str).map(clean).filter(|text| !text.is_empty());
    let description = said.unwrap_or_else(|| sentence(&in_words(key)));
    match kind {
        "array" => {
            let item =
                schema.get("items").map_or_else(|| eleven_value(key, &Value::Null), |items| eleven_value(key, items));
            json!({ "type": "array", "description": description, "items": item })
        }
        "object" => {
            let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
            let inner: Map<String, Value> = properties.iter().map(|(k, v)| (k.clone(), eleven_value(k, v))).collect();
            let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            let required: Vec<&str> =
                required.filter_map(Value::as_str).filter(|key| inner.contains_key(*key)).collect();
            json!({ "type": "object", "description": description, "properties": inner, "required": required })
        }
        _ => {
            let mut literal = json!({ "type": kind, "description": description });
            let texts =
                schema.get("enum").and_then(Value::as_array).filter(|values| values.iter().all(Value::is_string));
            if let (Some(values), "string") = (texts, kind) {
                literal["enum"] = values.clone().into();
            }
            literal
        }
    }
}
