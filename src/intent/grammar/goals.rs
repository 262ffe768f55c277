//! What the agent must achieve: the user's own words, each goal a short sentence that begins with its verb.

use std::ops::Range;

use super::{Finding, Reading, name};
use crate::intent::lexicon::lexicon;
use crate::intent::models::FieldId;
use crate::intent::text::{Text, tidy};

/// A message gives at most so many goals; the rest is detail of the last.
const MAX_GOALS: usize = 12;
/// So many words after the name of a role may say what it is for.
const NEAR_ROLE: usize = 8;
/// Words that may stand between a lead and its verb.
const GLUE: &[&str] = &[
    "it",
    "she",
    "he",
    "they",
    "we",
    "i",
    "you",
    "that",
    "which",
    "who",
    "to",
    "and",
    "then",
    "also",
    "can",
    "could",
    "should",
    "must",
    "will",
    "would",
    "may",
    "might",
    "just",
    "please",
    "be",
    "able",
    "basically",
    "simply",
    "so",
    "or",
    "has",
    "have",
    "need",
    "needs",
    "want",
    "like",
    "us",
    "me",
    "only",
    "even",
    "always",
    "maybe",
    "someone",
    "them",
    "people",
    "automatically",
    "first",
];
/// Before these a word is a noun, whatever it looks like.
const DETERMINERS: &[&str] = &[
    "the", "a", "an", "my", "our", "your", "their", "his", "her", "its", "this", "that", "these", "those", "some",
    "any", "each", "every", "no", "of", "for", "in", "on", "with", "by", "at", "from", "new", "about",
];

/// The goals of an answer about them: all of it, cut where a new verb begins.
pub fn answer(reading: &Reading<'_>, from: usize) -> Vec<Finding> {
    let text = reading.text;
    let parts = text
        .sentences()
        .into_iter()
        .filter(|sentence| sentence.end > from)
        .flat_map(|sentence| verb_phrases(text, sentence.start.max(from)..sentence.end));
    collect(reading, parts)
}

/// The goals of a message that describes the agent: what follows "it should", "something that", "to", lists, and
/// sentences that begin with a verb. Background about the person is left out.
pub fn passing(reading: &Reading<'_>) -> Vec<Finding> {
    let text = reading.text;
    let language = text.language();
    let is_list = bullets(text) >= 2;
    let parts = text.sentences().into_iter().flat_map(|sentence| {
        goal_part(text, &sentence, language, is_list).map_or_else(Vec::new, |part| verb_phrases(text, part))
    });
    collect(reading, parts)
}

fn collect(reading: &Reading<'_>, parts: impl Iterator<Item = Range<usize>>) -> Vec<Finding> {
    let text = reading.text;
    let mut findings: Vec<Finding> = Vec::new();
    for at in parts {
        let value = imperative(text, at.clone());
        let is_new = findings.iter().all(|earlier| !earlier.item.value.eq_ignore_ascii_case(&value));
        if value.chars().count() > 2 && is_new && findings.len() < MAX_GOALS {
            findings.push(reading.add(FieldId::Goals, value, at));
        }
    }
    findings
}

/// How many lines of the message begin like items of a list.
fn bullets(text: &Text<'_>) -> usize {
    text.original.lines().filter(|line| is_bullet(line)).count()
}

fn is_bullet(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['-', '*', '•', '–', '·']) || (number.len() < line.len() && number.starts_with([')', '.', ':']))
}

/// The part of a sentence that says what the agent does.
fn goal_part(text: &Text<'_>, sentence: &Range<usize>, language: &str, is_list: bool) -> Option<Range<usize>> {
    let lexicon = lexicon();
    let sentence = strip_number(text, sentence.clone());
    if is_list && in_bullet(text, &sentence) {
        return Some(sentence);
    }
    let leads = lexicon.foreign_goal_leads.get(language).unwrap_or(&lexicon.goal_leads);
    let lead = leads.find(text, sentence.clone()).into_iter().find(|one| one.at.end < sentence.end);
    if let Some(lead) = lead {
        return Some(lead.at.end..sentence.end);
    }
    let first = sentence.clone().find(|at| text.tokens[*at].is_word)?;
    let is_wish = !lexicon.wishes.find(text, sentence.clone()).is_empty();
    let begins_with_verb = language == "en"
        && !is_wish
        && lexicon.verb(&text.tokens[first].stem).is_some()
        && !next_is_verb_to_be(text, first);
    let is_background =
        lexicon.background.find(text, sentence.clone()).iter().any(|one| one.at.start <= first + 1) && !is_wish;
    if is_background {
        return None;
    }
    if begins_with_verb {
        return Some(sentence);
    }
    // "Every morning she reads what came in": what the agent does, whatever stands before.
    let does = |at: &usize| text.is(*at, &["it", "she", "he"]) && acts_at(text, at + 1, sentence.end);
    let deeds = || sentence.clone().find(does).map(|at| at + 1);
    let start = if language == "en" { of_role(text, &sentence).or_else(deeds) } else { deeds() };
    start.map(|start| start..sentence.end)
}

