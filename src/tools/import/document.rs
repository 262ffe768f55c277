//! From text to a JSON value, within a budget: a few lines of YAML with aliases can stand for gigabytes.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{ImportError, MAX_DOCUMENT};

/// What a document may grow to, in bytes: values and the letters of texts.
const BUDGET: usize = 8 * MAX_DOCUMENT;

/// Reads JSON or YAML.
pub fn parse(text: &str) -> Result<Value, ImportError> {
    if text.len() > MAX_DOCUMENT {
        return Err(ImportError(format!("The document must have at most {MAX_DOCUMENT} bytes.")));
    }
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(text)
            .map_err(|error| ImportError(format!("The JSON is not well-formed: {error}.")));
    }
    let left = Cell::new(BUDGET);
    Budget(&left)
        .deserialize(serde_yaml_ng::Deserializer::from_str(text))
        .map_err(|error| ImportError(format!("The YAML is not well-formed: {error}.")))
}

/// What may still be read.
#[derive(Clone, Copy)]
struct Budget<'a>(&'a Cell<usize>);

impl Budget<'_> {
    fn spend<E: Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(bytes + size_of::<Value>());
        self.0.set(left.ok_or_else(|| E::custom("it is too large once its aliases are resolved"))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Budget<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Budget<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data without tags")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.spend(0).map(|()| Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.spend(0).map(|()| value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.spend(0).map(|()| value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.spend(0).map(|()| Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.spend(value.len()).map(|()| value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.spend(0).map(|()| Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        self.spend(0)?;
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.spend(0)?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.spend(key.len())?;
            map.insert(key, entries.next_value_seed(self)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_is_the_json_it_stands_for() {
        let yaml = "a: &x [1, -2, 2.5, yes, null, \"200\"]\nb: *x\n200:\n  c: |\n    two\n    lines\n";
        let same = json!([1, -2, 2.5, "yes", null, "200"]);
        assert_eq!(parse(yaml).unwrap(), json!({"a": same, "b": same, "200": {"c": "two\nlines\n"}}));
    }

    #[test]
    fn aliases_that_explode_are_refused() {
        let mut bomb = format!("a0: &a0 \"{}\"\n", "x".repeat(10_000));
        for level in 1..12 {
            let previous = format!("*a{}, ", level - 1).repeat(9);
            bomb += &format!("a{level}: &a{level} [{previous}]\n");
        }
        let error = parse(&bomb).unwrap_err().to_string();
        assert!(error.contains("too large") || error.contains("repetition limit"), "{error}");
    }

    #[test]
    fn broken_text_says_where() {
        for text in ["{\"a\": }", "a: [1, 2", "a: b: c", "[\u{0}]"] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("line") || error.contains("position"), "{error}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
        assert!(parse(&" ".repeat(MAX_DOCUMENT + 1)).is_err());
    }
}
