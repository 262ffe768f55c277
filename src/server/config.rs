//! What can be configured: read once, checked, printed without secrets.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use axum_extra::extract::cookie::Key;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};

use crate::llm::settings::ModelSettings;
use crate::session::adapters::redis_target::RedisTarget;

use super::api_keys::ApiKeys;
use super::config_models;

/// The shortest secret a cookie key is made from, in bytes.
const SECRET_BYTES: usize = 64;

/// The configuration of one server.
#[derive(Clone, Debug)]
pub struct Config {
    pub host: String,
    pub port: u16,
    pub database_url: DatabaseUrl,
    /// The cache that servers share; `None` for one inside the process.
    pub redis: Option<RedisTarget>,
    /// How long a session stays active, and cached, without a turn.
    pub session_expiry: Duration,
    /// Signs the owner cookie; `None` for a key the server makes and keeps itself.
    pub cookie_secret: Option<SecretString>,
    /// The keys REST asks for; empty where it asks for none.
    pub api_keys: ApiKeys,
    /// For what concerns the server and not one owner.
    pub admin_key: Option<SecretString>,
    /// The proxies whose word about a caller's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Requests a minute of one owner, key or address. `None` for the usual limit, which leaves this machine out.
    pub rate_limit: Option<u32>,
    /// The most connections at a time.
    pub max_connections: usize,
    /// Where traces go, by OTLP over HTTP.
    pub traces: Option<String>,
    /// The folder with the built page.
    pub site_root: PathBuf,
    /// Whether the page's files carry a hash of their content in their name.
    pub hash_files: bool,
    /// Whether a build tool watches and reloads the page.
    pub watched: bool,
    /// What is logged.
    pub log: String,
    /// The language models that may be asked; none by default.
    pub models: ModelSettings,
}

/// Where the data is kept. Prints without user and password.
#[derive(Clone)]
pub struct DatabaseUrl(pub String);

impl DatabaseUrl {
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres:") || self.0.starts_with("postgresql:")
    }

    /// What is wrong with it, if anything.
    fn mistake(&self) -> Option<&'static str> {
        if self.is_postgres() {
            let options = sqlx::postgres::PgConnectOptions::from_str(&self.0);
            return options.err().map(|_| "must look like postgres://user:password@host:5432/database");
        }
        if !self.0.starts_with("sqlite:") {
            return Some("must start with sqlite:// and name a file, or with postgres://");
        }
        let in_memory = self.0.contains(":memory:") || self.0.contains("mode=memory");
        in_memory.then_some("must name a file: a database in memory is lost with the process")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.split_once("://"), self.0.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, place))) => write!(f, "{scheme}://…@{}", without_query(place)),
            _ => f.write_str(without_query(&self.0)),
        }
    }
}

/// A password may stand there, too.
fn without_query(text: &str) -> &str {
    text.split('?').next().unwrap_or(text)
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
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
            database_url: DatabaseUrl("sqlite://data/agentwright.db".to_owned()),
            redis: None,
            session_expiry: Duration::from_secs(3600),
            cookie_secret: None,
            api_keys: ApiKeys::default(),
            admin_key: None,
            trusted_proxies: Vec::new(),
            rate_limit: None,
            max_connections: 4_096,
            traces: None,
            site_root: PathBuf::from("target/site"),
            hash_files: false,
            watched: false,
            log: "info".to_owned(),
            models: ModelSettings::default(),
        }
    }
}

