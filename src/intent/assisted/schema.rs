//! The shape of a model's answer: a JSON Schema as strict as vendors take it.

use serde_json::{Value, json};

use super::super::models::{FieldId, FieldKind};
use super::super::vocabulary;

/// What a question is about when there is none.
const NO_FIELD: &str = "none";

/// The shape of an answer, with the words of a reply or without. Every object names all its properties and takes no
/// other. Properties come in alphabetical order, as models write them: findings, then what was heard, then the question;
/// and in a finding the words before the value that is read from them. `tools` are the ids of the catalogue.
pub fn answer_schema(with_reply: bool, tools: &[&str]) -> Value {
    let mut properties = json!({ "findings": { "type": "array", "items": { "anyOf": finding_shapes(tools) } } });
    if with_reply {
        properties["heard"] = json!({ "type": "string" });
        let fields: Vec<&str> = FieldId::ALL.iter().map(|field| field.as_str()).chain([NO_FIELD]).collect();
        properties["question"] = object(json!({
            "field": { "type": "string", "enum": fields },
            "text": { "type": "string" },
        }));
    }
    object(properties)
}

/// One shape for each closed vocabulary, and one for all fields of free text.
fn finding_shapes(tools: &[&str]) -> Vec<Value> {
    let is_text = |field: &FieldId| matches!(field.kind(), FieldKind::Text | FieldKind::Texts);
    let (texts, closed): (Vec<FieldId>, Vec<FieldId>) = FieldId::ALL.into_iter().partition(is_text);
    let mut shapes: Vec<Value> = closed
        .into_iter()
        .map(|field| {
            let ids: Vec<&str> = match field {
                FieldId::Tools => tools.to_vec(),
                _ => vocabulary::options(field).into_iter().map(|(id, _)| id).collect(),
            };
            finding(&[field], json!({ "type": "string", "enum": ids }))
        })
        .collect();
    shapes.push(finding(&texts, json!({ "type": "string" })));
    shapes
}

fn finding(fields: &[FieldId], value: Value) -> Value {
    let fields: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
    object(json!({
        "field": { "type": "string", "enum": fields },
        "message": { "type": "integer" },
        "op": { "type": "string", "enum": ["add", "replace", "remove"] },
        "quote": { "type": "string" },
        "value": value,
    }))
}

fn object(properties: Value) -> Value {
    let names: Vec<String> = properties.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_closed_and_everything_is_required() {
        fn check(schema: &Value) -> usize {
            let inner: usize = match schema {
                Value::Object(map) => map.values().map(check).sum(),
                Value::Array(list) => list.iter().map(check).sum(),
                _ => 0,
            };
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return inner };
            assert_eq!(schema["additionalProperties"], false);
            let required: Vec<&str> =
                schema["required"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
            assert_eq!(required, properties.keys().collect::<Vec<_>>());
            inner + 1
        }
        assert_eq!(check(&answer_schema(false, &["calendar"])), 9);
        assert_eq!(check(&answer_schema(true, &["calendar"])), 10);
    }

    #[test]
    fn it_knows_every_field_and_id_and_stays_within_what_vendors_take() {
        let schema = answer_schema(true, &["calendar", "sms"]);
        assert!(jsonschema::validator_for(&schema).is_ok());
        let shapes = schema["properties"]["findings"]["items"]["anyOf"].as_array().unwrap();
        let fields: usize =
            shapes.iter().map(|shape| shape["properties"]["field"]["enum"].as_array().unwrap().len()).sum();
        assert_eq!(fields, FieldId::ALL.len());
        let values = |field: &str| {
            let shape = shapes.iter().find(|shape| shape["properties"]["field"]["enum"][0] == field).unwrap();
            shape["properties"]["value"]["enum"].as_array().map_or(0, Vec::len)
        };
        assert_eq!((values("tone"), values("tools"), values("use_tools"), values("goals")), (14, 2, 2, 0));
    }

    #[test]
    fn the_order_of_the_answer_is_the_order_it_is_needed_in() {
        let written = answer_schema(true, &[])["properties"].to_string();
        let place = |name: &str| written.find(&format!("\"{name}\":")).unwrap();
        assert!(place("findings") < place("heard") && place("heard") < place("question"));
    }
}
