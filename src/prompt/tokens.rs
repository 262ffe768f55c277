//! How many tokens a text takes, roughly.
//!
//! An estimate, not a count: every vendor has its own tokenizer. English prose runs at about four characters or three
//! quarters of a word per token in all of them, so the mean of the two is used; letters outside ASCII cost more, those of
//! scripts without spaces about one token each.

/// Estimated tokens of a text: within about 15 % for English prose, rougher for code and other languages.
pub(super) fn estimate(text: &str) -> u32 {
    let (mut ascii, mut accented, mut dense, mut words, mut in_word) = (0_u32, 0_u32, 0_u32, 0_u32, false);
    for letter in text.chars() {
        let inside = match letter {
            letter if letter.is_ascii() => {
                ascii += 1;
                letter.is_ascii_alphanumeric()
            }
            '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' => {
                dense += 1;
                false
            }
            _ => {
                accented += 1;
                letter.is_alphabetic()
            }
        };
        words += u32::from(inside && !in_word);
        in_word = inside;
    }
    let by_letters = f64::from(ascii) / 4.0;
    let by_words = f64::from(words) * 4.0 / 3.0;
    let prose = if words == 0 { by_letters } else { (by_letters + by_words) / 2.0 };
    // Rounding a positive estimate of at most a few million up: the cast cannot lose anything that matters.
    (prose + f64::from(accented) * 0.4 + f64::from(dense)).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::estimate;

    #[test]
    fn is_near_what_tokenizers_count() {
        assert_eq!(estimate(""), 0);
        // 11 tokens in o200k_base.
        let prose = estimate("You are Mia, a receptionist. How can I help?");
        assert!((9..=15).contains(&prose), "{prose}");
        assert!(estimate("こんにちは") >= 4);
    }
}