impl Config {
    /// Reads the environment (and a `.env` file loaded before):
    ///
    /// - `HOST`, `PORT`: where to listen (`127.0.0.1`, `8000`; port 0 takes a free one)
    /// - `DATABASE_URL`: `sqlite://` and the path of a file, made if missing (`sqlite://data/agentwright.db`), or
    ///   `postgres://user:password@host:5432/database`
    /// - `REDIS_HOST`: a cache for several servers: a host, or an address that starts with `redis://` or, over TLS,
    ///   `rediss://`; without it each server has its own. `REDIS_PORT`, `REDIS_DB`, `REDIS_USERNAME`, `REDIS_PASSWORD`
    /// - `SESSION_EXPIRY_SECONDS`: how long a session stays active without a turn (`3600`)
    /// - `COOKIE_SECRET`: at least 64 characters; signs the owner cookie. Without it the server makes a key once and
    ///   keeps it in the database
    /// - `API_KEYS`: keys with commas between, each `name:key` or a key alone; with them REST needs one
    /// - `ADMIN_API_KEY`: opens `/metrics` and the test of the models to other machines
    /// - `TRUSTED_PROXIES`: addresses or networks, with commas between, whose `X-Forwarded-For` counts
    /// - `RATE_LIMIT_PER_MINUTE`: requests of one owner, key or address; 0 for no limit (`600`, and none on this machine)
    /// - `MAX_CONNECTIONS`: the most connections at a time (`4096`)
    /// - `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`: with one, language models take part in interviews. `OPENAI_BASE_URL` (any
    ///   server of that dialect, with or without a key), `OPENAI_MODEL`, `OPENAI_HEADERS` (`Name: value`, with commas
    ///   between), `ANTHROPIC_BASE_URL`, `ANTHROPIC_MODEL`
    /// - `LLM_PROVIDER`: the only one to use, `openai` or `anthropic`, or `none`
    /// - `LLM_EXTRACTION`, `LLM_PHRASING`, `LLM_POLISH`, `LLM_PREVIEW`: whom to ask for what, in order: `provider` or
    ///   `provider:model`, with commas between
    /// - `LLM_TIMEOUT_SECONDS`: how long an answer may take with all retries (`25`)
    /// - `LLM_CONCURRENCY`: requests with one provider at a time (`32`)
    /// - `OTEL_EXPORTER_OTLP_ENDPOINT`: where traces go, by OTLP over HTTP
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
        let mut reader = Reader { value: &value, mistakes: Vec::new() };
        let base = Config::default();
        let seconds = reader.number("SESSION_EXPIRY_SECONDS", 1..=u64::from(u32::MAX));
        let config = Config {
            host: value("HOST").unwrap_or(base.host),
            port: reader.number("PORT", 0..=65_535).unwrap_or(base.port),
            database_url: reader.database().unwrap_or(base.database_url),
            redis: reader.redis(),
            session_expiry: seconds.map_or(base.session_expiry, Duration::from_secs),
            cookie_secret: reader.secret("COOKIE_SECRET", SECRET_BYTES),
            api_keys: reader.parsed("API_KEYS", ApiKeys::parse).unwrap_or_default(),
            admin_key: reader.secret("ADMIN_API_KEY", super::api_keys::SHORTEST),
            trusted_proxies: reader.parsed("TRUSTED_PROXIES", networks).unwrap_or_default(),
            rate_limit: reader.number("RATE_LIMIT_PER_MINUTE", 0..=u64::from(u32::MAX)),
            max_connections: reader.number("MAX_CONNECTIONS", 1..=1_000_000).unwrap_or(base.max_connections),
            traces: reader.parsed("OTEL_EXPORTER_OTLP_ENDPOINT", web_address),
            site_root: value("LEPTOS_SITE_ROOT").map_or(base.site_root, PathBuf::from),
            hash_files: value("LEPTOS_HASH_FILES").is_some_and(|text| text == "true"),
            watched: value("LEPTOS_WATCH").is_some(),
            log: value("RUST_LOG").unwrap_or(base.log),
            models: reader.models(),
        };
        if reader.mistakes.is_empty() { Ok(config) } else { Err(Mistakes(reader.mistakes)) }
    }

    /// The key made from the configured secret.
    pub fn cookie_key(&self) -> Option<Key> {
        self.cookie_secret.as_ref().map(|secret| Key::from(secret.expose_secret().as_bytes()))
    }
}

/// Reads variables and remembers what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) value: &'a dyn Fn(&str) -> Option<String>,
    pub(super) mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    pub(super) fn parsed<T>(
        &mut self,
        variable: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = (self.value)(variable)?;
        parse(&text).map_err(|message| self.mistakes.push(Mistake { variable, message })).ok()
    }

    pub(super) fn number<T: TryFrom<u64>>(
        &mut self,
        variable: &'static str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Option<T> {
        self.parsed(variable, |text| {
            let number = text.parse().ok().filter(|number| range.contains(number)).and_then(|it| T::try_from(it).ok());
            number.ok_or_else(|| format!("must be a number from {} to {}", range.start(), range.end()))
        })
    }

    pub(super) fn secret(&mut self, variable: &'static str, shortest: usize) -> Option<SecretString> {
        self.parsed(variable, |text| {
            if text.len() < shortest {
                return Err(format!("must have at least {shortest} characters; `openssl rand -hex 64` makes them"));
            }
            Ok(SecretString::from(text))
        })
    }

    fn database(&mut self) -> Option<DatabaseUrl> {
        self.parsed("DATABASE_URL", |text| {
            let url = DatabaseUrl(text.to_owned());
            url.mistake().map_or(Ok(url.clone()), |mistake| Err(mistake.to_owned()))
        })
    }

    fn redis(&mut self) -> Option<RedisTarget> {
        let mut target = self.parsed("REDIS_HOST", |text| {
            RedisTarget::parse(text).map_err(|_| "must be a host, or start with redis:// or rediss://".to_owned())
        })?;
        if let Some(port) = self.number("REDIS_PORT", 1..=65_535) {
            target = target.at_port(port);
        }
        if let Some(db) = self.number("REDIS_DB", 0..=65_535) {
            target = target.with_db(db);
        }
        if let Some(username) = (self.value)("REDIS_USERNAME") {
            target = target.with_username(&username);
        }
        if let Some(password) = self.secret("REDIS_PASSWORD", 0) {
            target = target.with_password(&password);
        }
        Some(target)
    }
}

