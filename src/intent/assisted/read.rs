//! Reads a model's answer: each finding is checked by itself, and what does not pass is dropped and counted.

use serde_json::{Map, Value};

use super::super::grammar::{Finding, Op};
use super::super::lexicon::lexicon;
use super::super::models::{Evidence, FieldId, Item};
use super::evidence::Said;
use super::worth::{self, Basis};
use super::{Known, Suggestion, Suggestions, Unusable};

/// The longest answer that is looked into, in bytes.
pub const LONGEST_ANSWER: usize = 256 * 1024;
/// The most values one answer may tell.
const MOST_FINDINGS: usize = 60;
/// The longest quote, in characters.
const LONGEST_QUOTE: usize = 1_000;

/// Reads an answer: the whole document, or its list of findings alone. Text around it does not matter.
///
/// # Errors
/// Says why nothing of it can be used.
pub fn read(answer: &str, known: &Known<'_>) -> Result<Suggestions, Unusable> {
    if answer.len() > LONGEST_ANSWER {
        return Err(Unusable::TooLong);
    }
    let findings = match document(answer)? {
        Value::Array(findings) => findings,
        Value::Object(mut document) => match document.remove("findings") {
            Some(Value::Array(findings)) => findings,
            _ => return Err(Unusable::NoFindings),
        },
        _ => return Err(Unusable::NoFindings),
    };
    let said: Vec<Said<'_>> = known.messages.iter().map(|(number, text)| Said::new(*number, text)).collect();
    let mut suggestions = Suggestions { message: said.last().map_or(0, |said| said.number), ..Suggestions::default() };
    for (at, finding) in findings.iter().enumerate() {
        match finding.as_object().filter(|_| at < MOST_FINDINGS).and_then(|finding| check(finding, known, &said)) {
            Some(suggestion) => suggestions.found.push(suggestion),
            None => suggestions.dropped += 1,
        }
    }
    Ok(suggestions)
}

/// The first JSON document in a text.
fn document(answer: &str) -> Result<Value, Unusable> {
    let mut broken = Unusable::NoDocument;
    for (start, _) in answer.match_indices(['{', '[']).take(8) {
        match serde_json::Deserializer::from_str(&answer[start..]).into_iter::<Value>().next() {
            Some(Ok(document)) if document.is_object() || is_list_of_findings(&document) => return Ok(document),
            _ => broken = Unusable::Broken,
        }
    }
    Err(broken)
}

/// "[1]" in the text before the document is none.
fn is_list_of_findings(document: &Value) -> bool {
    document.as_array().is_some_and(|list| list.is_empty() || list.iter().any(Value::is_object))
}

fn check(finding: &Map<String, Value>, known: &Known<'_>, all: &[Said<'_>]) -> Option<Suggestion> {
    let text = |name: &str| finding.get(name).and_then(Value::as_str);
    let field = FieldId::parse(text("field")?)?;
    let op = match text("op")? {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return None,
    };
    let value = match finding.get("value")? {
        Value::String(value) => value.clone(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    let quote = text("quote").filter(|quote| quote.chars().count() <= LONGEST_QUOTE)?;
    let basis = basis(quote, finding.get("message").and_then(Value::as_u64), all)?;
    let worth = worth::weigh(known, all, field, op, &value, &basis)?;
    let evidence = Evidence { message: basis.said.number, quote: basis.quote().to_owned() };
    let item = Item { value: worth.value, label: worth.label, provenance: worth.provenance, evidence: Some(evidence) };
    Some(Suggestion { finding: Finding { field, op, item }, corrects: corrects(&basis), at: basis.at })
}

/// Where a quote stands: in the message it names, else in the newest that holds it.
fn basis<'a, 't>(quote: &str, message: Option<u64>, all: &'a [Said<'t>]) -> Option<Basis<'a, 't>> {
    let named = all.iter().filter(|said| Some(u64::from(said.number)) == message);
    let others = all.iter().rev();
    named.chain(others).find_map(|said| said.find(quote).map(|at| Basis { said, at }))
}

/// Whether the sentence around the quote takes something back: "actually more formal", "no, make that chat".
fn corrects(basis: &Basis<'_, '_>) -> bool {
    let sentence = basis.said.sentence(&basis.at);
    !lexicon().corrections.find(basis.said.tokens(), sentence).is_empty()
}
