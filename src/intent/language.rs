//! In which language a message is written, as far as the grammars care.

use whatlang::{Detector, Lang};

/// Languages the lexicon has words of, with their ISO 639-1 codes.
const KNOWN: [(Lang, &str); 7] = [
    (Lang::Eng, "en"),
    (Lang::Spa, "es"),
    (Lang::Fra, "fr"),
    (Lang::Deu, "de"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
    (Lang::Nld, "nl"),
];
/// Shorter texts are taken for English: too little to tell.
const TELLING_CHARS: usize = 24;
/// From this confidence on the detector is believed.
const SURE: f64 = 0.3;

/// The code of the language a message reads as. In doubt it is English.
pub fn code(text: &str) -> &'static str {
    if text.chars().count() < TELLING_CHARS {
        return "en";
    }
    let found = Detector::with_allowlist(KNOWN.map(|(lang, _)| lang).to_vec()).detect(text);
    found
        .filter(|info| info.confidence() >= SURE)
        .and_then(|info| KNOWN.iter().find(|(lang, _)| *lang == info.lang()))
        .map_or("en", |(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_english_from_others() {
        assert_eq!(code("support bot for our shopify candle store"), "en");
        assert_eq!(code("Bonjour, je voudrais un assistant vocal qui appelle les patients"), "fr");
        assert_eq!(code("Hola, tengo un cine de barrio con dos salas y quiero un bot"), "es");
        assert_eq!(
            code("oi, tenho um viveiro de plantas e queria um vendedor no WhatsApp que indique a planta certa"),
            "pt"
        );
    }
}
