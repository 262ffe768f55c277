//! Fields of free text, and what can be read of them in passing.

use std::ops::Range;

use super::{Finding, Op, Reading};
use crate::intent::models::{FieldId, FieldKind};
use crate::intent::text::{Text, tidy};

/// The answer to a question about a field of free text: the user's own words, a list cut into its parts.
pub fn answer(reading: &Reading<'_>, field: FieldId, from: usize) -> Vec<Finding> {
    let whole = reading.whole();
    let range = from.max(whole.start)..whole.end;
    let parts = match field.kind() {
        FieldKind::Texts => reading
            .text
            .sentences()
            .into_iter()
            .filter(|sentence| sentence.start >= range.start)
            .flat_map(|sentence| split_list(reading.text, sentence))
            .collect(),
        _ => vec![range],
    };
    let op = if field.kind() == FieldKind::Texts { Op::Add } else { Op::Replace };
    parts
        .into_iter()
        .filter(|at| !at.is_empty())
        .map(|at| Finding { op, ..reading.add(field, text_value(reading.text, &at), at) })
        .collect()
}

/// A quoted sentence keeps its marks; anything else is tidied.
fn text_value(text: &Text<'_>, at: &Range<usize>) -> String {
    tidy(text.quote(at.clone()))
}

/// The parts of an enumeration divided by semicolons.
fn split_list(text: &Text<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    text.split(range, |token| token.norm == ";")
}

/// Who the agent is for: "for people training at home", "for my daughters".
pub fn passing_users(reading: &Reading<'_>) -> Option<Finding> {
    let text = reading.text;
    let sentence = text.sentences().into_iter().next()?;
    let at = sentence.clone().find(|at| {
        text.is(*at, &["for", "to"])
            && (text.is(at + 1, PEOPLE)
                || (text.is(at + 1, &["my", "our", "the", "nervous", "new", "young", "older"])
                    && text.is(at + 2, PEOPLE)))
    })?;
    let end = (at + 1..sentence.end)
        .find(|end| !text.tokens[*end].is_word || text.is(*end, &["that", "which", "and", "so", "to", "on"]))
        .unwrap_or(sentence.end);
    let users = at + 1..end;
    Some(reading.add(FieldId::TargetUsers, tidy(text.quote(users.clone())), users))
}

const PEOPLE: &[&str] = &[
    "people",
    "kids",
    "children",
    "students",
    "pupils",
    "patients",
    "customers",
    "tenants",
    "employees",
    "staff",
    "members",
    "daughters",
    "sons",
    "parents",
    "guests",
    "visitors",
    "residents",
    "seniors",
    "teenagers",
    "adults",
    "beginners",
    "users",
    "clients",
    "volunteers",
    "team",
    "colleagues",
    "daughter",
    "son",
    "mother",
    "father",
    "dad",
    "mum",
    "mom",
    "grandmother",
    "grandfather",
    "nurses",
    "drivers",
    "owners",
    "family",
    "folks",
    "learners",
    "candidates",
    "travellers",
];

/// Sources of knowledge named in passing: addresses, and documents the owner calls theirs.
pub fn passing_knowledge(reading: &Reading<'_>) -> Vec<Finding> {
    const DOCUMENTS: &[&str] = &[
        "faq",
        "faqs",
        "handbook",
        "manual",
        "manuals",
        "booklet",
        "wiki",
        "brochure",
        "guidelines",
        "runbooks",
        "leaflet",
        "syllabus",
    ];
    let text = reading.text;
    let mut findings = Vec::new();
    for at in 0..text.tokens.len() {
        let is_address = text.tokens[at].norm.contains('.')
            && text.tokens[at].norm.contains(char::is_alphabetic)
            && text.tokens[at].norm.len() > 5
            || text.is(at, &["https", "http"]);
        if is_address && text.tokens[at].norm.rsplit('.').next().is_some_and(|end| (2..=4).contains(&end.len())) {
            findings.push(reading.add(FieldId::KnowledgeSources, text.quote(at..at + 1), at..at + 1));
        } else if text.is(at, DOCUMENTS) && at > 0 {
            let start = (at.saturating_sub(3)..at)
                .find(|start| text.is(*start, &["our", "the", "my", "a"]))
                .map_or(at, |start| start + 1);
            findings.push(reading.add(FieldId::KnowledgeSources, tidy(text.quote(start..at + 1)), start..at + 1));
        }
    }
    findings
}
