//! The keys that programs show: `Authorization: Bearer …`. Kept as digests, compared in constant time.

use std::collections::HashSet;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::session::ports::OwnerId;

/// The shortest key, in characters.
pub const SHORTEST: usize = 16;
/// What the owner of a key's sessions begins with; the owner of a cookie is a UUID.
const PREFIX: &str = "key:";

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiKeys(Vec<ApiKey>);

#[derive(Clone, PartialEq, Eq)]
struct ApiKey {
    owner: OwnerId,
    digest: [u8; 32],
}

impl ApiKeys {
    /// Reads `name:key` or a key alone, with commas between. Sessions belong to the name, so that a key can be replaced;
    /// without one they belong to that very key.
    pub fn parse(text: &str) -> Result<ApiKeys, String> {
        let mut keys = Vec::new();
        let mut seen = HashSet::new();
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (name, key) =
                entry.split_once(':').map_or((None, entry), |(name, key)| (Some(name.trim()), key.trim()));
            if key.len() < SHORTEST || key.contains(char::is_whitespace) {
                return Err(format!("each key must have at least {SHORTEST} characters and no spaces"));
            }
            if name.is_some_and(|name| {
                name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            }) {
                return Err("the name before a key may have letters, digits, `-`, `_` and `.`".to_owned());
            }
            let digest = digest(key);
            if !seen.insert(digest) {
                return Err("the same key stands there twice".to_owned());
            }
            let owner = name.map_or_else(|| hex(&digest[..8]), str::to_owned);
            keys.push(ApiKey { owner: OwnerId(format!("{PREFIX}{owner}")), digest });
        }
        Ok(ApiKeys(keys))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whose key this is.
    pub fn owner_of(&self, key: &str) -> Option<&OwnerId> {
        let shown = digest(key);
        self.0.iter().find(|kept| is_equal(&kept.digest, &shown)).map(|kept| &kept.owner)
    }

    /// Whether a key of this owner still counts.
    pub fn has_owner(&self, owner: &OwnerId) -> bool {
        self.0.iter().any(|kept| kept.owner == *owner)
    }
}

/// Whether a secret is the one that was shown.
pub fn is_same(secret: &str, shown: &str) -> bool {
    is_equal(&digest(secret), &digest(shown))
}

/// Takes the same time wherever the first difference is.
fn is_equal(one: &[u8; 32], other: &[u8; 32]) -> bool {
    one.iter().zip(other).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.owner.0)
    }
}

impl fmt::Display for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|key| key.owner.0.trim_start_matches(PREFIX)).collect();
        if names.is_empty() { f.write_str("(not set: REST is open)") } else { f.write_str(&names.join(",")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_an_owner_that_outlives_it() {
        let keys =
            ApiKeys::parse("shop:first-key-of-the-shop, shop:second-key-of-the-shop,a-key-without-a-name").unwrap();
        let shop = OwnerId("key:shop".to_owned());
        assert_eq!(keys.owner_of("first-key-of-the-shop"), Some(&shop));
        assert_eq!(keys.owner_of("second-key-of-the-shop"), Some(&shop));
        assert_ne!(keys.owner_of("a-key-without-a-name"), None);
        assert_eq!(keys.owner_of("first-key-of-the-sho"), None);
        assert!(keys.has_owner(&shop) && !keys.has_owner(&OwnerId("shop".to_owned())));
        for wrong in ["short", "a b:first-key-of-the-shop", "twice-the-same-key,twice-the-same-key"] {
            assert!(ApiKeys::parse(wrong).is_err(), "{wrong}");
        }
    }
}
