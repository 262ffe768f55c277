//! BM25F: ranks tools, the catalogue's own or anybody's list of names and descriptions, by a text. Pure; uses `matching`
//! and `words`.
//!
//! What people ask for and what a tool's author wrote rarely share words. So documents have one more field than was
//! written: the subjects their words speak of (groups of related words) and the tools of the catalogue they name. A text
//! is read the same way, and subjects are ranked like words: one that half the list speaks of says little.

use std::collections::BTreeMap;

use super::matching;
use super::words::{self, Span, Word};

/// How soon a word said again adds no more.
const SATURATION: f32 = 1.2;

/// What a tool of the catalogue found in a text weighs against a word of it.
const TOOL_WEIGHT: f32 = 0.5;

/// Part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Name,
    Description,
    Synonyms,
    ActObjects,
    Products,
    /// Not written: what the other fields speak of.
    Subjects,
}

impl Field {
    const ALL: [Field; 6] =
        [Field::Name, Field::Description, Field::Synonyms, Field::ActObjects, Field::Products, Field::Subjects];

    /// What one word in it weighs, and how much a long text dilutes that (0 not at all, 1 fully).
    fn weight_and_dilution(self) -> (f32, f32) {
        match self {
            Field::Name => (2.0, 0.75),
            Field::Description => (1.0, 0.75),
            Field::Synonyms => (2.0, 0.3),
            Field::ActObjects => (1.0, 0.3),
            Field::Products => (1.0, 0.3),
            Field::Subjects => (1.0, 0.6),
        }
    }
}

/// A tool as it is ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub id: String,
    fields: Vec<(Field, String)>,
}

impl Document {
    pub fn new(id: &str, name: &str, description: &str) -> Document {
        let fields = vec![(Field::Name, words::split_name(name)), (Field::Description, description.to_owned())];
        Document { id: id.to_owned(), fields }
    }

    pub fn with(mut self, field: Field, text: String) -> Document {
        self.fields.push((field, text));
        self
    }
}

/// A ranked tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub id: String,
    pub score: f32,
    /// Bytes of the text that speak for it, in order.
    pub because: Vec<Span>,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Stem(String),
    Subject(u16),
    Tool(&'static str),
}

/// The terms of each field of a document.
type Counted = Vec<(Field, Vec<Term>)>;

/// A term of a text: what it weighs, and the bytes it was read from.
#[derive(Default)]
struct Asked {
    weight: f32,
    spans: Vec<Span>,
}

/// How much of a term a document has.
struct Posting {
    document: usize,
    /// Occurrences, weighted by field and diluted by its length.
    frequency: f32,
}

/// Documents, ready to be ranked.
pub struct Index {
    ids: Vec<String>,
    postings: BTreeMap<Term, Vec<Posting>>,
}

