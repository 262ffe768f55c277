//! What a message must be before the interview reads it. Pure.

use sha2::{Digest, Sha256};

use crate::error::AppError;
use crate::session::models::{MAX_MESSAGE_CHARS, SessionId};
use crate::session::ports::Caller;

/// The longest `client_message_id`, in characters.
pub const MAX_CLIENT_ID_CHARS: usize = 100;

/// The message as it is kept: line ends are `\n`, control characters other than line end and tab are dropped, the ends
/// are trimmed. Marks for the direction of writing stay.
///
/// Refused are messages that are too long, that hold nothing, or that hold a NUL character.
pub fn clean(text: &str) -> Result<String, AppError> {
    if text.chars().count() > MAX_MESSAGE_CHARS {
        return Err(AppError::TooLong);
    }
    if text.contains('\0') {
        return Err(AppError::invalid(
            "The message holds a NUL character, so it was not taken. Remove it and send again.",
        ));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text.chars().filter(|letter| matches!(letter, '\n' | '\t') || !letter.is_control()).collect();
    let kept = kept.trim();
    if kept.is_empty() {
        return Err(AppError::invalid("The message is empty. Write something and send it again."));
    }
    Ok(kept.to_owned())
}

/// The texts among these that hold something, as they are kept.
pub fn clean_all(texts: &[String]) -> Result<Vec<String>, AppError> {
    let is_void = |letter: char| letter != '\0' && (letter.is_whitespace() || letter.is_control());
    texts.iter().filter(|text| !text.chars().all(is_void)).map(|text| clean(text)).collect()
}

/// A `client_message_id` as it is kept.
pub fn client_id(id: Option<String>) -> Result<Option<String>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let sound = !id.trim().is_empty() && id.chars().count() <= MAX_CLIENT_ID_CHARS && !id.chars().any(char::is_control);
    if sound {
        return Ok(Some(id));
    }
    Err(AppError::field(
        "client_message_id",
        format!("must be 1 to {MAX_CLIENT_ID_CHARS} characters without control characters"),
    ))
}

/// The same key came with another request.
pub fn other_request() -> AppError {
    AppError::field("client_message_id", "was used for another message or request; nothing was changed")
}

/// The session that a creation under this key makes: always the same for one caller. Who has no name needs a key that
/// nobody guesses, as it opens the session.
pub fn session_for(caller: &Caller, key: &str) -> Result<SessionId, AppError> {
    if caller.owner.is_none() && SessionId::parse(key).is_none() {
        return Err(AppError::field(
            "Idempotency-Key",
            "must be a random UUID where no cookie or API key says who asks",
        ));
    }
    let owner = caller.owner.as_ref().map_or("", |owner| owner.0.as_str());
    let digest = Sha256::digest(format!("session\n{owner}\n{key}"));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Version 8, the one for ids of one's own making.
    let id = format!("{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]);
    SessionId::parse(&id).ok_or(AppError::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_letters_of_every_writing_and_drops_control_characters() {
        assert_eq!(clean("  a\u{7}b\r\nc\td\u{1b}[0m ").unwrap(), "ab\nc\td[0m");
        assert_eq!(clean("\u{202b}שלום\u{202c} 🦷").unwrap(), "\u{202b}שלום\u{202c} 🦷");
        assert_eq!(clean("<b>*x*</b>").unwrap(), "<b>*x*</b>");
    }

    #[test]
    fn leaves_out_what_holds_nothing() {
        let texts = ["", " \u{1}", " a "].map(str::to_owned);
        assert_eq!(clean_all(&texts).unwrap(), ["a"]);
        assert!(matches!(clean_all(&["\0".to_owned()]), Err(AppError::Invalid { .. })));
    }

    #[test]
    fn refuses_nothing_nul_and_too_much() {
        assert!(matches!(clean(" \n\t\u{1}"), Err(AppError::Invalid { .. })));
        assert!(matches!(clean("a\0b"), Err(AppError::Invalid { .. })));
        assert_eq!(clean(&"é".repeat(8_001)), Err(AppError::TooLong));
        assert_eq!(clean(&"é".repeat(8_000)).unwrap().chars().count(), 8_000);
    }

    #[test]
    fn client_ids_are_short_and_plain() {
        assert_eq!(client_id(None), Ok(None));
        assert_eq!(client_id(Some("a-1".to_owned())), Ok(Some("a-1".to_owned())));
        for bad in ["", " ", "a\nb", &"x".repeat(101)] {
            assert!(client_id(Some(bad.to_owned())).is_err(), "{bad:?}");
        }
    }
}
