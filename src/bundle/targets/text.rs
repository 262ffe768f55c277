//! Other people's words in code and documents: whatever they are, they end as content. Pure.

use serde::Serialize;
use serde_json::{Map, Value};

/// A Python string literal: JSON's escapes are Python's, and what hides or reorders text is spelt out.
pub(in crate::bundle) fn python_string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => literal.extend(['\\', letter]),
            '\n' => literal.push_str("\\n"),
            _ if is_spelt_out(letter) => literal.push_str(&format!("\\U{:08x}", u32::from(letter))),
            _ => literal.push(letter),
        }
    }
    literal.push('"');
    literal
}

/// Characters that an editor would not show as what they are.
fn is_spelt_out(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}'..='\u{ffff}')
}

/// A JSON document as a Python literal.
pub(in crate::bundle) fn python_value(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => python_string(text),
        Value::Array(items) => format!("[{}]", items.iter().map(python_value).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let entry = |(key, value): (&String, &Value)| format!("{}: {}", python_string(key), python_value(value));
            format!("{{{}}}", fields.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The document with a change made to every text in it: to keys, too, since parameters are named by people.
pub(in crate::bundle) fn with_texts(value: &Value, change: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => change(text).into(),
        Value::Array(items) => items.iter().map(|item| with_texts(item, change)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (change(key), with_texts(value, change))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// YAML of a document of ours.
pub(in crate::bundle) fn yaml(value: &impl Serialize) -> String {
    // Our documents have string keys and no failing serializers, which is all that YAML can refuse.
    serde_yaml_ng::to_string(value).expect("a document of ours is valid YAML")
}

/// A document as YAML that readers of YAML 1.1 and 1.2 understand the same: every text is quoted or a block of its own,
/// so that none is taken for a number, a time or a yes.
pub(in crate::bundle) fn plain_yaml(document: &Value) -> String {
    let mut text = String::new();
    yaml_node(document, 0, &mut text);
    text.trim_start_matches('\n').to_owned()
}

/// Writes what follows a key or a dash.
fn yaml_node(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push('\n');
            for (key, value) in fields {
                text.push_str(&format!("{indent}{}:", yaml_key(key)));
                yaml_node(value, depth + 1, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            for item in items {
                let mut inner = String::new();
                yaml_node(item, depth + 1, &mut inner);
                // The first field of an entry stands behind its dash.
                let inner = match inner.strip_prefix('\n') {
                    Some(fields) => format!(" {}", fields.trim_start()),
                    None => inner,
                };
                text.push_str(&format!("{indent}-{inner}"));
            }
        }
        Value::String(lines) if is_block(lines) => {
            let keep = if lines.ends_with('\n') { "" } else { "-" };
            text.push_str(&format!(" |{keep}\n"));
            for line in lines.lines() {
                text.push_str(if line.is_empty() { "" } else { &indent });
                text.push_str(line);
                text.push('\n');
            }
        }
        Value::String(line) => text.push_str(&format!(" {}\n", yaml_string(line))),
        other => text.push_str(&format!(" {other}\n")),
    }
}

/// Whether a text can stand as lines of its own and come back the same.
fn is_block(text: &str) -> bool {
    let plain = |letter: char| letter == '\n' || !is_spelt_out(letter);
    let starts = text.starts_with(|first: char| !first.is_whitespace());
    text.contains('\n') && starts && !text.ends_with("\n\n") && text.chars().all(plain)
}

fn yaml_key(key: &str) -> String {
    let plain = key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let lower = key.to_ascii_lowercase();
    let word = matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null");
    if plain && !word { key.to_owned() } else { yaml_string(key) }
}

/// A text in double quotes.
fn yaml_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            _ if is_spelt_out(letter) => quoted.push_str(&format!("\\U{:08x}", u32::from(letter))),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// At most `max` characters, cut at a word where there is one near.
pub(in crate::bundle) fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let short: String = text.chars().take(max.saturating_sub(1)).collect();
    let at_word = short.rfind(char::is_whitespace).filter(|at| *at > short.len() / 2);
    format!("{}…", short[..at_word.unwrap_or(short.len())].trim_end())
}

/// Text that is no template of Jinja, Nunjucks or Mustache: what opens or closes a tag is set apart.
pub(in crate::bundle) fn untemplated(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for letter in text.chars() {
        let opens = apart.ends_with('{') && matches!(letter, '{' | '%' | '#');
        let closes = apart.ends_with(['}', '%', '#']) && letter == '}';
        if opens || closes {
            apart.push(' ');
        }
        apart.push(letter);
    }
    apart
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_literal_holds_any_text() {
        assert_eq!(python_string("a\"b\\c\n\r\u{202e}é😀"), "\"a\\\"b\\\\c\\n\\U0000000d\\U0000202eé😀\"");
        assert_eq!(python_string("'''\"\"\"{x}%s"), "\"'''\\\"\\\"\\\"{x}%s\"");
    }

    proptest! {
        #[test]
        fn yaml_comes_back_the_same(texts in prop::collection::vec(prop_oneof![".{0,12}", "[ a-c:#\\n-]{0,20}", Just("yes".to_owned()), Just("12:30".to_owned()), Just("~".to_owned())], 1..6)) {
            let document = serde_json::json!({
                "list": texts, "maps": texts.iter().map(|text| serde_json::json!({ text: text, "n": [1, null] })).collect::<Vec<_>>(),
                "empty": [], "none": {}, "nested": [[texts[0]], [{"a": {"b": texts[0]}}]],
            });
            let read: Value = serde_yaml_ng::from_str(&plain_yaml(&document)).unwrap();
            prop_assert_eq!(read, document);
        }
    }

    #[test]
    fn documents_become_python() {
        let value = serde_json::json!({"a": [true, null, 1.5, "x\ny"]});
        assert_eq!(python_value(&value), r#"{"a": [True, None, 1.5, "x\ny"]}"#);
    }

    #[test]
    fn long_texts_end_at_a_word() {
        assert_eq!(shortened("one two three four", 12), "one two…");
        assert_eq!(shortened("short", 12), "short");
        assert_eq!(shortened("ääääääääääääää", 5).chars().count(), 5);
    }

    #[test]
    fn nothing_stays_a_template() {
        assert_eq!(untemplated("{{x}} {% raw %} {# c #}"), "{ {x} } { % raw % } { # c # }");
        assert_eq!(untemplated("50 % of {it}"), "50 % of {it}");
    }
}
