//! Reads a rule in the owner's words: when it holds, what is to be done, who takes over.

use crate::workflow::words::{self, EDGE_LABEL, NODE_TITLE, WORDS};

/// An escalation rule or edge case, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub text: String,
    /// When it holds, short enough for an edge.
    pub label: String,
    /// When it holds, in full.
    pub condition: String,
    /// What is to be done; empty where the text does not say.
    pub action: String,
    /// Who takes over, as a title.
    pub target: Option<String>,
    /// Nobody takes over: the agent says what to do.
    pub advice: bool,
}

/// Lower-case with every byte in its place, so that what is found there can be cut from the text.
fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

pub fn read(text: &str) -> Rule {
    let text = words::clean(text);
    let (condition, action) = divide(&text);
    let condition = bare_condition(&condition);
    // Of several signs the first stands for all: "chest pain, or anything like that".
    let fits = condition.chars().count() <= EDGE_LABEL;
    let first = condition.split(", ").next().filter(|first| !fits && first.chars().count() > 3).unwrap_or(&condition);
    let label = match words::edge_label(first) {
        label if label.is_empty() => "needs a person".to_owned(),
        label => label,
    };
    let target = target(&text);
    let advice = WORDS.advice.iter().any(|word| lower(&action).contains(word.as_str()))
        && !["transfer", "pass ", "put them through", "hand over"].iter().any(|word| lower(&action).contains(word));
    Rule { label, target: target.filter(|_| !advice), condition, action: words::clean(&action), advice, text }
}

