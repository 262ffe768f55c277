//! JSON Schema of the document an [`AgentSpec`](super::models::AgentSpec) is on the wire. Pure.

use serde_json::{Map, Value, json};

use super::models::{FieldId, FieldKind, SPEC_VERSION};
use super::vocabulary;

/// The schema, in the draft of 2020-12.
pub fn schema() -> Value {
    let mut properties = Map::new();
    properties.insert("spec_version".to_owned(), json!({"const": SPEC_VERSION}));
    for field in FieldId::ALL {
        properties.insert(field.as_str().to_owned(), slot(field));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:agentwright:schema:agent-spec:1",
        "title": "AgentSpec",
        "description": "An agent, neutral of vendors: each known field with its value and where that came from.",
        "type": "object",
        "required": ["spec_version"],
        "properties": properties,
        "additionalProperties": false,
        "$defs": {
            "provenance": {"enum": ["default", "inferred", "said", "edited"]},
            "evidence": evidence(),
            "tool": tool(),
        },
    })
}

/// A field: its value, the source of the strongest item, and each item with its own.
fn slot(field: FieldId) -> Value {
    let (value, item_value) = values(field);
    let item = json!({
        "type": "object",
        "required": ["value", "provenance", "evidence"],
        "properties": {
            "value": item_value,
            "label": {"type": "string", "description": "How the user put it, where the value is an id."},
            "provenance": {"$ref": "#/$defs/provenance"},
            "evidence": {"$ref": "#/$defs/evidence"},
        },
        "additionalProperties": false,
    });
    json!({
        "title": field.label(),
        "type": "object",
        "required": ["value", "provenance", "evidence", "items"],
        "properties": {
            "value": value,
            "provenance": {"$ref": "#/$defs/provenance"},
            "evidence": {"$ref": "#/$defs/evidence"},
            "items": {"type": "array", "minItems": 1, "items": item},
        },
        "additionalProperties": false,
    })
}

/// The shape of a field's value, and of one item of it, which is always a text.
fn values(field: FieldId) -> (Value, Value) {
    let text = || json!({"type": "string"});
    let ids = || {
        let ids: Vec<&str> = vocabulary::options(field).into_iter().map(|(id, _)| id).collect();
        json!({"enum": ids})
    };
    let list = |of: Value| json!({"type": "array", "minItems": 1, "items": of});
    match field.kind() {
        FieldKind::Id => (ids(), ids()),
        FieldKind::Ids => (list(ids()), ids()),
        FieldKind::Flag => (json!({"type": "boolean"}), json!({"enum": ["true", "false"]})),
        FieldKind::Text => (text(), text()),
        FieldKind::Texts => (list(text()), text()),
        FieldKind::Tools => (json!({"type": "array", "items": {"$ref": "#/$defs/tool"}}), tool_id()),
    }
}

fn evidence() -> Value {
    let words = json!({
        "type": "object",
        "required": ["message", "quote"],
        "properties": {
            "message": {"type": "integer", "minimum": 0, "description": "The user's message, counted from 0."},
            "quote": {"type": "string", "description": "Letters of that message, unchanged."},
        },
        "additionalProperties": false,
    });
    json!({"oneOf": [{"type": "null"}, words]})
}

fn tool_id() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})
}

fn tool() -> Value {
    let texts = ["name", "description", "category", "output_use", "usage_context", "confirmation", "on_failure"];
    let mut properties: Map<String, Value> =
        texts.into_iter().map(|name| (name.to_owned(), json!({"type": "string"}))).collect();
    let endpoint = json!({
        "type": "object",
        "required": ["method", "url"],
        "properties": {"method": {"type": "string"}, "url": {"type": "string"}},
        "additionalProperties": false,
    });
    let rest = json!({
        "id": tool_id(),
        "risk": {"enum": ["read", "write", "pay"]},
        "endpoint": endpoint,
        "parameters": {"type": "object", "description": "JSON Schema of an object."},
        "trigger_conditions": {"type": "array", "items": {"type": "string"}},
        "needs_confirmation": {"type": "boolean"},
    });
    properties.extend(rest.as_object().cloned().into_iter().flatten());
    let required: Vec<&String> = properties.keys().filter(|name| *name != "endpoint").collect();
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

#[cfg(test)]
mod tests {
    use jsonschema::Validator;

    use super::*;

    fn validator() -> Validator {
        jsonschema::draft202012::new(&schema()).unwrap()
    }

    fn specs() -> Vec<Value> {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/specs")).unwrap();
        let read = |path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        folder.map(|file| read(file.unwrap().path())).collect()
    }

    #[test]
    fn the_schema_is_one() {
        assert!(jsonschema::draft202012::meta::is_valid(&schema()));
    }

    #[test]
    fn whatever_a_spec_becomes_on_the_wire_is_valid() {
        let validator = validator();
        assert!(specs().len() >= 6);
        for document in specs() {
            let spec: super::super::models::AgentSpec = serde_json::from_value(document).unwrap();
            let wire = serde_json::to_value(&spec).unwrap();
            let errors: Vec<String> = validator.iter_errors(&wire).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
        assert!(validator.is_valid(&json!({"spec_version": "1"})));
    }

    #[test]
    fn what_is_no_spec_is_not() {
        let validator = validator();
        let mut wrong = specs().remove(0);
        for (path, value) in [
            ("/spec_version", json!(2)),
            ("/agent_type/value", json!("no_such_type")),
            ("/goals/provenance", json!("guessed")),
            ("/goals/items", json!([])),
            ("/use_tools/value", json!("yes")),
        ] {
            let right = std::mem::replace(wrong.pointer_mut(path).unwrap(), value);
            assert!(!validator.is_valid(&wrong), "{path}");
            *wrong.pointer_mut(path).unwrap() = right;
        }
        assert!(!validator.is_valid(&json!({"spec_version": "1", "colour": {}})));
    }
}
