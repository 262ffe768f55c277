//! JSON Schemas as people have them, made into the subset every platform takes: references resolved, alternatives
//! decided, unknown keywords left out. Pure.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::super::custom::clip;

/// How deep parameters may nest; what is deeper becomes an object without properties.
const MAX_DEPTH: usize = 8;
/// How many schemas one tool may have, all its properties counted.
const MAX_SCHEMAS: usize = 500;
/// How long a chain of references may be.
const MAX_HOPS: usize = 16;
/// The longest description of a parameter, in characters.
const MAX_DESCRIPTION: usize = 400;
/// Keywords that are taken over as they are.
const KEPT: [&str; 10] =
    ["enum", "format", "default", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"];

/// A document that references lead into.
pub struct Source<'a> {
    root: &'a Value,
    left: Cell<usize>,
}

impl<'a> Source<'a> {
    /// For one tool; `root` is the document its references are about.
    pub fn new(root: &'a Value) -> Source<'a> {
        Source { root, left: Cell::new(MAX_SCHEMAS) }
    }

    /// Follows references; only those within the document.
    pub fn resolve(&self, value: &'a Value) -> Result<&'a Value, String> {
        let mut value = value;
        for _ in 0..MAX_HOPS {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Ok(value) };
            let shown = clip(reference, 100);
            let Some(pointer) = reference.strip_prefix('#') else {
                return Err(format!("refers to another document, `{shown}`, which is not fetched"));
            };
            let pointer = decode(pointer);
            value = self.root.pointer(&pointer).ok_or_else(|| format!("`{shown}` leads nowhere"))?;
        }
        Err("its references lead in a circle".to_owned())
    }

    /// A schema in the subset.
    pub fn schema(&self, schema: &'a Value) -> Result<Map<String, Value>, String> {
        self.read(schema, &mut Vec::new())
    }

    /// `above` are the schemas this one is inside of: one that holds itself ends there.
    fn read(&self, schema: &'a Value, above: &mut Vec<&'a Value>) -> Result<Map<String, Value>, String> {
        let resolved = self.resolve(schema)?;
        let holds_itself = above.iter().any(|one| std::ptr::eq(*one, resolved));
        if holds_itself || above.len() >= MAX_DEPTH || self.left.get() == 0 {
            return Ok(plain("object"));
        }
        self.left.set(self.left.get() - 1);
        above.push(resolved);
        let read = self.read_keywords(resolved, above);
        above.pop();
        let mut read = read?;
        // What stands beside a reference says more about this use of it.
        if let Some(text) = schema.get("description").and_then(Value::as_str) {
            read.insert("description".to_owned(), clip(text, MAX_DESCRIPTION).into());
        }
        Ok(read)
    }

    fn read_keywords(&self, schema: &'a Value, above: &mut Vec<&'a Value>) -> Result<Map<String, Value>, String> {
        let Some(keywords) = schema.as_object() else { return Ok(plain("string")) };
        let mut read = self.composed(keywords, above)?;
        for key in KEPT {
            if let Some(value) = keywords.get(key) {
                read.insert(key.to_owned(), value.clone());
            }
        }
        if let Some(value) = keywords.get("const") {
            read.insert("enum".to_owned(), json!([value]));
        }
        if let Some(text) = keywords.get("description").or_else(|| keywords.get("title")).and_then(Value::as_str) {
            read.insert("description".to_owned(), clip(text, MAX_DESCRIPTION).into());
        }
        if let Some(kind) = kind(keywords).or_else(|| Some(read.get("type")?.as_str()?.to_owned())) {
            read.insert("type".to_owned(), kind.into());
        }
        if let Some(items) = keywords.get("items") {
            read.insert("items".to_owned(), self.read(items, above)?.into());
        }
        self.read_properties(keywords, above, &mut read)?;
        let guessed = if read.contains_key("properties") { "object" } else { "string" };
        read.entry("type").or_insert_with(|| guessed.into());
        if read["type"] == "array" {
            read.entry("items").or_insert_with(|| plain("string").into());
        }
        Ok(read)
    }

    /// All parts of `allOf` together; of alternatives, the first that is something.
    fn composed(
        &self,
        keywords: &'a Map<String, Value>,
        above: &mut Vec<&'a Value>,
    ) -> Result<Map<String, Value>, String> {
        let parts = |key: &str| keywords.get(key).and_then(Value::as_array).into_iter().flatten();
        let mut whole = Map::new();
        for part in parts("allOf") {
            merge(&mut whole, self.read(part, above)?);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(part) = parts(key).find(|part| part.get("type") != Some(&json!("null"))) {
                merge(&mut whole, self.read(part, above)?);
            }
        }
        Ok(whole)
    }

    fn read_properties(
        &self,
        keywords: &'a Map<String, Value>,
        above: &mut Vec<&'a Value>,
        read: &mut Map<String, Value>,
    ) -> Result<(), String> {
        let Some(own) = keywords.get("properties").and_then(Value::as_object) else { return Ok(()) };
        let mut part = Map::new();
        let mut properties = Map::new();
        for (name, property) in own.iter().filter(|(_, property)| property.get("readOnly") != Some(&Value::Bool(true)))
        {
            properties.insert(name.clone(), self.read(property, above)?.into());
        }
        let required = keywords.get("required").and_then(Value::as_array).into_iter().flatten();
        let required: Vec<&Value> =
            required.filter(|name| name.as_str().is_some_and(|name| properties.contains_key(name))).collect();
        part.insert("required".to_owned(), json!(required));
        part.insert("properties".to_owned(), properties.into());
        merge(read, part);
        Ok(())
    }
}

/// An object schema with nothing in it, and the like.
pub fn plain(kind: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), kind.into())])
}