/// Where what an agent is for begins, near its name: "a receptionist who books visits", "an AI to screen applicants", "a
/// bot for answering questions".
fn of_role(text: &Text<'_>, sentence: &Range<usize>) -> Option<usize> {
    let role = lexicon().roles_in(text, sentence.clone()).into_iter().next()?;
    let is_base = |at: usize| is_verb_at(text, at, sentence.end) && !inflects(&text.tokens[at].norm);
    let is_gerund = |at: usize| is_verb_at(text, at, sentence.end) && text.tokens[at].norm.ends_with("ing");
    let begins = |at: usize| {
        let relative = text.is(at, &["who", "that", "which"])
            && (acts_at(text, at + 1, sentence.end)
                || text.is(at + 1, &["can", "could", "will", "would", "should", "must"]) && is_base(at + 2));
        relative
            || text.is(at, &["to"]) && is_base(at + 1)
            || text.is(at, &["for"]) && is_gerund(at + 1)
            || text.is(at, &[","]) && acts_at(text, at + 1, sentence.end)
    };
    // "A bot for people who want to learn": what follows is about the people.
    let others = |at: usize| text.is(at, &["who", "that", "which"]) && !begins(at);
    let mut near = (role.end..sentence.end.min(role.end + NEAR_ROLE)).take_while(|at| !others(*at));
    let found = near.find(|at| begins(*at)).map(|at| at + 1);
    found.or_else(|| Some(role.end).filter(|at| is_gerund(*at)))
}

/// Whether a verb in the third person stands here, perhaps after "also".
fn acts_at(text: &Text<'_>, at: usize, end: usize) -> bool {
    let at = if text.is(at, &["also", "then", "always", "just"]) { at + 1 } else { at };
    is_verb_at(text, at, end) && text.tokens[at].norm.ends_with('s')
}

fn next_is_verb_to_be(text: &Text<'_>, at: usize) -> bool {
    text.is(at + 1, &["is", "are", "was", "bot", "agent", "assistant", "line", "desk", "helper"])
}

fn in_bullet(text: &Text<'_>, sentence: &Range<usize>) -> bool {
    let start = text.tokens[sentence.start].at.start;
    let line_start = text.original[..start].rfind('\n').map_or(0, |at| at + 1);
    is_bullet(&text.original[line_start..]) && text.original[line_start..start].chars().all(|c| !c.is_alphabetic())
}

/// Leaves out the number of a list item.
fn strip_number(text: &Text<'_>, sentence: Range<usize>) -> Range<usize> {
    let is_number = |at: usize| text.tokens[at].norm.chars().all(|c| c.is_ascii_digit());
    let start = sentence.clone().take_while(|at| is_number(*at) || !text.tokens[*at].is_word).last();
    match start {
        Some(last) if in_bullet(text, &sentence) && last + 1 < sentence.end => last + 1..sentence.end,
        _ => sentence,
    }
}

fn is_verb_at(text: &Text<'_>, at: usize, end: usize) -> bool {
    at < end && text.tokens[at].is_word && lexicon().verb(&text.tokens[at].stem).is_some()
}

/// Cuts a coordination where a new verb begins: "make one, move one and cancel one".
fn verb_phrases(text: &Text<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    for at in range.clone() {
        let joins = text.is(at, &[",", ";", "and", "then", "or", "plus", "—", "–"])
            || (text.is(at, &["-"]) && at > range.start);
        if at < start || !joins {
            continue;
        }
        let verb = (at + 1..range.end.min(at + 4)).find(|next| !text.is(*next, GLUE) && !text.is(*next, &[","]));
        let begins_anew = text.is(at, &[";"])
            || verb.is_some_and(|verb| {
                is_verb_at(text, verb, range.end) && !text.is(verb - 1, DETERMINERS) && !is_noun_here(text, verb)
            });
        if begins_anew && words(text, start..at) >= 2 {
            parts.push(start..at);
            start = at + 1;
        }
    }
    parts.push(start..range.end);
    let is_said_again = |part: &Range<usize>| text.norm(part.clone()).contains("we already");
    parts
        .into_iter()
        .map(|part| text.trim(part))
        .filter(|part| words(text, part.clone()) >= 1 && !is_said_again(part) && !name::is_naming(text, part))
        .collect()
}

