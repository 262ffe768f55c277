//! What is usual with each provider, read from the data file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::models::Purpose;
use super::settings::Vendor;

/// Where a provider is and which of its models is asked, where nothing else is configured.
#[derive(Debug, Deserialize)]
pub struct Usual {
    pub base_url: String,
    pub model: String,
}

/// How servers name what they do not take, in lower case.
#[derive(Debug, Deserialize)]
pub struct Refusals {
    output_shape: Vec<String>,
    thinking: Vec<String>,
    token_limit: Vec<String>,
    usage: Vec<String>,
}

/// What a complaint is about, as far as its words tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Complaint {
    pub output_shape: bool,
    pub thinking: bool,
    pub token_limit: bool,
    pub usage: bool,
}

#[derive(Debug, Deserialize)]
struct Texts {
    json_only: String,
    test: String,
}

#[derive(Debug, Deserialize)]
struct Data {
    openai: Usual,
    anthropic: Usual,
    routes: BTreeMap<Purpose, Vec<Vendor>>,
    refusals: Refusals,
    texts: Texts,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("data/providers.toml")).expect("embedded data, parsed by a test"));

pub fn usual(vendor: Vendor) -> &'static Usual {
    match vendor {
        Vendor::OpenAi => &DATA.openai,
        Vendor::Anthropic => &DATA.anthropic,
    }
}

/// The providers to ask for this, in order.
pub fn usual_route(purpose: Purpose) -> &'static [Vendor] {
    DATA.routes.get(&purpose).map_or(&[], Vec::as_slice)
}

/// What a server complains about in these words.
pub fn complaint(words: &str) -> Complaint {
    let words = words.to_lowercase();
    let names = |list: &[String]| list.iter().any(|word| words.contains(word.as_str()));
    let refusals = &DATA.refusals;
    Complaint {
        output_shape: names(&refusals.output_shape),
        thinking: names(&refusals.thinking),
        token_limit: names(&refusals.token_limit),
        usage: names(&refusals.usage),
    }
}

/// Tells a model to answer with a document of this schema.
pub fn json_only(schema: &serde_json::Value) -> String {
    DATA.texts.json_only.replace("{schema}", &schema.to_string())
}

/// What is asked to see whether a model answers.
pub fn test_question() -> &'static str {
    &DATA.texts.test
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_has_a_route_and_every_provider_its_usual_model() {
        for purpose in Purpose::ALL {
            assert_eq!(usual_route(purpose).len(), Vendor::ALL.len(), "{purpose:?}");
        }
        for vendor in Vendor::ALL {
            assert!(usual(vendor).base_url.starts_with("https://") && !usual(vendor).model.is_empty());
        }
        assert!(json_only(&serde_json::json!({"a": 1})).contains(r#"{"a":1}"#));
    }

    #[test]
    fn real_complaints_are_understood() {
        let about = |words: &str| complaint(words);
        for (words, expected) in [
            (
                "body.response_format.type: Input should be 'text' or 'json_object'",
                Complaint { output_shape: true, ..Complaint::default() },
            ),
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                Complaint { token_limit: true, ..Complaint::default() },
            ),
            (
                "Unrecognized request argument supplied: reasoning_effort",
                Complaint { thinking: true, ..Complaint::default() },
            ),
            (
                "Thinking may not be enabled when tool_choice forces tool use.",
                Complaint { output_shape: true, thinking: true, ..Complaint::default() },
            ),
            ("Extra inputs are not permitted: stream_options", Complaint { usage: true, ..Complaint::default() }),
            ("This model's maximum context length is 8192 tokens.", Complaint::default()),
        ] {
            assert_eq!(about(words), expected, "{words}");
        }
    }
}
