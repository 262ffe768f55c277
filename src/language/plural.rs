//! Which form of a text fits a number, by the plural rules of CLDR.

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

use super::Language;

/// The names of the forms in the order in which texts keep them; `other` is always there.
pub const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The place in [`FORMS`] of the form for `number`.
pub fn form(language: Language, number: usize) -> usize {
    let id = language.code().parse::<LanguageIdentifier>().ok();
    let rules = id.and_then(|id| PluralRules::create(id, PluralRuleType::CARDINAL).ok());
    match rules.and_then(|rules| rules.select(number).ok()) {
        Some(PluralCategory::ZERO) => 0,
        Some(PluralCategory::ONE) => 1,
        Some(PluralCategory::TWO) => 2,
        Some(PluralCategory::FEW) => 3,
        Some(PluralCategory::MANY) => 4,
        Some(PluralCategory::OTHER) | None => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_the_rest_are_others() {
        for language in Language::ALL {
            let forms = [0, 1, 2, 21].map(|number| FORMS[form(language, number)]);
            assert_eq!(forms, ["other", "one", "other", "other"], "{language:?}");
        }
    }
}