/// The parameters of a tool: always an object with `properties` and `required`.
pub fn parameters(root: &Value, schema: Option<&Value>) -> Result<Map<String, Value>, String> {
    let mut read = match schema {
        None | Some(Value::Null) => plain("object"),
        Some(schema @ Value::Object(keywords)) => {
            // Fewer words are common: `{}`, or properties without a type.
            let is_object = kind(keywords).is_none_or(|kind| kind == "object");
            if !is_object {
                return Err("the parameters must be the JSON Schema of an object".to_owned());
            }
            Source::new(root).schema(schema)?
        }
        Some(_) => return Err("the parameters must be the JSON Schema of an object".to_owned()),
    };
    read.insert("type".to_owned(), "object".into());
    read.entry("properties").or_insert_with(|| json!({}));
    read.entry("required").or_insert_with(|| json!([]));
    Ok(read)
}

/// The type: of several, the first that is not null.
fn kind(keywords: &Map<String, Value>) -> Option<String> {
    let kinds = match keywords.get("type")? {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null")?,
        other => other.as_str()?,
    };
    Some(kinds.to_owned())
}

/// Adds one object schema to another: properties and required names join, the rest is replaced.
fn merge(whole: &mut Map<String, Value>, part: Map<String, Value>) {
    for (key, value) in part {
        match (whole.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => known.extend(more),
            (Some(Value::Array(known)), Value::Array(more)) if key == "required" => {
                for name in more {
                    if !known.contains(&name) {
                        known.push(name);
                    }
                }
            }
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
}

/// A fragment without its percent signs.
fn decode(fragment: &str) -> String {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(root: &Value, schema: &Value) -> Value {
        parameters(root, Some(schema)).unwrap().into()
    }

    #[test]
    fn references_compositions_and_null_are_resolved() {
        let root =
            json!({"$defs": {"a b": {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}}}});
        let schema = json!({"allOf": [
            {"$ref": "#/$defs/a%20b"},
            {"properties": {"y": {"type": ["null", "string"], "title": "Why"}}, "required": ["y", "gone"]},
        ], "x-internal": true});
        let expected = json!({"type": "object", "required": ["x", "y"], "properties": {
            "x": {"type": "integer"}, "y": {"type": "string", "description": "Why"}}});
        assert_eq!(read(&root, &schema), expected);
        let either =
            json!({"properties": {"z": {"anyOf": [{"type": "null"}, {"type": "number"}]}, "l": {"type": "array"}}});
        let read = read(&root, &either);
        assert_eq!(read["properties"]["z"], json!({"type": "number"}));
        assert_eq!(read["properties"]["l"]["items"], json!({"type": "string"}));
    }

    #[test]
    fn what_holds_itself_or_doubles_ends() {
        let tree = json!({"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}});
        let read_tree = read(&tree, &tree);
        assert_eq!(read_tree["properties"]["children"]["items"], json!({"type": "object"}));
        let circle = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}});
        assert!(Source::new(&circle).schema(&circle["a"]).unwrap_err().contains("circle"));
        let many: Map<String, Value> = (0..40).map(|n| (format!("p{n}"), json!({"$ref": "#/next"}))).collect();
        let fan = json!({"properties": {"a": {"properties": {"b": {"properties": many}}}}, "next": {"properties": {
            "c": {"properties": {"d": {"$ref": "#/last"}}}}}, "last": {"type": "string"}});
        assert!(read(&fan, &fan).to_string().len() < 50_000);
        let mut deep = json!({"type": "string"});
        for _ in 0..100 {
            deep = json!({"properties": {"in": deep}});
        }
        assert!(read(&deep, &deep).to_string().len() < 2_000);
    }

    #[test]
    fn what_is_elsewhere_is_not_fetched() {
        let remote = json!({"properties": {"a": {"$ref": "https://other.example/schema.json"}}});
        assert!(parameters(&remote, Some(&remote)).unwrap_err().contains("not fetched"));
        let nowhere = json!({"$ref": "#/gone"});
        assert!(parameters(&nowhere, Some(&nowhere)).unwrap_err().contains("leads nowhere"));
        assert!(parameters(&Value::Null, Some(&json!({"type": "string"}))).is_err());
        assert!(parameters(&Value::Null, Some(&json!([]))).is_err());
    }
}
