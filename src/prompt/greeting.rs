//! The agent's first words.
//!
//! An owner's own sentence is used as it is. A description ("a yawn, and then a puff of smoke") stays an instruction in the
//! prompt, and the first message is the usual one for the agent's name, type, channel and language.

use crate::intent::models::{AgentSpec, FieldId};

use super::brief::Brief;
use super::wording::{capitalised, clean, fill, sentence, unquoted};

/// What an owner said about the opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// The whole sentence to say.
    Said(String),
    /// How to begin, with a quoted fragment if there is one and whether the fragment comes first.
    Described { text: String, fragment: Option<(String, bool)> },
}

/// Words that begin a greeting that was typed without quotation marks.
const SALUTATIONS: [&str; 24] = [
    "hello",
    "hi",
    "hey",
    "good morning",
    "good evening",
    "good afternoon",
    "welcome",
    "thanks for",
    "thank you for",
    "hola",
    "buenos",
    "buenas",
    "bonjour",
    "bonsoir",
    "hallo",
    "guten",
    "servus",
    "ciao",
    "buongiorno",
    "olá",
    "bom dia",
    "salut",
    "grüezi",
    "moin",
];

/// Words that may stand around a quotation without adding to it.
const LEAD_INS: [&str; 16] = [
    "say",
    "says",
    "answer",
    "answers",
    "with",
    "start",
    "starts",
    "open",
    "opens",
    "greet",
    "greets",
    "by",
    "saying",
    "something",
    "like",
    "just",
];

pub(super) fn opening(spec: &AgentSpec) -> Option<Opening> {
    let text = clean(spec.text(FieldId::GreetingStyle)?);
    if text.is_empty() {
        return None;
    }
    if unquoted(&text).len() < text.len() && quotation(&text).is_none_or(|(_, around, _)| around.trim().is_empty()) {
        return Some(Opening::Said(sentence(unquoted(&text))));
    }
    match quotation(&text) {
        Some((inside, around, _)) if only_leads_in(&around) => Some(Opening::Said(sentence(&inside))),
        Some((inside, _, first)) => Some(Opening::Described { text, fragment: Some((sentence(&inside), first)) }),
        None if is_greeting(&text, spec) => Some(Opening::Said(sentence(&text))),
        None => Some(Opening::Described { text, fragment: None }),
    }
}

fn only_leads_in(around: &str) -> bool {
    let mut words = around.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| LEAD_INS.contains(&word.to_lowercase().as_str()))
}

/// Whether an unquoted text is the greeting itself: it greets, or it names the agent in the first person.
fn is_greeting(text: &str, spec: &AgentSpec) -> bool {
    let lower = text.to_lowercase();
    let greets = SALUTATIONS.iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) && !rest.trim().is_empty())
    });
    let name = spec.text(FieldId::AgentName).map(|name| clean(name).to_lowercase()).unwrap_or_default();
    let presents = !name.is_empty()
        && ["this is ", "i'm ", "i am ", "soy ", "hier ist ", "ici "]
            .iter()
            .any(|words| lower.contains(&format!("{words}{name}")));
    presents || greets && text.ends_with(['.', '!', '?'])
}

/// The first quotation inside a text: what is in it, what is around it, and whether it comes first.
fn quotation(text: &str) -> Option<(String, String, bool)> {
    const PAIRS: [(char, char); 6] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('‘', '’'), ('\'', '\'')];
    for (open, close) in PAIRS {
        let opens = |at: usize| text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let Some(start) = text.match_indices(open).map(|(at, _)| at).find(|at| opens(*at)) else { continue };
        let inside_from = start + open.len_utf8();
        let closes =
            |at: usize| text[at + close.len_utf8()..].chars().next().is_none_or(|next| !next.is_alphanumeric());
        let ends = text[inside_from..].match_indices(close).map(|(at, _)| inside_from + at);
        let Some(end) = ends.into_iter().find(|at| closes(*at)) else { continue };
        let inside = text[inside_from..end].trim();
        if inside.is_empty() {
            continue;
        }
        let around = format!("{} {}", &text[..start], &text[end + close.len_utf8()..]);
        return Some((inside.to_owned(), around, text[..start].trim().is_empty()));
    }
    None
}

