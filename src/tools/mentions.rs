//! What a message says about tools: named as something to connect, implied by what the agent does, or refused. Pure.

use std::ops::Range;
use std::sync::LazyLock;

use crate::intent::clause::{clauses, is_negated, is_taken_back};
use crate::intent::lexicon::lexicon;
use crate::intent::matcher::{Found, Matcher, longest};
use crate::intent::text::Text;
use crate::intent::tool_talk::{Mention, ToolTalk};

use super::catalogue::{self, Phrase, PhraseKind};

/// What a phrase about tools names.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ToolHint {
    phrase: &'static Phrase,
}

impl ToolHint {
    /// Whether the phrase names a system rather than an activity that implies one.
    fn is_name(self) -> bool {
        self.phrase.kind != PhraseKind::ActObject
    }
}

/// Products by their very names: "fair" is not Faire, a team is not Teams.
static PRODUCTS: LazyLock<Matcher<ToolHint>> =
    LazyLock::new(|| Matcher::names(hints(|kind| kind == PhraseKind::Product)));
static PHRASES: LazyLock<Matcher<ToolHint>> = LazyLock::new(|| Matcher::new(hints(|kind| kind != PhraseKind::Product)));

fn hints(wanted: impl Fn(PhraseKind) -> bool) -> impl Iterator<Item = (&'static str, ToolHint)> {
    catalogue::phrases()
        .filter(move |phrase| wanted(phrase.kind))
        .map(|phrase| (phrase.text.as_str(), ToolHint { phrase }))
}

/// Products and other phrases of a clause; a phrase inside a longer one does not count.
fn find(text: &Text<'_>, clause: &Range<usize>) -> Vec<Found<ToolHint>> {
    longest(PRODUCTS.find(text, clause.clone()).into_iter().chain(PHRASES.find(text, clause.clone())))
}

/// Verbs that take a tool out again.
const REMOVAL: &[&str] = &[
    "off", "drop", "forget", "scrap", "remove", "skip", "lose", "ditch", "leave", "cut", "kill", "delete", "instead",
    "rather", "olvida", "quita", "oublie", "vergiss", "togli", "esquece",
];

/// Reads a message for tools.
pub fn read(text: &Text<'_>) -> ToolTalk {
    let mut talk = ToolTalk { is_list: true, ..ToolTalk::default() };
    for sentence in text.sentences() {
        let around = find(text, &sentence);
        talk.is_list &= lists(text, sentence.clone(), &around);
        for clause in clauses(text, sentence) {
            let hits = telling(text, &clause, find(text, &clause));
            for one in &hits {
                let denied = is_negated(text, one.at.start)
                    || is_taken_back(text, &one.at)
                    || is_removed(text, &clause, one.at.start);
                let mentions = if denied { &mut talk.unwanted } else { &mut talk.wanted };
                for id in resolve(one, &hits, &around, denied) {
                    add(text, mentions, id, one, is_used(text, &clause, one.at.start));
                }
            }
        }
    }
    talk.is_list &= !talk.wanted.is_empty() || !talk.unwanted.is_empty();
    talk.refusal = refusal(text);
    // "No email, only SMS": what is wanted in one clause and refused in another is refused only if the refusal is later.
    let wanted = talk.wanted.clone();
    talk.unwanted.retain(|no| !wanted.iter().any(|yes| yes.id == no.id && yes.at.start > no.at.start));
    let unwanted = talk.unwanted.clone();
    talk.wanted.retain(|yes| !unwanted.iter().any(|no| no.id == yes.id));
    talk
}

/// Where something is kept: what stands before is the content, what stands after the tool.
const KEPT_IN: &[&[&str]] = &[
    &["comes", "from"],
    &["come", "from"],
    &["is", "in"],
    &["are", "in"],
    &["lives", "in"],
    &["live", "in"],
    &["sits", "in"],
    &["kept", "in"],
];

/// Words between the names of a list.
const LISTING: &[&str] =
    &["and", "or", "no", "not", "plus", "also", "maybe", "please", "only", "just", "y", "et", "und", "e", "en"];

/// Whether the words of a range only list tools.
fn lists(text: &Text<'_>, range: Range<usize>, hits: &[Found<ToolHint>]) -> bool {
    let is_told = |at: usize| text.is(at, LISTING) || hits.iter().any(|one| one.at.contains(&at));
    !hits.is_empty() && range.into_iter().all(|at| !text.tokens[at].is_word || is_told(at))
}

