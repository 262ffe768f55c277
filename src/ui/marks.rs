//! Which words of a text rest on which fields: evidence cut into pieces that follow each other. Pure.

use crate::intent::models::{FieldId, Provenance};
use crate::orchestrator::schemas::FieldView;

/// A stretch of a text and the fields that quote it; no fields for words that count for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub fields: Vec<FieldId>,
    /// The strongest among the fields.
    pub provenance: Option<Provenance>,
}

/// Words of a text that a field rests on.
#[derive(Clone, Copy, Debug)]
pub struct Quote<'a> {
    pub words: &'a str,
    pub field: FieldId,
    pub provenance: Provenance,
}

/// The quotes of one of the user's messages, counted from 0 over those.
pub fn quotes_of(fields: &[FieldView], message: u32) -> Vec<Quote<'_>> {
    let items = fields.iter().flat_map(|view| view.items.iter().map(|item| (view.field, item)));
    items
        .filter_map(|(field, item)| {
            let evidence = item.evidence.as_ref().filter(|it| it.message == message && !it.quote.is_empty())?;
            Some(Quote { words: &evidence.quote, field, provenance: item.provenance })
        })
        .collect()
}

/// Cuts `text` at the ends of every quote found in it. The pieces put together are the text again.
pub fn pieces(text: &str, quotes: &[Quote<'_>]) -> Vec<Piece> {
    let found: Vec<(usize, usize, &Quote<'_>)> = quotes
        .iter()
        .filter_map(|quote| text.find(quote.words).map(|start| (start, start + quote.words.len(), quote)))
        .collect();
    let mut cuts: Vec<usize> = found.iter().flat_map(|(start, end, _)| [*start, *end]).chain([0, text.len()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces: Vec<Piece> = Vec::new();
    for ends in cuts.windows(2) {
        let (start, end) = (ends[0], ends[1]);
        let covering = || found.iter().filter(|(from, to, _)| *from <= start && end <= *to).map(|(.., quote)| quote);
        let mut fields: Vec<FieldId> = covering().map(|quote| quote.field).collect();
        fields.sort_unstable();
        fields.dedup();
        let provenance = covering().map(|quote| quote.provenance).max();
        match pieces.last_mut() {
            Some(last) if last.fields == fields && last.provenance == provenance => {
                last.text.push_str(&text[start..end])
            }
            _ => pieces.push(Piece { text: text[start..end].to_owned(), fields, provenance }),
        }
    }
    pieces
}

/// Where the values of a prompt line's field stand in the line, letter case aside.
pub fn line_pieces(line: &str, view: Option<&FieldView>) -> Vec<Piece> {
    let Some(view) = view else {
        return pieces(line, &[]);
    };
    let lower = line.to_ascii_lowercase();
    let quotes: Vec<Quote<'_>> = view
        .items
        .iter()
        .flat_map(|item| {
            let quote = item.evidence.as_ref().map(|it| it.quote.as_str());
            let words = [Some(item.text.as_str()), quote, Some(item.value.as_str())];
            words.into_iter().flatten().map(move |words| (words.trim().to_ascii_lowercase(), item.provenance))
        })
        .filter(|(words, _)| words.chars().count() > 2)
        .filter_map(|(words, provenance)| {
            let start = lower.find(&words)?;
            let words = line.get(start..start + words.len())?;
            Some(Quote { words, field: view.field, provenance })
        })
        .collect();
    pieces(line, &quotes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote(words: &str, field: FieldId) -> Quote<'_> {
        Quote { words, field, provenance: Provenance::Said }
    }

    fn shape(pieces: &[Piece]) -> Vec<(&str, usize)> {
        pieces.iter().map(|piece| (piece.text.as_str(), piece.fields.len())).collect()
    }

    #[test]
    fn marks_exactly_the_quoted_words() {
        let cut = pieces("Call her Mia, please", &[quote("Mia", FieldId::AgentName)]);
        assert_eq!(shape(&cut), [("Call her ", 0), ("Mia", 1), (", please", 0)]);
    }

    #[test]
    fn overlapping_quotes_keep_both_fields_where_they_meet() {
        let quotes = [quote("book visits into Calendar", FieldId::Goals), quote("Calendar", FieldId::Tools)];
        let cut = pieces("I book visits into Calendar.", &quotes);
        assert_eq!(shape(&cut), [("I ", 0), ("book visits into ", 1), ("Calendar", 2), (".", 0)]);
    }

    #[test]
    fn words_that_are_not_there_mark_nothing() {
        let cut = pieces("مرحبا 👩‍🍳", &[quote("hello", FieldId::Goals)]);
        assert_eq!(shape(&cut), [("مرحبا 👩‍🍳", 0)]);
        assert!(pieces("", &[]).is_empty());
    }
}
