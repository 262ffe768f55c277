//! What looks like a secret in a text. Pure.

use super::data::DATA;

/// From this length on a run of letters and digits is no word.
const RANDOM: usize = 32;

/// What a text holds that looks like a secret.
pub(super) fn kind(text: &str) -> Option<String> {
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY") {
        return Some("a private key".to_owned());
    }
    text.split(|letter| !is_part(letter)).find_map(kind_of)
}

/// The text without what looks like a secret in it; none where nothing does.
pub(super) fn redacted(text: &str) -> Option<String> {
    kind(text)?;
    if text.contains("-----BEGIN") {
        return Some(text.split("-----BEGIN").next().unwrap_or_default().trim().to_owned());
    }
    let mut kept = String::new();
    for part in text.split_inclusive(|letter: char| !is_part(letter)) {
        let token = part.trim_end_matches(|letter: char| !is_part(letter));
        kept.push_str(if kind_of(token).is_some() { &part[token.len()..] } else { part });
    }
    Some(kept.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

fn kind_of(token: &str) -> Option<String> {
    let token = token.trim_matches('.');
    let begins = |prefix: &str, rest: usize| token.strip_prefix(prefix).is_some_and(|tail| tail.len() >= rest);
    let known = DATA.secrets.iter().find(|secret| begins(&secret.prefix, secret.rest));
    known.map(|secret| secret.kind.clone()).or_else(|| is_random(token).then(|| "a long random text".to_owned()))
}

/// Letters of both cases mixed with digits, as no word or id is.
fn is_random(token: &str) -> bool {
    let has = |kind: fn(&char) -> bool| token.chars().any(|letter| kind(&letter));
    let digits = token.chars().filter(char::is_ascii_digit).count();
    let plain = token.chars().all(|letter| letter.is_ascii_alphanumeric());
    token.len() >= RANDOM
        && plain
        && digits >= 4
        && has(char::is_ascii_lowercase)
        && (has(char::is_ascii_uppercase) || digits >= 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_goes() {
        let text = "Use the key sk-proj4bcd1234efgh5678ijkl, always.";
        assert_eq!(redacted(text).as_deref(), Some("Use the key , always."));
        assert_eq!(redacted("Use the key sk-1."), None);
        assert_eq!(redacted("-----BEGIN RSA PRIVATE KEY----- abc").as_deref(), Some(""));
    }
}