/// "orders, returns and refunds": a verb's look-alike that ends its part is a noun.
fn is_noun_here(text: &Text<'_>, at: usize) -> bool {
    let next = text.tokens.get(at + 1);
    let ends = next.is_none_or(|token| !token.is_word || matches!(token.norm.as_str(), "and" | "or"));
    ends && text.tokens[at].norm.ends_with('s')
}

fn words(text: &Text<'_>, range: Range<usize>) -> usize {
    text.tokens[range].iter().filter(|token| token.is_word).count()
}

/// The part as an order to the agent: glue dropped, the verb in its base form, everything else as the user wrote it.
fn imperative(text: &Text<'_>, at: Range<usize>) -> String {
    let is_glue = |index: usize| text.is(index, GLUE) || !text.tokens[index].is_word;
    let start = at.clone().find(|index| !is_glue(*index)).unwrap_or(at.start);
    // Only glue before a verb goes; "them to come back" without one stays whole.
    let start = if is_verb_at(text, start, at.end) {
        start
    } else {
        at.clone().find(|index| !text.is(*index, &["and", "then", "also", "or", ","])).unwrap_or(at.start)
    };
    let end = uncorrected_end(text, &at);
    let rest = text.respelled(start + 1..end.max(start + 1));
    match text.tokens.get(start).and_then(|token| lexicon().verb(&token.stem).map(|verb| (token, verb))) {
        Some((token, verb)) if token.norm != verb && inflects(&token.norm) => tidy(&format!("{verb} {rest}")),
        _ => tidy(&text.respelled(start..end)),
    }
}

/// Where a part ends before a "no wait" or "no sorry" that takes the rest back.
fn uncorrected_end(text: &Text<'_>, at: &Range<usize>) -> usize {
    let cue = lexicon()
        .corrections
        .find(text, at.clone())
        .into_iter()
        .find(|one| one.at.end == at.end && one.at.start > at.start + 1);
    cue.map_or(at.end, |one| text.trim(at.start..one.at.start).end)
}

/// Third person and gerund give way to the base form; a plural noun such as "captions" is no verb here.
fn inflects(norm: &str) -> bool {
    norm.ends_with('s') || norm.ends_with("ing")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::tool_talk::ToolTalk;

    fn goals(message: &str, is_opening: bool) -> Vec<String> {
        let text = Text::new(message);
        let answers = (!is_opening).then_some(FieldId::Goals);
        let tools = ToolTalk::default();
        let reading = Reading { text: &text, tools: &tools, message: 0, is_opening, answers };
        let found = if is_opening { passing(&reading) } else { answer(&reading, 0) };
        found.into_iter().map(|finding| finding.item.value).collect()
    }

    #[test]
    fn an_answer_is_cut_at_its_verbs() {
        assert_eq!(
            goals("help customers track orders and process returns", false),
            ["Help customers track orders", "Process returns"]
        );
        assert_eq!(
            goals("It answers questions about orders, returns and refunds", false),
            ["Answer questions about orders, returns and refunds"]
        );
        assert_eq!(
            goals("call new MQLs fast, run BANT, score them, book disco calls for anything 7+", false),
            ["Call new MQLs fast", "Run BANT", "Score them", "Book disco calls for anything 7+"]
        );
    }

    #[test]
    fn an_opening_gives_what_follows_its_leads() {
        let found = goals(
            "I run a clinic. I want a bot that answers questions about orders and books visits. Call her Mia.",
            true,
        );
        assert_eq!(found, ["Answer questions about orders", "Book visits"]);
        assert_eq!(
            goals("IT helpdesk agent\n- password resets\n- VPN won't connect", true),
            ["Password resets", "VPN won't connect"]
        );
        assert_eq!(goals("support bot for our shopify candle store", true), Vec::<String>::new());
        for (opening, goal) in [
            ("A phone receptionist who books appointments.", "Book appointments"),
            ("a receptionist for our clinic that takes messages", "Take messages"),
            ("I'm looking for an AI to screen job applicants", "Screen job applicants"),
            ("An agent for answering FAQs", "Answer FAQs"),
            ("receptionist booking visits", "Book visits"),
        ] {
            assert_eq!(goals(opening, true), [goal], "{opening}");
        }
        for opening in ["an assistant for our booking site", "a bot for people who want to learn Spanish"] {
            assert_eq!(goals(opening, true), Vec::<String>::new(), "{opening}");
        }
        let found =
            goals("quiero un bot de WhatsApp para que la gente vea la cartelera y reserve butacas sin llamar", true);
        assert_eq!(found, ["La gente vea la cartelera y reserve butacas sin llamar"]);
    }
}
