//! Other people's words in code and documents: whatever they are, they end as content. Pure.

use serde::Serialize;
use serde_json::Value;

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
        || matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
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

/// YAML of a document of ours.
pub(in crate::bundle) fn yaml(value: &impl Serialize) -> String {
    // Our documents have string keys and no failing serializers, which is all that YAML can refuse.
    serde_yaml_ng::to_string(value).expect("a document of ours is valid YAML")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_holds_any_text() {
        assert_eq!(python_string("a\"b\\c\n\r\u{202e}é😀"), "\"a\\\"b\\\\c\\n\\U0000000d\\U0000202eé😀\"");
        assert_eq!(python_string("'''\"\"\"{x}%s"), "\"'''\\\"\\\"\\\"{x}%s\"");
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
}
