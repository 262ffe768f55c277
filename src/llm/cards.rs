//! The providers as the settings page shows them.

use super::models::{ModelCard, Purpose, Usage};
use super::service::Models;
use super::settings::Vendor;

/// Every provider there could be.
pub fn cards(models: &Models) -> Vec<ModelCard> {
    let known = models.providers();
    let card = |vendor: Vendor| {
        let found = known.iter().find(|(it, ..)| *it == vendor);
        let is_first = |purpose: &Purpose| models.route(*purpose).is_some_and(|name| name.provider == vendor.id());
        ModelCard {
            provider: vendor.id().to_owned(),
            model: found.map(|(_, name, _)| name.model.clone()),
            reachable: found.and_then(|(_, _, state)| state.reachable),
            purposes: Purpose::ALL.into_iter().filter(is_first).collect(),
            usage: found.map_or_else(Usage::default, |(_, _, state)| state.usage),
            last_error: found.and_then(|(_, _, state)| state.last_error.as_ref().map(ToString::to_string)),
        }
    };
    Vendor::ALL.map(card).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::settings::{ModelSettings, ProviderSettings};

    #[tokio::test]
    async fn what_is_not_configured_is_shown_as_such() {
        crate::server::tls::choose_crypto();
        let none = cards(&Models::default());
        assert!(none.iter().all(|card| card.model.is_none() && card.purposes.is_empty()));
        let providers = vec![ProviderSettings::usual(Vendor::OpenAi, Some("s3cr3t".into()))];
        let models = Models::open(&ModelSettings { providers, ..ModelSettings::default() }).unwrap();
        let shown = cards(&models);
        assert_eq!(shown[0].purposes, Purpose::ALL);
        assert!(shown[0].model.is_some() && shown[1].model.is_none());
        assert!(!format!("{shown:?}").contains("s3cr3t"));
    }
}
