//! What can be configured about language models.

use std::fmt;
use std::time::Duration;

use reqwest::Url;

use crate::llm::models::{ModelName, Purpose};
use crate::llm::settings::{ModelSettings, ProviderSettings, Vendor, parse_headers, parse_route};

use super::config::{Mistake, Reader};

/// What no model is asked with.
const NONE: &str = "none";

/// The variables of one provider.
struct Variables {
    vendor: Vendor,
    key: &'static str,
    base_url: &'static str,
    model: &'static str,
    headers: Option<&'static str>,
}

const OPENAI: Variables = Variables {
    vendor: Vendor::OpenAi,
    key: "OPENAI_API_KEY",
    base_url: "OPENAI_BASE_URL",
    model: "OPENAI_MODEL",
    headers: Some("OPENAI_HEADERS"),
};
const ANTHROPIC: Variables = Variables {
    vendor: Vendor::Anthropic,
    key: "ANTHROPIC_API_KEY",
    base_url: "ANTHROPIC_BASE_URL",
    model: "ANTHROPIC_MODEL",
    headers: None,
};

/// The variable that says whom to ask for this.
fn route_variable(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Extraction => "LLM_EXTRACTION",
        Purpose::Phrasing => "LLM_PHRASING",
        Purpose::Polish => "LLM_POLISH",
        Purpose::Preview => "LLM_PREVIEW",
    }
}

impl Reader<'_> {
    pub(super) fn models(&mut self) -> ModelSettings {
        let base = ModelSettings::default();
        let total = self.number("LLM_TIMEOUT_SECONDS", 1..=600);
        let mut settings = ModelSettings {
            providers: [OPENAI, ANTHROPIC].iter().filter_map(|variables| self.provider(variables)).collect(),
            routes: base.routes,
            total: total.map_or(base.total, Duration::from_secs),
            concurrency: self.number("LLM_CONCURRENCY", 1..=10_000).unwrap_or(base.concurrency),
        };
        let chosen = self.parsed("LLM_PROVIDER", chosen);
        match chosen {
            None => {}
            Some(None) => settings.providers.clear(),
            Some(Some(vendor)) => {
                settings.providers.retain(|provider| provider.vendor == vendor);
                self.demand(&settings, "LLM_PROVIDER", vendor);
            }
        }
        for purpose in Purpose::ALL {
            let variable = route_variable(purpose);
            if let Some(route) = self.parsed(variable, parse_route) {
                if chosen != Some(None) {
                    route.iter().for_each(|(vendor, _)| self.demand(&settings, variable, *vendor));
                }
                settings.routes.insert(purpose, route);
            }
        }
        settings
    }

    /// A provider is there when it has a key, or an address of its own.
    fn provider(&mut self, variables: &Variables) -> Option<ProviderSettings> {
        let key = self.secret(variables.key, 1);
        let base_url = self.parsed(variables.base_url, base_url);
        let headers = variables.headers.and_then(|variable| self.parsed(variable, parse_headers));
        if key.is_none() && base_url.is_none() {
            return None;
        }
        let usual = ProviderSettings::usual(variables.vendor, key);
        Some(ProviderSettings {
            base_url: base_url.unwrap_or(usual.base_url),
            model: (self.value)(variables.model).unwrap_or(usual.model),
            headers: headers.unwrap_or_default(),
            ..usual
        })
    }

    /// Notes a mistake when a variable names a provider that is not there.
    fn demand(&mut self, settings: &ModelSettings, variable: &'static str, vendor: Vendor) {
        if settings.provider(vendor).is_none() && !self.mistakes.iter().any(|mistake| mistake.variable == variable) {
            let variables = if vendor == Vendor::OpenAi { OPENAI } else { ANTHROPIC };
            let message = format!("names {}, which needs {} or {}", vendor.id(), variables.key, variables.base_url);
            self.mistakes.push(Mistake { variable, message });
        }
    }
}

/// The one provider that is used; none for `none`.
fn chosen(text: &str) -> Result<Option<Vendor>, String> {
    let vendor = Vendor::parse(text);
    match vendor.is_some() || text == NONE {
        true => Ok(vendor),
        false => Err("must be openai, anthropic or none".to_owned()),
    }
}

fn base_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.map(|_| text.to_owned()).ok_or_else(|| "must be an address like https://models.example/v1".to_owned())
}

