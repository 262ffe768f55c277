//! What a text asks for, and whether a tool speaks to it. Pure; uses `intent` to find the doings of a text.

use crate::intent::extract::{Context, extract};
use crate::intent::models::FieldId;
use crate::intent::text::Text;

use super::mentions;
use super::ranking::Index;
use super::selection;
use super::words;

/// So many of a need's words are enough for a tool to speak to it: more are not quoted.
const ENOUGH: usize = 3;

/// The needs of a text that no tool of the catalogue, nor any of the others in `index`, does; in the text's letters.
pub fn unmet(index: &Index, text: &str) -> Vec<String> {
    needs(text).into_iter().filter(|need| selection::select_from(index, need, 1).is_empty()).collect()
}

/// The needs of a text that no tool of a foreign list does.
pub fn unmet_among(index: &Index, text: &str) -> Vec<String> {
    needs(text).into_iter().filter(|need| !is_met_among(index, need)).collect()
}

/// Whether the best tool speaks to at least a third of a need's words: the rest says where, when and for whom.
fn is_met_among(index: &Index, need: &str) -> bool {
    let telling = words::words(need).into_iter().filter(|word| !word.is_common).count();
    let best = index.search(need, 1);
    best.first().is_some_and(|best| best.because.len() >= (telling / 3).clamp(1, ENOUGH))
}

/// The parts of a text that say what is to be done, other than by talking.
fn needs(text: &str) -> Vec<String> {
    let context = Context { is_opening: true, ..Context::default() };
    let text = Text::new(text);
    let found = extract(&text, mentions::read(&text), context).findings;
    let goals = found.into_iter().filter(|finding| finding.field == FieldId::Goals);
    let mut needs: Vec<String> = Vec::new();
    for quote in goals.filter_map(|goal| goal.item.evidence).map(|evidence| evidence.quote) {
        // "It should" says nothing of what.
        let Some(doing) = words::words(&quote).into_iter().find(|word| !word.is_common) else { continue };
        let need = quote[doing.start..].to_owned();
        if !words::is_talk(&doing.stem) && !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::super::ranking::Document;
    use super::*;

    #[test]
    fn what_no_tool_does_is_quoted() {
        let text = "It should book appointments, send a text message the day before, and welcome people warmly. \
            It should also polish the silver spoons.";
        let index = selection::index_with([]);
        assert_eq!(unmet(&index, text), ["polish the silver spoons"]);
    }

    #[test]
    fn a_foreign_list_is_asked_the_same() {
        let index = Index::new([
            Document::new("gardener", "Gardener", "Waters plants and mows the lawn."),
            Document::new("diary", "Diary", "Books appointments."),
        ]);
        let text = "It should book appointments and it should polish the silver spoons.";
        assert_eq!(unmet_among(&index, text), ["polish the silver spoons"]);
        assert!(unmet_among(&index, "hello there").is_empty());
    }
}
