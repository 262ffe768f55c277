//! Limits and hand-over rules.

use std::ops::Range;

use super::{Finding, Reading};
use crate::intent::clause::clauses;
use crate::intent::lexicon::lexicon;
use crate::intent::models::FieldId;
use crate::intent::text::{Text, tidy};

/// Starts a limit wherever it stands; softer words need the question.
const HARD: &[&str] = &[
    "never",
    "mustn't",
    "doesn't",
    "don't",
    "shouldn't",
    "may not",
    "nunca",
    "jamas",
    "jamais",
    "niemals",
    "nie",
    "mai",
    "nooit",
    "refuse",
    "no more than",
    "not more than",
    "at most",
    "must not",
    "must never",
    "should never",
    "should not",
    "do not",
    "does not",
    "nothing outside",
    "under no circumstances",
];

/// The limits of an answer about them: each statement one.
pub fn constraints(reading: &Reading<'_>) -> Vec<Finding> {
    statements(reading.text, reading.whole())
        .into_iter()
        .filter(|at| !(at.len() == 1 && reading.text.is(at.start, &["no", "nope", "yes", "well"])))
        .map(|at| reading.add(FieldId::Constraints, tidy(reading.text.quote(at.clone())), at))
        .collect()
}

/// Limits stated in passing: clauses that forbid the agent something.
pub fn passing_constraints(reading: &Reading<'_>) -> Vec<Finding> {
    let text = reading.text;
    let mut findings = Vec::new();
    for sentence in text.sentences() {
        let forbids = reading.is_opening && text.is(sentence.start, &["no"]);
        if forbids && text.tokens.get(sentence.start + 1).is_some_and(|next| next.is_word) {
            findings.extend(no_such_thing(reading, sentence.clone()));
        }
        for at in clauses(text, sentence) {
            let at = without_lead(text, at);
            let opening = text.norm(at.start..at.end.min(at.start + 3));
            let is_hard = HARD.iter().any(|cue| opening == *cue || opening.starts_with(&format!("{cue} ")));
            let is_long = text.tokens[at.clone()].iter().filter(|token| token.is_word).count() >= 3;
            if is_hard && is_long && !is_other_fields(reading, &at) {
                findings.push(reading.add(FieldId::Constraints, tidy(text.quote(at.clone())), at));
            }
        }
    }
    findings
}

/// "No prices, and no talk of packages."
fn no_such_thing(reading: &Reading<'_>, sentence: Range<usize>) -> Vec<Finding> {
    const IDLE: &[&str] = &[
        "one", "idea", "clue", "need", "problem", "worries", "wait", "thanks", "rush", "matter", "more", "way",
        "doubt", "longer", "time", "tools", "tool", "systems", "really", "not", "please", "just",
    ];
    let text = reading.text;
    let forbids = |at: &Range<usize>| text.is(at.start, &["no"]) && !text.is(at.start + 1, IDLE);
    statements(text, sentence)
        .into_iter()
        .filter(|at| forbids(at) && !is_other_fields(reading, at))
        .map(|at| reading.add(FieldId::Constraints, tidy(text.quote(at.clone())), at))
        .collect()
}

/// Whether a clause that forbids is about manner or tools rather than behaviour.
fn is_other_fields(reading: &Reading<'_>, at: &Range<usize>) -> bool {
    let (text, lexicon) = (reading.text, lexicon());
    let tone = !lexicon.tones_in(text, at.clone()).is_empty();
    let mentions = || reading.tools.wanted.iter().chain(&reading.tools.unwanted);
    let tool = mentions().any(|one| at.start <= one.at.start && one.at.end <= at.end && one.at.len() + 3 >= at.len());
    let channel =
        lexicon.channel.find(text, at.clone()).iter().any(|one| one.meaning.is_strong && one.at.len() + 2 >= at.len());
    tone || tool || channel
}

/// Skips "it", "she", "and it" at the start of a clause.
fn without_lead(text: &Text<'_>, at: Range<usize>) -> Range<usize> {
    let start = at.clone().find(|index| {
        !text.is(*index, &["it", "she", "he", "they", "and", "also", "but", "please", "the", "agent", "bot"])
    });
    start.unwrap_or(at.start)..at.end
}

/// The hand-over rules of an answer about them.
pub fn escalation(reading: &Reading<'_>) -> Vec<Finding> {
    let text = reading.text;
    let mut rules: Vec<Range<usize>> = Vec::new();
    for sentence in text.sentences() {
        let has_condition = !lexicon().conditions.find(text, sentence.clone()).is_empty();
        match rules.last_mut() {
            // "Chest pain: tell them to hang up. And ring the ambulance." is one rule.
            Some(last) if !has_condition => last.end = sentence.end,
            _ => rules.push(sentence),
        }
    }
    rules.into_iter().map(|at| reading.add(FieldId::EscalationRules, tidy(text.quote(at.clone())), at)).collect()
}

