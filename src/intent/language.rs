//! In which language a message is written, as far as the grammars care.

use whatlang::{Detector, Lang};

/// Languages the lexicon has words of.
const KNOWN: [Lang; 7] = [Lang::Eng, Lang::Spa, Lang::Fra, Lang::Deu, Lang::Ita, Lang::Por, Lang::Nld];
/// Shorter texts are taken for English: too little to tell.
const TELLING_CHARS: usize = 24;

/// Whether a message reads as English. In doubt it does.
pub fn is_english(text: &str) -> bool {
    if text.chars().count() < TELLING_CHARS {
        return true;
    }
    let found = Detector::with_allowlist(KNOWN.to_vec()).detect(text);
    found.is_none_or(|info| info.lang() == Lang::Eng || info.confidence() < 0.3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_english_from_others() {
        assert!(is_english("support bot for our shopify candle store"));
        assert!(!is_english("Bonjour, je voudrais un assistant vocal qui appelle les patients"));
        assert!(!is_english("Hola, tengo un cine de barrio con dos salas y quiero un bot"));
    }
}