/// The hits of a clause that name tools: an uncertain word counts only alone or in a list of tools, and in "the hours are in
/// our wiki" only the wiki does.
fn telling(text: &Text<'_>, clause: &Range<usize>, hits: Vec<Found<ToolHint>>) -> Vec<Found<ToolHint>> {
    let certain = !lists(text, clause.clone(), &hits) && hits.iter().any(|one| !one.meaning.phrase.uncertain);
    let kept_in = (0..text.tokens.len())
        .filter(|at| KEPT_IN.iter().any(|cue| text.is(*at, &cue[..1]) && text.is(at + 1, &cue[1..])))
        .collect::<Vec<_>>();
    let is_content = |one: &Found<ToolHint>| {
        let pictured = (one.at.start.saturating_sub(3)..one.at.start).any(|at| {
            text.is(at, &["of"])
                && at > 0
                && text.is(at - 1, &["photo", "photos", "picture", "pictures", "scan", "scans", "image"])
        });
        // "It lives in Slack" is where people meet it.
        let met_in = (one.at.start.saturating_sub(4)..one.at.start)
            .any(|at| text.is(at, &["it", "she", "he"]) && text.is(at + 1, &["lives", "runs", "sits", "works"]));
        if pictured || met_in {
            return true;
        }
        kept_in
            .iter()
            .any(|cue| one.at.end <= *cue && hits.iter().any(|other| other.at.start > *cue && other.meaning.is_name()))
    };
    hits.iter().filter(|one| !(is_content(one) || certain && one.meaning.phrase.uncertain)).cloned().collect()
}

fn add(text: &Text<'_>, mentions: &mut Vec<Mention>, id: &'static str, one: &Found<ToolHint>, is_used: bool) {
    let phrase = one.meaning.phrase;
    let is_named = one.meaning.is_name() && !phrase.uncertain;
    let product = (phrase.kind == PhraseKind::Product).then(|| product_name(&phrase.text, text.quote(one.at.clone())));
    match mentions.iter_mut().find(|earlier| earlier.id == id) {
        Some(earlier) => {
            earlier.is_named |= is_named;
            earlier.is_used |= is_used;
            earlier.product = earlier.product.take().or(product);
        }
        None => mentions.push(Mention { id: id.to_owned(), product, at: one.at.clone(), is_named, is_used }),
    }
}

/// Verbs that use the system named after them.
const USING: &[&str] = &[
    "pull", "post", "put", "read", "write", "sav", "save", "sync", "log", "look", "enter", "updat", "update", "check",
    "stor", "store", "record", "fil", "file", "push", "fetch", "use", "connect", "add", "book", "creat", "create",
    "open",
];

fn is_used(text: &Text<'_>, clause: &Range<usize>, at: usize) -> bool {
    text.tokens[clause.start..at].iter().any(|token| USING.contains(&token.base.as_str()))
}

/// The product as its maker spells it, else as the user wrote it.
fn product_name(phrase: &str, quote: &str) -> String {
    catalogue::product_name(phrase).unwrap_or(quote).to_owned()
}

/// The tools a hit stands for: the likeliest, but "reads and sends mail" is both, a product of several uses is those that
/// the rest of its clause, else of its sentence, speaks of, and what is refused is refused whole.
fn resolve(
    one: &Found<ToolHint>,
    hits: &[Found<ToolHint>],
    around: &[Found<ToolHint>],
    denied: bool,
) -> Vec<&'static str> {
    let phrase = one.meaning.phrase;
    let ids = phrase.tool_ids.clone();
    if denied || ids.len() < 2 || phrase.text.contains(" and ") {
        return ids;
    }
    if phrase.kind != PhraseKind::Product {
        return ids[..1].to_vec();
    }
    let spoken_in = |hits: &[Found<ToolHint>]| -> Vec<&'static str> {
        // Another product beside it says nothing about this one.
        let others =
            || hits.iter().filter(|other| other.at != one.at && other.meaning.phrase.kind != PhraseKind::Product);
        ids.iter().copied().filter(|id| others().any(|other| other.meaning.phrase.tool_ids.contains(id))).collect()
    };
    let spoken = Some(spoken_in(hits)).filter(|ids| !ids.is_empty()).unwrap_or_else(|| spoken_in(around));
    if spoken.is_empty() { ids[..1].to_vec() } else { spoken }
}

fn is_removed(text: &Text<'_>, clause: &Range<usize>, at: usize) -> bool {
    (clause.start..at).any(|index| {
        // "Drop the weather" takes it out; "drop a note in HubSpot" does not.
        let close = (index + 1..at)
            .all(|between| text.is(between, &["the", "our", "my", "all", "that", "out", "off", "of", "than", "any"]));
        let needs_of = text.is(index, &["instead", "rather"]);
        text.is(index, REMOVAL) && close && (!needs_of || text.is(index + 1, &["of", "than"]))
    })
}

fn refusal(text: &Text<'_>) -> Option<Range<usize>> {
    let anywhere = lexicon().anywhere_refusal.find_all(text).into_iter().next().map(|one| one.at);
    anywhere.or_else(|| {
        let whole = lexicon().whole_refusal.find_all(text);
        let covered: usize = whole.iter().map(|one| one.at.len()).sum();
        let words = text.tokens.iter().filter(|token| token.is_word).count();
        whole.first().filter(|_| covered * 2 >= words).map(|one| one.at.clone())
    })
}
