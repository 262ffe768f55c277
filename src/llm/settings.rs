//! Which models a server may ask, where they are, and how long it waits for them. Pure.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::data::{usual, usual_route};
use super::models::{ModelName, Purpose};

/// The dialects that are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// OpenAI and every server that speaks like it.
    OpenAi,
    Anthropic,
}

impl Vendor {
    pub const ALL: [Vendor; 2] = [Vendor::OpenAi, Vendor::Anthropic];

    pub fn id(self) -> &'static str {
        match self {
            Vendor::OpenAi => "openai",
            Vendor::Anthropic => "anthropic",
        }
    }

    pub fn parse(text: &str) -> Option<Vendor> {
        Vendor::ALL.into_iter().find(|vendor| vendor.id() == text)
    }
}

/// One provider of models. Prints without what may be a secret.
#[derive(Clone)]
pub struct ProviderSettings {
    pub vendor: Vendor,
    /// The base of its API, with or without a query that every request carries.
    pub base_url: String,
    /// Asked where a route names none.
    pub model: String,
    /// `None` for a server that needs none.
    pub key: Option<SecretString>,
    /// What every request carries beside; a value may be a secret.
    pub headers: Vec<(String, SecretString)>,
}

impl ProviderSettings {
    /// The provider as it usually is, with this key.
    pub fn usual(vendor: Vendor, key: Option<SecretString>) -> ProviderSettings {
        let usual = usual(vendor);
        let (base_url, model) = (usual.base_url.clone(), usual.model.clone());
        ProviderSettings { vendor, base_url, model, key, headers: Vec::new() }
    }

    /// The address without user, password and query.
    pub fn shown_address(&self) -> String {
        let bare = self.base_url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let Some((scheme, rest)) = bare.split_once("://") else { return "(no address)".to_owned() };
        let (place, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
        format!("{scheme}://{host}{path}")
    }

    pub fn header_names(&self) -> Vec<&str> {
        self.headers.iter().map(|(name, _)| name.as_str()).collect()
    }
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ProviderSettings");
        shown.field("vendor", &self.vendor).field("base_url", &self.shown_address()).field("model", &self.model);
        shown.field("has_key", &self.key.is_some()).field("headers", &self.header_names()).finish()
    }
}

/// A provider on a route, and which of its models where it is not the usual one.
pub type Stop = (Vendor, Option<String>);

/// All that is configured about models.
#[derive(Clone, Debug)]
pub struct ModelSettings {
    /// Empty: there are no models.
    pub providers: Vec<ProviderSettings>,
    /// Whom to ask for what, in order; for a purpose that is not here, as is usual.
    pub routes: BTreeMap<Purpose, Vec<Stop>>,
    /// From asking to the last word, with all retries.
    pub total: Duration,
    /// Requests that may be with one provider at a time.
    pub concurrency: usize,
}

impl Default for ModelSettings {
    fn default() -> ModelSettings {
        ModelSettings {
            providers: Vec::new(),
            routes: BTreeMap::new(),
            // Less than what a request of the API may take.
            total: Duration::from_secs(25),
            concurrency: 32,
        }
    }
}

impl ModelSettings {
    pub fn provider(&self, vendor: Vendor) -> Option<&ProviderSettings> {
        self.providers.iter().find(|provider| provider.vendor == vendor)
    }

    /// Which models are asked for this, in order; only of providers that are configured.
    pub fn route(&self, purpose: Purpose) -> Vec<ModelName> {
        let usual = || usual_route(purpose).iter().map(|vendor| (*vendor, None)).collect();
        let stops = self.routes.get(&purpose).cloned().unwrap_or_else(usual);
        let name = |(vendor, model): Stop| {
            let provider = self.provider(vendor)?;
            let model = model.unwrap_or_else(|| provider.model.clone());
            Some(ModelName { provider: vendor.id().to_owned(), model })
        };
        stops.into_iter().filter_map(name).collect()
    }
}

