//! Every phrase by which people mean a tool, from the catalogue, for whoever reads what people say. Pure.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::catalogue::{Product, catalogue, ordinary_words, subjects};

/// What a phrase of the catalogue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhraseKind {
    /// A product's name.
    Product,
    /// A noun or system that names the tool.
    Synonym,
    /// A doing that only suggests the tool where somebody states a goal.
    ActObject,
}

/// Words by which people mean a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Lower-case, with the accents and apostrophes of its language.
    pub text: String,
    pub kind: PhraseKind,
    /// The tools it can mean, the likeliest first.
    pub tool_ids: Vec<&'static str>,
    /// Also an ordinary word, a subject or a channel: it names the tool only where tools are spoken of.
    pub uncertain: bool,
    /// Uncertain only while it is written small: "Square" inside a sentence is the product.
    pub capital_settles: bool,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(collect);

/// Every phrase by which people mean a tool, each once.
///
/// A phrase counts with all its words: "text them" without its pronoun would be every text. Of a noun, the
/// endings count as well, but for a plural: "directions" is not "direct".
pub fn phrases() -> impl Iterator<Item = &'static Phrase> {
    PHRASES.iter()
}

fn collect() -> Vec<Phrase> {
    let mut phrases: Vec<Phrase> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut add = |text: String, kind: PhraseKind, tool: &'static str| match places.get(&text) {
        Some(&place) => phrases[place].tool_ids.push(tool),
        None => {
            places.insert(text.clone(), phrases.len());
            let capital_settles = ordinary_words().contains(&text);
            let uncertain = capital_settles || subjects().contains(&text);
            phrases.push(Phrase { text, kind, tool_ids: vec![tool], uncertain, capital_settles });
        }
    };
    for tool in catalogue() {
        tool.products
            .iter()
            .flat_map(Product::spellings)
            .for_each(|spelling| add(spelling, PhraseKind::Product, &tool.id));
        tool.synonyms.iter().for_each(|noun| add(noun.clone(), PhraseKind::Synonym, &tool.id));
        tool.act_objects.iter().for_each(|act| add(act.clone(), PhraseKind::ActObject, &tool.id));
    }
    for tool in catalogue() {
        for shared in &tool.also {
            let product = catalogue().iter().flat_map(|other| &other.products).find(|product| product.name == *shared);
            let spellings = product.map_or_else(|| vec![shared.clone()], |product| product.spellings().collect());
            // The kind is the first tool's: the phrase is there already, as a test makes sure.
            spellings.into_iter().for_each(|spelling| add(spelling, PhraseKind::Synonym, &tool.id));
        }
    }
    phrases
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tools::catalogue::{get, product_name};

    #[test]
    fn every_phrase_has_one_first_tool() {
        let mut seen = BTreeSet::new();
        for phrase in phrases() {
            assert!(seen.insert(phrase.text.as_str()), "{}", phrase.text);
            assert_eq!(phrase.text, phrase.text.to_lowercase());
            let tools: BTreeSet<_> = phrase.tool_ids.iter().collect();
            assert_eq!(tools.len(), phrase.tool_ids.len(), "{} is twice under one tool", phrase.text);
        }
        for (tool, shared) in catalogue().iter().flat_map(|tool| tool.also.iter().map(move |shared| (tool, shared))) {
            let phrase = phrases().find(|phrase| phrase.text == shared.to_lowercase()).unwrap();
            assert_ne!(phrase.tool_ids[0], tool.id, "{shared}");
        }
        for word in ordinary_words().iter().chain(subjects()) {
            assert!(seen.contains(word.as_str()), "no tool has {word}");
        }
    }

    #[test]
    fn a_phrase_ends_in_a_word_that_says_something() {
        for phrase in phrases() {
            let last = phrase.text.split(' ').next_back().unwrap();
            assert!(!["the", "a", "an", "our", "my", "their"].contains(&last), "{}", phrase.text);
        }
    }

    #[test]
    fn a_phrase_of_two_tools_is_declared_by_the_second() {
        for phrase in phrases().filter(|phrase| phrase.tool_ids.len() > 1) {
            for id in &phrase.tool_ids[1..] {
                let shared = &get(id).unwrap().also;
                let product = product_name(&phrase.text);
                let declared = shared.iter().any(|text| *text == phrase.text || Some(text.as_str()) == product);
                assert!(declared, "{} is under {id} without being declared there", phrase.text);
            }
        }
    }

    #[test]
    fn a_product_can_mean_several_tools() {
        let shopify = phrases().find(|phrase| phrase.text == "shopify").unwrap();
        assert_eq!(shopify.tool_ids, ["order_management", "inventory", "product_catalog"]);
        assert!(phrases().find(|phrase| phrase.text == "square").unwrap().uncertain);
    }
}
