//! Whether words name a language, and in which language they are written.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use whatlang::{Script, detect_script};

use super::super::language;
use super::super::lexicon::lexicon;
use super::super::text::{Text, fold};

/// Names of languages in scripts that the lexicon does not have, by code.
static NAMES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let names: BTreeMap<String, Vec<String>> =
        toml::from_str(include_str!("../data/language_names.toml")).expect("embedded data, parsed by a test");
    names.into_iter().map(|(code, names)| (code, names.iter().map(|name| fold(name)).collect())).collect()
});

/// Whether words name the language.
pub fn is_named(code: &str, words: &str) -> bool {
    let text = Text::new(words);
    let whole: Range<usize> = 0..text.tokens.len();
    if lexicon().language.find(&text, whole.clone()).iter().any(|one| one.meaning == code) {
        return true;
    }
    let folded = fold(words);
    NAMES.get(code).is_some_and(|names| names.iter().any(|name| folded.contains(name)))
        || whole.into_iter().any(|at| {
            let letters = text.quote(at..at + 1);
            letters.len() == 2
                && letters.chars().all(|letter| letter.is_ascii_uppercase())
                && letters.eq_ignore_ascii_case(code)
        })
}

/// Whether a message is written in the language, as far as that can be told.
pub fn is_written_in(code: &str, message: &str) -> bool {
    let by_script: &[&str] = match detect_script(message) {
        Some(Script::Latin) | None => return language::code(message) == code,
        Some(Script::Arabic) => &["ar", "fa", "ur"],
        Some(Script::Cyrillic) => &["ru", "uk", "bg", "sr"],
        Some(Script::Mandarin) => &["zh", "ja"],
        Some(Script::Hiragana | Script::Katakana) => &["ja"],
        Some(Script::Hangul) => &["ko"],
        Some(Script::Greek) => &["el"],
        Some(Script::Hebrew) => &["he"],
        Some(Script::Devanagari) => &["hi"],
        Some(Script::Bengali) => &["bn"],
        Some(Script::Tamil) => &["ta"],
        Some(Script::Thai) => &["th"],
        Some(_) => &[],
    };
    by_script.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_names_is_a_language_of_the_lexicon() {
        assert!(NAMES.keys().all(|code| lexicon().languages.contains_key(code)) && NAMES.len() > 10);
    }

    #[test]
    fn a_name_counts_and_the_language_it_is_written_in_does_not() {
        assert!(is_named("ja", "日本語と英語") && is_named("en", "日本語と英語") && !is_named("zh", "日本語と英語"));
        assert!(
            is_named("es", "English and Spanish") && is_named("fr", "DE, FR") && !is_named("de", "hola, quiero un bot")
        );
        assert!(is_written_in("es", "Hola, quiero un bot para reservar mesas en mi restaurante"));
        assert!(
            is_written_in("ja", "電話を受けるボットがほしい")
                && !is_written_in("fr", "A bot for our shop in Quebec please")
        );
    }
}