/// The condition and the doing of a rule.
fn divide(text: &str) -> (String, String) {
    let lowered = lower(text);
    if words::opens_with(text, &WORDS.handover_verbs) {
        return divide_order(text, &lowered);
    }
    let mut joints =
        WORDS.rule_joints.iter().filter_map(|joint| lowered.find(joint.as_str()).map(|at| (at, joint.len())));
    if let Some((at, length)) = joints.find(|(at, _)| *at > 0) {
        return (text[..at].to_owned(), text[at + length..].to_owned());
    }
    let doing = lowered.match_indices(' ').find(|(at, _)| {
        let word = lowered[at + 1..].split_whitespace().next().unwrap_or_default();
        WORDS.rule_doings.contains(word) && lowered[..*at].contains(' ')
    });
    match doing {
        Some((at, _)) => (text[..at].to_owned(), text[at..].to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

/// "Transfer to a nurse if there is chest pain", "Escalate complaints to Maria".
fn divide_order(text: &str, lowered: &str) -> (String, String) {
    let markers = [" if ", " when ", " whenever ", " in case of ", " once ", " as soon as ", " for ", " on "];
    if let Some((at, marker)) = markers.iter().find_map(|marker| lowered.find(marker).map(|at| (at, marker))) {
        return (text[at + marker.len()..].to_owned(), text[..at].to_owned());
    }
    let verb =
        WORDS.handover_verbs.iter().filter(|verb| lowered.starts_with(&format!("{verb} "))).max_by_key(|v| v.len());
    let rest = verb.map_or(text, |verb| text[verb.len()..].trim_start());
    let object = lower(rest).find(" to ").map_or("", |at| &rest[..at]);
    let named = !object.is_empty() && !WORDS.not_targets.contains(&lower(object));
    (if named { object.to_owned() } else { String::new() }, text.to_owned())
}

/// Without "if somebody …" and an article before it.
fn bare_condition(condition: &str) -> String {
    let mut rest = condition.trim();
    let lowered = lower(rest);
    let opening = WORDS.condition_openings.iter().find(|opening| lowered.starts_with(&format!("{opening} ")));
    if let Some(opening) = opening {
        rest = rest[opening.len()..].trim_start();
    }
    for article in ["a ", "an ", "the "] {
        if lower(rest).starts_with(article) {
            rest = &rest[article.len()..];
            break;
        }
    }
    words::clean(rest)
}

/// Who takes over: what stands after "put them through to", "ticket for" and the like.
fn target(text: &str) -> Option<String> {
    let padded = format!(" {text} ");
    let lowered = lower(&padded);
    let phrases = WORDS.handover_targets.iter();
    let found = phrases.flat_map(|phrase| {
        let phrase = format!(" {phrase} ");
        lowered.match_indices(&phrase).map(|(at, found)| (at + found.len(), found.len())).collect::<Vec<_>>()
    });
    // The rightmost phrase is the nearest to a name: "escalate, put them through to the desk"; the longest at one place.
    let mut ends: Vec<(usize, usize)> = found.collect();
    ends.sort_by_key(|(end, length)| (*end, std::cmp::Reverse(*length)));
    let named = ends.iter().find_map(|(end, _)| name_at(&padded[*end..]));
    named.or_else(|| {
        // "Escalate complaints to the manager".
        let to = lowered.rfind(" to ").filter(|_| words::opens_with(text, &WORDS.handover_verbs))?;
        name_at(&padded[to + " to ".len()..])
    })
}

/// The name of a person, desk or line at the beginning of `rest`.
fn name_at(rest: &str) -> Option<String> {
    let stop = [
        " right",
        " straight",
        " immediately",
        " at ",
        " if ",
        " when ",
        " live",
        " as ",
        " whatever",
        " and ",
        " with ",
        " for ",
        " who ",
        " so ",
        " on ",
        " will ",
        " within ",
        " has ",
        " by ",
        " asap",
        " now",
        " instead",
        " every",
        " always",
        " that ",
        " to ",
        " or ",
    ];
    let lowered = lower(rest);
    let punctuation = rest.find([',', '.', ';', ':', '(', '!', '?']);
    let end = stop.iter().filter_map(|word| lowered.find(word)).chain(punctuation).min().unwrap_or(rest.len());
    let mut name = rest[..end].trim();
    for article in ["the ", "a ", "an ", "our ", "my ", "your ", "their "] {
        if lower(name).starts_with(article) {
            name = &name[article.len()..];
            break;
        }
    }
    match lower(name).as_str() {
        "me" | "my mobile" | "mobile" => return Some("The owner".to_owned()),
        "us" => return Some("The team".to_owned()),
        _ => {}
    }
    let folded = lower(name);
    let mut first = folded.split_whitespace();
    let weak = first.next().is_none_or(|word| WORDS.not_targets.contains(word)) || WORDS.not_targets.contains(&folded);
    let fits = !weak && name.chars().count() <= NODE_TITLE && name.split_whitespace().count() <= 4;
    fits.then(|| words::title(name))
}

/// The check a constraint asks for, if it asks for one: its title, what it comes before, whether it is a question.
pub fn check(text: &str) -> Option<(String, Option<String>)> {
    let text = words::clean(text);
    if !words::opens_with(&text, &WORDS.checks) {
        return None;
    }
    let lowered = lower(&text);
    let (what, before) = match lowered.find(" before ") {
        Some(at) => (&text[..at], Some(text[at + " before ".len()..].to_owned())),
        None => (text.as_str(), None),
    };
    let always = lower(what).strip_prefix("always ").map_or(0, |_| "always ".len());
    Some((words::title(&what[always..]), before))
}

/// Whether a constraint limits the hours at which people are called or written to.
pub fn limits_hours(text: &str) -> bool {
    let folded = words::fold(text);
    let hour = folded.chars().any(|c| c.is_ascii_digit()) || folded.contains("noon") || folded.contains("evening");
    hour && WORDS.quiet_hours.iter().any(|phrase| folded.contains(phrase.as_str()))
}

/// The action of an edge case as a node's title, if it says one.
pub fn action_title(rule: &Rule) -> Option<String> {
    let title = words::title(&rule.action);
    (!title.is_empty() && rule.label.chars().count() <= EDGE_LABEL).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, Option<String>, bool) {
        let rule = read(text);
        (rule.label, rule.target, rule.advice)
    }

    #[test]
    fn rules_come_apart() {
        let name = |text: &str| Some(text.to_owned());
        let cases = [
            (
                "If it's an emergency, put them through to the front desk right away",
                "emergency",
                name("Front desk"),
                false,
            ),
            (
                "if a candle caused a burn or fire, ticket for Mia straight away",
                "candle caused a burn or fire",
                name("Mia"),
                false,
            ),
            (
                "Chest pain, or anything like that: tell them to hang up and ring the ambulance",
                "chest pain",
                None,
                true,
            ),
            ("pricing above 50k ARR, transfer to an AE live", "pricing above 50k ARR", name("AE"), false),
            ("anything over 5,000 euros goes to a claims handler", "over 5,000 euros", name("Claims handler"), false),
            ("order of more than 20 boxes, pass to Joaquim", "order of more than 20 boxes", name("Joaquim"), false),
            ("Transfer to a nurse if there is chest pain", "chest pain", name("Nurse"), false),
            ("Escalate complaints to the manager", "complaints", name("Manager"), false),
            ("angry customers", "angry customers", None, false),
            ("bloat, seizures, hit by a car = strait thru", "bloat", None, false),
            (
                "if its a complaint abt a wrong order tell em marco will call back",
                "complaint abt a wrong order",
                None,
                true,
            ),
            ("Mail from my lawyer or the school: alert me at once", "mail from my lawyer", name("The owner"), false),
        ];
        for (text, label, target, advice) in cases {
            assert_eq!(parts(text), (label.to_owned(), target, advice), "{text}");
        }
    }

    #[test]
    fn checks_and_hours_are_recognised() {
        let check = check("Always verify the date of birth before booking").expect("a check");
        assert_eq!(check, ("Verify the date of birth".to_owned(), Some("booking".to_owned())));
        assert!(super::check("never give prices").is_none());
        assert!(limits_hours("no calls before 8 or after 9pm local"));
        assert!(!limits_hours("no calls to competitors"));
    }

    #[test]
    fn nothing_breaks_on_odd_text() {
        for text in ["", " ", "if", "to", "transfer to", "İİ to the ẞ", "if , then", "= =", "pass to 😀, if"] {
            let rule = read(text);
            assert!(!rule.label.is_empty());
        }
    }
}