/// Networks, or single addresses, with commas between.
fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let network = |part: &str| part.parse().or_else(|_| part.parse::<std::net::IpAddr>().map(IpNet::from));
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| network(part).map_err(|_| format!("`{part}` is no address and no network like 10.0.0.0/8")))
        .collect()
}

fn web_address(text: &str) -> Result<String, String> {
    let is_one = text.starts_with("http://") || text.starts_with("https://");
    is_one.then(|| text.to_owned()).ok_or_else(|| "must start with http:// or https://".to_owned())
}

impl fmt::Display for Config {
    /// Every setting on a line, secrets only as set or not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = |is_set: bool| if is_set { "(set)" } else { "(not set)" };
        writeln!(f, "HOST={}", self.host)?;
        writeln!(f, "PORT={}", self.port)?;
        writeln!(f, "DATABASE_URL={}", self.database_url)?;
        match &self.redis {
            Some(target) => writeln!(f, "REDIS={target}")?,
            None => writeln!(f, "REDIS=(not set: a cache inside the process)")?,
        }
        writeln!(f, "SESSION_EXPIRY_SECONDS={}", self.session_expiry.as_secs())?;
        writeln!(f, "COOKIE_SECRET={}", if self.cookie_secret.is_some() { "(set)" } else { "(made by the server)" })?;
        writeln!(f, "API_KEYS={}", self.api_keys)?;
        writeln!(f, "ADMIN_API_KEY={}", set(self.admin_key.is_some()))?;
        let proxies: Vec<String> = self.trusted_proxies.iter().map(IpNet::to_string).collect();
        writeln!(f, "TRUSTED_PROXIES={}", proxies.join(","))?;
        match self.rate_limit {
            Some(limit) => writeln!(f, "RATE_LIMIT_PER_MINUTE={limit}")?,
            None => writeln!(f, "RATE_LIMIT_PER_MINUTE=(600, none on this machine)")?,
        }
        writeln!(f, "MAX_CONNECTIONS={}", self.max_connections)?;
        writeln!(f, "OTEL_EXPORTER_OTLP_ENDPOINT={}", self.traces.as_deref().unwrap_or("(not set)"))?;
        config_models::print(&self.models, f)?;
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
        let wrong = [
            ("PORT", "80a"),
            ("SESSION_EXPIRY_SECONDS", "0"),
            ("DATABASE_URL", "mysql://x"),
            ("COOKIE_SECRET", "short"),
            ("REDIS_HOST", "http://cache"),
            ("API_KEYS", "short"),
            ("TRUSTED_PROXIES", "10.0.0.0/8, nginx"),
            ("RATE_LIMIT_PER_MINUTE", "-1"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ];
        let text = read(&wrong).unwrap_err().to_string();
        assert_eq!(text.lines().count(), wrong.len() + 1, "{text}");
        for (name, _) in wrong {
            assert!(text.contains(name), "{text}");
        }
        for url in ["sqlite::memory:", "sqlite://x?mode=memory", "postgres://host:port/x"] {
            assert!(read(&[("DATABASE_URL", url)]).is_err(), "{url}");
        }
    }

    #[test]
    fn a_shared_cache_is_put_together_from_its_parts() {
        let redis = |pairs: &[(&str, &str)]| read(pairs).unwrap().redis.map(|target| target.to_string());
        assert_eq!(redis(&[("REDIS_PORT", "7")]), None, "without a host there is none");
        assert_eq!(
            redis(&[("REDIS_HOST", "cache"), ("REDIS_PORT", "7"), ("REDIS_DB", "2")]).unwrap(),
            "redis://cache:7/2"
        );
        assert_eq!(redis(&[("REDIS_HOST", "rediss://cache:9/1")]).unwrap(), "rediss://cache:9/1");
    }

    #[test]
    fn secrets_are_not_printed() {
        let secret = "s3cr3t-".repeat(10);
        let config = read(&[
            ("COOKIE_SECRET", &secret),
            ("ADMIN_API_KEY", &secret),
            ("API_KEYS", &format!("shop:{secret}1,{secret}2")),
            ("REDIS_HOST", "cache"),
            ("REDIS_PASSWORD", &secret),
            ("DATABASE_URL", &format!("postgres://ann:{secret}@db:5432/agents?password={secret}")),
        ]);
        let config = config.unwrap();
        let printed = format!("{config} {config:?}");
        assert!(!printed.contains("s3cr3t"), "{printed}");
        assert!(printed.contains("db:5432/agents") && printed.contains("shop"), "{printed}");
    }
}