/// Reads a route: `provider` or `provider:model`, with commas between.
///
/// # Errors
/// What is wrong with it, for whoever wrote it.
pub fn parse_route(text: &str) -> Result<Vec<Stop>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (vendor, model) = part.split_once(':').map_or((part, None), |(vendor, model)| (vendor, Some(model)));
            let vendor = Vendor::parse(vendor).filter(|_| model != Some(""));
            let vendor = vendor.ok_or_else(|| {
                format!("`{part}` is neither `openai` nor `anthropic`, alone or with a model like openai:gpt-6-luna")
            })?;
            Ok((vendor, model.map(str::to_owned)))
        })
        .collect()
}

/// Reads headers: `Name: value`, with commas between.
///
/// # Errors
/// What is wrong with them, without their values.
pub fn parse_headers(text: &str) -> Result<Vec<(String, SecretString)>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
    let is_value = |value: &str| !value.is_empty() && value.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    parts
        .enumerate()
        .map(|(number, part)| match part.split_once(':').map(|(name, value)| (name.trim(), value.trim())) {
            Some((name, value)) if is_name(name) && is_value(value) => Ok((name.to_owned(), SecretString::from(value))),
            _ => Err(format!("header {} is not of the form Name: value", number + 1)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(vendors: &[Vendor]) -> ModelSettings {
        let providers = vendors.iter().map(|vendor| ProviderSettings::usual(*vendor, None)).collect();
        ModelSettings { providers, ..ModelSettings::default() }
    }

    fn asked(settings: &ModelSettings, purpose: Purpose) -> Vec<String> {
        settings.route(purpose).iter().map(ModelName::to_string).collect()
    }

    #[test]
    fn the_structured_model_extracts_and_the_conversational_one_phrases() {
        let (luna, sonnet) = ("openai:gpt-6-luna", "anthropic:claude-sonnet-5-5");
        let both = with(&Vendor::ALL);
        assert_eq!(asked(&both, Purpose::Extraction), [luna, sonnet]);
        assert_eq!(asked(&both, Purpose::Polish), [luna, sonnet]);
        assert_eq!(asked(&both, Purpose::Phrasing), [sonnet, luna]);
        assert_eq!(asked(&both, Purpose::Preview), [sonnet, luna]);
        for purpose in Purpose::ALL {
            assert_eq!(asked(&with(&[Vendor::OpenAi]), purpose), [luna]);
            assert_eq!(asked(&with(&[Vendor::Anthropic]), purpose), [sonnet]);
            assert!(asked(&with(&[]), purpose).is_empty());
        }
    }

    #[test]
    fn routes_name_providers_and_models() {
        let mut settings = with(&Vendor::ALL);
        settings.routes.insert(Purpose::Phrasing, parse_route("openai:llama3.2:3b, anthropic,").unwrap());
        assert_eq!(asked(&settings, Purpose::Phrasing), ["openai:llama3.2:3b", "anthropic:claude-sonnet-5-5"]);
        for wrong in ["ollama", "openai:", "openai;anthropic"] {
            assert!(parse_route(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }

    #[test]
    fn headers_are_read_and_a_wrong_one_is_not_repeated() {
        use secrecy::ExposeSecret;
        let headers = parse_headers("HTTP-Referer: https://agents.example, X-Title: Agents").unwrap();
        assert_eq!((headers[0].0.as_str(), headers[0].1.expose_secret()), ("HTTP-Referer", "https://agents.example"));
        assert_eq!(headers.len(), 2);
        for wrong in ["s3cr3t", "X Y: s3cr3t", "X: s3cr3t\u{e9}", ": s3cr3t", "X:"] {
            let mistake = parse_headers(wrong).unwrap_err();
            assert!(mistake.contains("header 1") && !mistake.contains("s3cr3t"), "{mistake}");
        }
    }
}
