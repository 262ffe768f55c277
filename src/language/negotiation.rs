//! Which language a reader wants, by the header `Accept-Language` (RFC 9110, section 12.5.4).

use super::Language;

/// The known language with the highest weight, the first of equals. `de-AT` is German; `*` leaves it open.
pub fn best(header: &str) -> Option<Language> {
    let weighed = header.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next()?;
        let primary = tag.split('-').next()?.to_ascii_lowercase();
        let language = Language::parse(&primary)?;
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok())?;
        (weight > 0.0 && weight <= 1.0).then_some((language, weight))
    });
    let best = weighed.reduce(|best: (Language, f32), next| if next.1 > best.1 { next } else { best });
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_known_language_is_taken() {
        assert_eq!(best("de"), Some(Language::De));
        assert_eq!(best("fr-CH, fr;q=0.9, es;q=0.8, de;q=0.7, *;q=0.5"), Some(Language::Es));
        assert_eq!(best("DE-at ; q=0.3, en-GB;q=0.2"), Some(Language::De));
        assert_eq!(best("es;q=0, en;q=0.1"), Some(Language::En));
        assert_eq!(best("de, es"), Some(Language::De));
    }

    #[test]
    fn what_names_none_leaves_it_open() {
        for header in ["", "*", "fr, it;q=0.5", "de;q=NaN", "de;q=x", ";;,,", "deutsch", "es;q=0"] {
            assert_eq!(best(header), None, "{header}");
        }
    }
}
