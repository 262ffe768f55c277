//! What can be configured: read once, checked, printed without secrets.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use axum_extra::extract::cookie::Key;
use secrecy::{ExposeSecret, SecretString};

/// The shortest secret a cookie key is made from, in bytes.
const SECRET_BYTES: usize = 64;

/// The configuration of one server.
#[derive(Clone, Debug)]
pub struct Config {
    pub host: String,
    pub port: u16,
    pub database_url: String,
    /// How long a session stays active, and cached, without a turn.
    pub session_expiry: Duration,
    /// Signs the owner cookie; `None` for a key the server makes and keeps itself.
    pub cookie_secret: Option<SecretString>,
    /// The folder with the built page.
    pub site_root: PathBuf,
    /// Whether the page's files carry a hash of their content in their name.
    pub hash_files: bool,
    /// Whether a build tool watches and reloads the page.
    pub watched: bool,
    /// What is logged.
    pub log: String,
}

/// One mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub variable: &'static str,
    pub message: String,
}

/// All mistakes, one line each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration has mistakes:")?;
        self.0.iter().try_for_each(|mistake| write!(f, "\n  {}: {}", mistake.variable, mistake.message))
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            host: "127.0.0.1".to_owned(),
            port: 8000,
            database_url: "sqlite://data/agentwright.db".to_owned(),
            session_expiry: Duration::from_secs(3600),
            cookie_secret: None,
            site_root: PathBuf::from("target/site"),
            hash_files: false,
            watched: false,
            log: "info".to_owned(),
        }
    }
}

impl Config {
    /// Reads the environment (and a `.env` file loaded before):
    ///
    /// - `HOST`, `PORT`: where to listen (`127.0.0.1`, `8000`; port 0 takes a free one)
    /// - `DATABASE_URL`: `sqlite://` and the path of a file, made if missing (`sqlite://data/agentwright.db`)
    /// - `SESSION_EXPIRY_SECONDS`: how long a session stays active without a turn (`3600`)
    /// - `COOKIE_SECRET`: at least 64 characters; signs the owner cookie. Without it the server makes a key once and
    ///   keeps it in the database
    /// - `RUST_LOG`: what is logged (`info`)
    /// - `LEPTOS_SITE_ROOT`: the folder with the built page (`target/site`)
    /// - `LEPTOS_HASH_FILES`: `true` when the page's files are named by their content (`false`)
    /// - `LEPTOS_WATCH`: set by the build tool while it watches
    pub fn from_env() -> Result<Config, Mistakes> {
        Config::read(|name| std::env::var(name).ok())
    }

    /// The same, from any source of variables. Empty ones count as not set.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Config, Mistakes> {
        let value = |name: &str| variable(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let base = Config::default();
        let mut mistakes = Vec::new();
        let mut wrong = |variable: &'static str, message: &str| {
            mistakes.push(Mistake { variable, message: message.to_owned() });
        };
        let port = match value("PORT").map(|text| text.parse()) {
            None => base.port,
            Some(Ok(port)) => port,
            Some(Err(_)) => {
                wrong("PORT", "must be a number from 0 to 65535");
                base.port
            }
        };
        let session_expiry = match value("SESSION_EXPIRY_SECONDS").map(|text| text.parse::<u32>()) {
            None => base.session_expiry,
            Some(Ok(seconds)) if seconds > 0 => Duration::from_secs(seconds.into()),
            Some(_) => {
                wrong("SESSION_EXPIRY_SECONDS", "must be a number of seconds above 0");
                base.session_expiry
            }
        };
        let database_url = value("DATABASE_URL").unwrap_or(base.database_url);
        if !database_url.starts_with("sqlite:") {
            wrong("DATABASE_URL", "must start with sqlite:// and name a file, like sqlite://data/agentwright.db");
        } else if database_url.contains(":memory:") || database_url.contains("mode=memory") {
            wrong("DATABASE_URL", "must name a file: a database in memory is lost with the process");
        }
        let cookie_secret = value("COOKIE_SECRET");
        if cookie_secret.as_ref().is_some_and(|secret| secret.len() < SECRET_BYTES) {
            wrong("COOKIE_SECRET", "must have at least 64 characters; `openssl rand -hex 64` makes one");
        }
        if !mistakes.is_empty() {
            return Err(Mistakes(mistakes));
        }
        Ok(Config {
            host: value("HOST").unwrap_or(base.host),
            port,
            database_url,
            session_expiry,
            cookie_secret: cookie_secret.map(SecretString::from),
            site_root: value("LEPTOS_SITE_ROOT").map_or(base.site_root, PathBuf::from),
            hash_files: value("LEPTOS_HASH_FILES").is_some_and(|text| text == "true"),
            watched: value("LEPTOS_WATCH").is_some(),
            log: value("RUST_LOG").unwrap_or(base.log),
        })
    }

    /// The key made from the configured secret.
    pub fn cookie_key(&self) -> Option<Key> {
        self.cookie_secret.as_ref().map(|secret| Key::from(secret.expose_secret().as_bytes()))
    }
}

impl fmt::Display for Config {
    /// Every setting on a line, secrets only as set or not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "HOST={}", self.host)?;
        writeln!(f, "PORT={}", self.port)?;
        writeln!(f, "DATABASE_URL={}", self.database_url)?;
        writeln!(f, "SESSION_EXPIRY_SECONDS={}", self.session_expiry.as_secs())?;
        writeln!(f, "COOKIE_SECRET={}", if self.cookie_secret.is_some() { "(set)" } else { "(made by the server)" })?;
        writeln!(f, "RUST_LOG={}", self.log)?;
        write!(f, "LEPTOS_SITE_ROOT={}", self.site_root.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Mistakes> {
        Config::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let config = read(&[("PORT", " ")]).unwrap();
        assert_eq!((config.host.as_str(), config.port), ("127.0.0.1", 8000));
        assert_eq!(config.session_expiry, Duration::from_secs(3600));
    }

    #[test]
    fn every_mistake_has_its_line() {
        let mistakes = read(&[
            ("PORT", "80a"),
            ("SESSION_EXPIRY_SECONDS", "0"),
            ("DATABASE_URL", "mysql://x"),
            ("COOKIE_SECRET", "short"),
        ])
        .unwrap_err();
        let text = mistakes.to_string();
        assert_eq!(text.lines().count(), 5, "{text}");
        for name in ["PORT", "SESSION_EXPIRY_SECONDS", "DATABASE_URL", "COOKIE_SECRET"] {
            assert!(text.contains(name), "{text}");
        }
        assert!(read(&[("DATABASE_URL", "sqlite::memory:")]).is_err());
    }

    #[test]
    fn secrets_are_not_printed() {
        let secret = "s3cr3t-".repeat(10);
        let config = read(&[("COOKIE_SECRET", &secret)]).unwrap();
        assert!(!format!("{config} {config:?}").contains("s3cr3t"));
    }
}