/// Hand-over rules stated in passing: a condition and somebody to hand over to in one sentence.
pub fn passing_escalation(reading: &Reading<'_>) -> Vec<Finding> {
    let text = reading.text;
    let mut findings = Vec::new();
    for sentence in text.sentences() {
        let Some(condition) = lexicon().conditions.find(text, sentence.clone()).into_iter().find(|one| {
            text.is(
                one.at.start,
                &["if", "when", "whenever", "in", "anything", "si", "wenn", "falls", "se", "quando", "cuando", "als"],
            )
        }) else {
            continue;
        };
        let rule = condition.at.start..sentence.end;
        if !lexicon().handover.find(text, rule.clone()).is_empty() && names_a_person(text, rule.clone()) {
            findings.push(reading.add(FieldId::EscalationRules, tidy(text.quote(rule.clone())), rule));
        }
    }
    findings
}

/// Words for those a conversation is handed to.
const PEOPLE: &[&str] = &[
    "me",
    "us",
    "human",
    "person",
    "someone",
    "somebody",
    "manager",
    "supervisor",
    "colleague",
    "nurse",
    "doctor",
    "ambulance",
    "staff",
    "owner",
    "vet",
    "team",
    "front",
    "desk",
    "lead",
    "technician",
    "engineer",
    "lawyer",
    "teacher",
    "mum",
    "dad",
    "parents",
    "family",
    "boss",
    "office",
    "reception",
    "agent",
    "sales",
    "persona",
    "encargado",
    "infirmiere",
    "mensch",
    "mitarbeiter",
    "kollegen",
    "kollegin",
    "persona",
    "responsabile",
    "pessoa",
    "enfermeira",
    "mens",
    "collega",
];

fn names_a_person(text: &Text<'_>, rule: Range<usize>) -> bool {
    let named = |at: usize| {
        text.is(at, PEOPLE)
            || (at > rule.start && text.tokens[at].is_capital && text.tokens[at].is_word && text.tokens[at].norm != "i")
    };
    rule.clone().any(named)
}

/// Words for nobody and nothing.
const NOBODY: &[&str] = &[
    "nobody", "no-one", "none", "nadie", "personne", "niemand", "nessuno", "ninguem", "nothing", "nada", "rien",
    "nichts", "niente", "keine", "nobody's",
];

/// Whether an answer says that there is nothing or nobody of the kind asked about: "nobody to call, it's Marseille". A
/// limit may hold such a word and still be one ("nothing outside nine to five"), so there it must be all.
pub fn is_none(text: &Text<'_>, field: FieldId) -> bool {
    let whole = text.trim(0..text.tokens.len());
    let longest = if field == FieldId::EscalationRules { 12 } else { 4 };
    let names_none = |at: usize| {
        text.is(at, NOBODY) || (text.is(at, &["no"]) && text.is(at + 1, &["one", "rules", "limits", "need", "one's"]))
    };
    whole.len() <= longest && whole.clone().any(names_none) && lexicon().conditions.find(text, whole).is_empty()
}

/// The statements of a list in prose: sentences, and within them parts that begin anew with a restriction.
pub fn statements(text: &Text<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for sentence in text.sentences() {
        if sentence.end <= range.start || sentence.start >= range.end {
            continue;
        }
        let sentence = sentence.start.max(range.start)..sentence.end.min(range.end);
        let starts: Vec<usize> =
            lexicon().restrictions.find(text, sentence.clone()).into_iter().map(|one| one.at.start).collect();
        let mut start = sentence.start;
        for at in sentence.clone() {
            let is_mark = matches!(text.tokens[at].norm.as_str(), "," | ";")
                || text.is(at, &["and", "y", "et", "und", "e", "en"]);
            let next = (at + 1..sentence.end).find(|next| {
                text.tokens[*next].is_word && !text.is(*next, &["and", "also", "y", "et", "und", "e", "to", "it"])
            });
            if at > start && is_mark && (text.is(at, &[";"]) || next.is_some_and(|next| starts.contains(&next))) {
                found.push(start..at);
                start = at + 1;
            }
        }
        found.push(start..sentence.end);
    }
    found
        .into_iter()
        .map(|at| text.trim(at))
        .map(|at| {
            if text.is(at.start, &["and", "y", "et", "und", "e", "also"]) {
                text.trim(at.start + 1..at.end)
            } else {
                at
            }
        })
        .filter(|at| !at.is_empty())
        .collect()
}