impl Index {
    pub fn new(documents: impl IntoIterator<Item = Document>) -> Index {
        let documents: Vec<Document> = documents.into_iter().collect();
        let counted: Vec<Counted> = documents.iter().map(count).collect();
        let average = average_lengths(&counted);
        let mut postings: BTreeMap<Term, Vec<Posting>> = BTreeMap::new();
        for (document, fields) in counted.into_iter().enumerate() {
            let mut frequencies: BTreeMap<Term, f32> = BTreeMap::new();
            for (field, terms) in fields {
                let (weight, dilution) = field.weight_and_dilution();
                let length = terms.len() as f32 / average[field as usize].max(f32::EPSILON);
                for term in terms {
                    *frequencies.entry(term).or_default() += weight / (1.0 - dilution + dilution * length);
                }
            }
            for (term, frequency) in frequencies {
                postings.entry(term).or_default().push(Posting { document, frequency });
            }
        }
        Index { ids: documents.into_iter().map(|document| document.id).collect(), postings }
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The documents that a text speaks of, best first; equals in the order of the list.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Ranked> {
        self.rank(&words::words(text), limit)
    }

    /// The same for a text that was read already.
    pub fn rank(&self, text: &[Word], limit: usize) -> Vec<Ranked> {
        let mut scores = vec![0.0_f32; self.ids.len()];
        let mut evidence: Vec<Vec<(f32, Span)>> = vec![Vec::new(); self.ids.len()];
        for (term, asked) in ask(text) {
            let Some(postings) = self.postings.get(&term) else { continue };
            let rarity = self.rarity(postings.len());
            for posting in postings {
                let share = posting.frequency * (SATURATION + 1.0) / (posting.frequency + SATURATION);
                let score = asked.weight * rarity * share;
                scores[posting.document] += score;
                evidence[posting.document].extend(asked.spans.iter().map(|span| (score, *span)));
            }
        }
        let mut ranked: Vec<usize> = (0..scores.len()).filter(|document| scores[*document] > 0.0).collect();
        ranked.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        ranked.truncate(limit);
        let result = |document: usize| Ranked {
            id: self.ids[document].clone(),
            score: scores[document],
            because: strongest(std::mem::take(&mut evidence[document])),
        };
        ranked.into_iter().map(result).collect()
    }

    /// How much a term says that so many documents have.
    fn rarity(&self, documents: usize) -> f32 {
        let (all, having) = (self.ids.len() as f32, documents as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }
}

/// The terms of each field of a document, subjects included.
fn count(document: &Document) -> Counted {
    let mut fields: Counted = Vec::new();
    let mut subjects: Vec<Term> = Vec::new();
    for (field, text) in &document.fields {
        let words = words::words(text);
        let telling: Vec<&Word> = words.iter().filter(|word| !word.is_common).collect();
        fields.push((*field, telling.iter().map(|word| Term::Stem(word.stem.clone())).collect()));
        // The catalogue's phrases are its tools' own words already; their subjects would only blur them.
        if matches!(field, Field::Name | Field::Description) {
            let spoken = telling.iter().flat_map(|word| words::subjects(&word.stem));
            subjects.extend(spoken.map(|subject| Term::Subject(*subject)));
            let tools = matching::matches(&words).into_iter().flat_map(|found| &found.phrase.tool_ids);
            subjects.extend(tools.map(|tool| Term::Tool(tool)));
        }
    }
    fields.push((Field::Subjects, subjects));
    fields
}

/// The terms of a text that is looked for. A word said twice counts once; a subject counts with each word that speaks of
/// it, and the less, the more subjects the word has.
fn ask(words: &[Word]) -> BTreeMap<Term, Asked> {
    let mut asked: BTreeMap<Term, Asked> = BTreeMap::new();
    for word in words.iter().filter(|word| !word.is_common) {
        let stem = asked.entry(Term::Stem(word.stem.clone())).or_default();
        let is_new = stem.spans.is_empty();
        stem.weight = 1.0;
        stem.spans.push((word.start, word.end));
        let subjects = words::subjects(&word.stem);
        for subject in subjects.iter().filter(|_| is_new) {
            let spoken = asked.entry(Term::Subject(*subject)).or_default();
            spoken.weight += 1.0 / subjects.len() as f32;
            spoken.spans.push((word.start, word.end));
        }
    }
    for found in matching::matches(words).into_iter().filter(|found| !found.is_denied) {
        for tool in &found.phrase.tool_ids {
            let named = asked.entry(Term::Tool(tool)).or_default();
            named.weight += TOOL_WEIGHT;
            named.spans.push(found.span(words));
        }
    }
    asked
}

/// Average length of each field over the documents.
fn average_lengths(documents: &[Counted]) -> [f32; Field::ALL.len()] {
    let mut average = [0.0; Field::ALL.len()];
    for (field, terms) in documents.iter().flatten() {
        average[*field as usize] += terms.len() as f32 / documents.len() as f32;
    }
    average
}

/// The parts of the text that weigh most, at most three, in order.
fn strongest(mut evidence: Vec<(f32, Span)>) -> Vec<Span> {
    evidence.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut spans: Vec<Span> = Vec::new();
    for (_, span) in evidence {
        if !spans.iter().any(|kept| kept.0 <= span.0 && span.1 <= kept.1) && spans.len() < 3 {
            spans.push(span);
        }
    }
    spans.sort_unstable();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        Index::new([
            Document::new("homes", "HomeFinder", "Lists apartments and houses for rent."),
            Document::new("stocks", "stock_quotes", "Prices of shares on the exchange."),
            Document::new("films", "Cinema", "What is on at the movies tonight."),
        ])
    }

    fn best(text: &str) -> Option<String> {
        index().search(text, 1).pop().map(|ranked| ranked.id)
    }

    #[test]
    fn ranks_by_words_and_by_parts_of_names() {
        assert_eq!(best("what do shares of Acme cost").as_deref(), Some("stocks"));
        assert_eq!(best("find me a home").as_deref(), Some("homes"));
    }

    #[test]
    fn ranks_by_what_words_speak_of() {
        assert_eq!(best("I need a flat near the station").as_deref(), Some("homes"));
        assert_eq!(best("which film could we watch").as_deref(), Some("films"));
    }

    #[test]
    fn says_nothing_where_nothing_fits() {
        assert_eq!(best("xyzzy"), None);
        assert_eq!(best(""), None);
        assert!(Index::new([]).search("anything", 5).is_empty());
    }

    #[test]
    fn quotes_the_words_that_speak_for_a_tool() {
        let text = "Could I watch a Movie, please?";
        let ranked = index().search(text, 1).pop().unwrap();
        let quotes: Vec<&str> = ranked.because.iter().map(|(start, end)| &text[*start..*end]).collect();
        assert_eq!(quotes, ["watch", "Movie"]);
    }
}