/// Every setting on a line, secrets only as set or not.
pub(super) fn print(settings: &ModelSettings, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for variables in [OPENAI, ANTHROPIC] {
        let Some(provider) = settings.provider(variables.vendor) else {
            writeln!(f, "{}=(not set)", variables.key)?;
            continue;
        };
        writeln!(f, "{}={}", variables.key, if provider.key.is_some() { "(set)" } else { "(not set)" })?;
        writeln!(f, "{}={}", variables.base_url, provider.shown_address())?;
        writeln!(f, "{}={}", variables.model, provider.model)?;
        if let (Some(variable), false) = (variables.headers, provider.headers.is_empty()) {
            writeln!(f, "{variable}=({})", provider.header_names().join(", "))?;
        }
    }
    if settings.providers.is_empty() {
        return Ok(());
    }
    writeln!(f, "LLM_TIMEOUT_SECONDS={}", settings.total.as_secs())?;
    writeln!(f, "LLM_CONCURRENCY={}", settings.concurrency)?;
    Purpose::ALL.into_iter().try_for_each(|purpose| {
        let names: Vec<String> = settings.route(purpose).iter().map(ModelName::to_string).collect();
        writeln!(f, "{}={}", route_variable(purpose), names.join(","))
    })
}

#[cfg(test)]
mod tests {
    use super::super::config::{Config, Mistakes};
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Mistakes> {
        Config::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn models(pairs: &[(&str, &str)]) -> ModelSettings {
        read(pairs).unwrap().models
    }

    #[test]
    fn a_key_or_an_address_makes_a_provider() {
        assert!(models(&[]).providers.is_empty());
        assert!(models(&[("OPENAI_MODEL", "x"), ("OPENAI_API_KEY", " ")]).providers.is_empty());
        let both = models(&[("OPENAI_API_KEY", "k"), ("ANTHROPIC_API_KEY", "k")]);
        assert_eq!(both.providers.len(), 2);
        assert_eq!(both.provider(Vendor::OpenAi).unwrap().base_url, "https://api.openai.com/v1");
        let local = models(&[("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1"), ("OPENAI_MODEL", "llama3.2:3b")]);
        let local = local.provider(Vendor::OpenAi).unwrap();
        assert_eq!((local.key.is_none(), local.model.as_str()), (true, "llama3.2:3b"));
    }

    #[test]
    fn one_provider_can_be_chosen_or_none() {
        let keys = [("OPENAI_API_KEY", "k"), ("ANTHROPIC_API_KEY", "k")];
        let with = |name: &'static str| models(&[keys[0], keys[1], ("LLM_PROVIDER", name)]);
        assert!(with("none").providers.is_empty());
        let one = with("anthropic");
        assert_eq!(one.route(Purpose::Extraction)[0].provider, "anthropic");
        assert_eq!(one.route(Purpose::Extraction).len(), 1);
    }

    #[test]
    fn every_mistake_has_its_line() {
        let wrong = [
            ("OPENAI_BASE_URL", "localhost:8080"),
            ("OPENAI_HEADERS", "s3cr3t"),
            ("ANTHROPIC_BASE_URL", "file:///models"),
            ("LLM_PROVIDER", "ollama"),
            ("LLM_TIMEOUT_SECONDS", "0"),
            ("LLM_CONCURRENCY", "many"),
            ("LLM_EXTRACTION", "gpt-6"),
            ("LLM_PHRASING", "anthropic"),
        ];
        let text = read(&wrong).unwrap_err().to_string();
        assert_eq!(text.lines().count(), wrong.len() + 1, "{text}");
        for (name, _) in wrong {
            assert!(text.contains(name), "{name} in {text}");
        }
        assert!(!text.contains("s3cr3t"), "{text}");
        let text = read(&[("LLM_PROVIDER", "openai"), ("ANTHROPIC_API_KEY", "k")]).unwrap_err().to_string();
        assert!(text.contains("OPENAI_API_KEY or OPENAI_BASE_URL"), "{text}");
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = read(&[
            ("OPENAI_API_KEY", "s3cr3t"),
            ("OPENAI_BASE_URL", "https://ann:s3cr3t@models.example/openai/v1/?api-version=1&key=s3cr3t"),
            ("OPENAI_HEADERS", "X-Key: s3cr3t"),
            ("ANTHROPIC_API_KEY", "s3cr3t"),
        ]);
        let config = config.unwrap();
        let printed = format!("{config}");
        assert!(!printed.contains("s3cr3t"), "{printed}");
        for line in
            ["OPENAI_BASE_URL=https://models.example/openai/v1", "OPENAI_HEADERS=(X-Key)", "OPENAI_API_KEY=(set)"]
        {
            assert!(printed.contains(line), "{line} in {printed}");
        }
        let printed = format!("{config:?}");
        assert!(!printed.contains("s3cr3t"), "{printed}");
    }
}
