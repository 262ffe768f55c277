//! Values in the words people read, and how words are put into sentences.

use crate::intent::models::{FieldId, Item};
use crate::intent::vocabulary;
use crate::language::Language;
use crate::tools::catalogue;

/// A value by its name; a tool with the product the user named.
pub fn display(field: FieldId, item: &Item) -> String {
    if field != FieldId::Tools {
        return vocabulary::display(field, &item.value);
    }
    let name = catalogue::name(&item.value).unwrap_or(&item.value);
    let contains = |long: &str, short: &str| long.to_lowercase().contains(&short.to_lowercase());
    match &item.label {
        Some(product) if contains(product, name) => product.clone(),
        Some(product) if !contains(name, product) => format!("{name} ({product})"),
        _ => name.to_owned(),
    }
}

/// Every value a field can have, with its name; empty for fields of free text.
pub fn options(field: FieldId) -> Vec<(&'static str, &'static str)> {
    match field {
        FieldId::Tools => catalogue::catalogue().iter().map(|tool| (tool.id.as_str(), tool.name.as_str())).collect(),
        _ => vocabulary::options(field),
    }
}

/// A value inside a sentence: names keep their capital, and so do nouns where a language writes them so.
pub fn in_a_sentence(language: Language, field: FieldId, value: &str) -> String {
    match field {
        _ if language.writes_nouns_large() => value.to_owned(),
        FieldId::AgentName | FieldId::Languages | FieldId::Tools => value.to_owned(),
        _ => lower_first(value),
    }
}

/// Lower-cases the first letter, unless the first word is an abbreviation ("IT help desk").
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

pub fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// One line of at most `most` characters, cut between words where there are any.
pub fn clip(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    let ends_a_word = line[cut.len()..].starts_with(' ');
    let last_space = cut.rfind(' ').filter(|at| *at > most / 2 && !ends_a_word);
    let end = last_space.unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_between_words_and_never_inside_a_letter() {
        assert_eq!(clip("a  b\nc", 9), "a b c");
        assert_eq!(clip("answers the phone all day", 12), "answers the…");
        assert_eq!(clip("äöüäöüäöüäöü", 5), "äöüä…");
    }

    #[test]
    fn case_of_types_in_titles() {
        assert_eq!(lower_first("Phone receptionist"), "phone receptionist");
        assert_eq!(lower_first("IT help desk"), "IT help desk");
        assert_eq!(upper_first("éclair"), "Éclair");
        assert_eq!(upper_first(""), "");
    }
}