/// The first message; empty where nobody waits for one (API and e-mail).
pub(super) fn first_message(brief: &Brief<'_>) -> String {
    if matches!(brief.channel, "api" | "email") {
        return String::new();
    }
    match opening(brief.spec) {
        Some(Opening::Said(text)) => text,
        Some(Opening::Described { fragment: Some((words, true)), .. }) => format!("{words} {}", offer(brief)),
        Some(Opening::Described { fragment: Some((words, false)), .. }) => format!("{} {words}", hello(brief)),
        Some(Opening::Described { fragment: None, .. }) | None => format!("{} {}", hello(brief), offer(brief)),
    }
}

fn language_code<'a>(brief: &Brief<'a>) -> &'a str {
    brief.spec.text(FieldId::Languages).unwrap_or("en")
}

fn hello(brief: &Brief<'_>) -> String {
    let language = brief.texts.language(language_code(brief));
    let written = !brief.voice;
    match brief.spec.text(FieldId::AgentName).map(clean).filter(|name| !name.is_empty()) {
        Some(name) => {
            let template = language.hello_named_written.as_ref().filter(|_| written).unwrap_or(&language.hello_named);
            fill(template, &[("name", &name)])
        }
        None => language.hello_written.as_ref().filter(|_| written).unwrap_or(&language.hello).clone(),
    }
}

fn offer(brief: &Brief<'_>) -> String {
    let code = language_code(brief);
    let language = brief.texts.language(code);
    let formal = brief.spec.values(FieldId::Tone).next() == Some("formal");
    let usual = language.offer_formal.as_ref().filter(|_| formal).unwrap_or(&language.offer);
    // Types have their own question in English only; it is dropped where a formal one was asked for.
    let english = code.split('-').next() == Some("en") || !brief.texts.languages.contains_key(code);
    if english && !(formal && brief.kind.offer == language.offer) {
        capitalised(&brief.kind.offer)
    } else {
        usual.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::models::{Item, Slot};

    fn spec(greeting: &str) -> AgentSpec {
        let mut spec = AgentSpec::default();
        spec.set(FieldId::GreetingStyle, Slot::one(Item::said(greeting, 0, greeting)));
        spec.set(FieldId::AgentName, Slot::one(Item::said("Mia", 0, "Mia")));
        spec
    }

    fn said(greeting: &str) -> Option<String> {
        match opening(&spec(greeting)) {
            Some(Opening::Said(text)) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn a_sentence_of_the_owner_is_said_as_it_is() {
        assert_eq!(said("'Denny's Plumbing, what's leaking?'").as_deref(), Some("Denny's Plumbing, what's leaking?"));
        assert_eq!(said("answer with \"Brightside, this is Mia\"").as_deref(), Some("Brightside, this is Mia."));
        assert_eq!(said("Brightside, this is Mia.").as_deref(), Some("Brightside, this is Mia."));
        assert_eq!(
            said("Hello, Harbour Clinic. How can I help?").as_deref(),
            Some("Hello, Harbour Clinic. How can I help?")
        );
        assert_eq!(said("a yawn, and then a puff of smoke"), None);
        assert_eq!(said("Greet them by name"), None);
    }

    #[test]
    fn a_fragment_keeps_its_place() {
        let fragment = |text| match opening(&spec(text)) {
            Some(Opening::Described { fragment, .. }) => fragment,
            _ => None,
        };
        assert_eq!(
            fragment("The name of the clinic, then 'how can I help'"),
            Some(("How can I help.".to_owned(), false))
        );
        assert_eq!(
            fragment("'out of hours line' then ask what's happened"),
            Some(("Out of hours line.".to_owned(), true))
        );
    }
}
