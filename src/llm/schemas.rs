//! Models on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::models::{ModelName, Purpose, Usage};
use super::ports::ModelError;
use super::service::{BreakerState, Models, Tested};
use super::settings::Vendor;

const NO_MODELS: &str = "No model is configured: interviews run without one. OPENAI_API_KEY, OPENAI_BASE_URL or \
    ANTHROPIC_API_KEY in the server's environment connects one.";
const WITH_MODELS: &str = "Models help to read and to word; where none answers, interviews go on without.";

/// A provider of models. Its key is never shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderView {
    /// `openai` (and every server that speaks like it) or `anthropic`.
    id: &'static str,
    /// Whether there is a key or an address for it.
    configured: bool,
    /// Whether it was there when last heard of; null while nobody asked.
    reachable: Option<bool>,
    /// The model that is asked where no other is configured for a purpose.
    model: Option<String>,
    last_error: Option<ModelFailure>,
    /// What it counted since the server started.
    usage: Usage,
    /// Whether it is asked, or left alone because it failed repeatedly.
    breaker: BreakerState,
}

/// Why a model did not answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelFailure {
    /// One word for it.
    kind: &'static str,
    message: String,
}

impl From<&ModelError> for ModelFailure {
    fn from(error: &ModelError) -> ModelFailure {
        ModelFailure { kind: error.kind(), message: error.to_string() }
    }
}

/// Who is asked for one thing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RouteView {
    purpose: Purpose,
    /// In the order in which they are asked.
    models: Vec<ModelName>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProvidersAnswer {
    providers: Vec<ProviderView>,
    routes: Vec<RouteView>,
    /// What to know about them.
    note: &'static str,
}

impl ProvidersAnswer {
    pub fn of(models: &Models) -> ProvidersAnswer {
        let known = models.providers();
        let view = |vendor: Vendor| {
            let found = known.iter().find(|(it, ..)| *it == vendor);
            let state = found.map(|(_, _, state)| state);
            ProviderView {
                id: vendor.id(),
                configured: found.is_some(),
                reachable: state.and_then(|state| state.reachable),
                model: found.map(|(_, name, _)| name.model.clone()),
                last_error: state.and_then(|state| state.last_error.as_ref()).map(ModelFailure::from),
                usage: state.map_or_else(Usage::default, |state| state.usage),
                breaker: state.map_or(BreakerState::Closed, |state| state.breaker),
            }
        };
        ProvidersAnswer {
            providers: Vendor::ALL.map(view).to_vec(),
            routes: Purpose::ALL.map(|purpose| RouteView { purpose, models: models.names(purpose) }).to_vec(),
            note: if models.is_empty() { NO_MODELS } else { WITH_MODELS },
        }
    }
}

/// How one provider answered a test.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestView {
    /// The provider.
    id: String,
    model: String,
    /// Whether it answered.
    ok: bool,
    /// From asking to the last word.
    latency_ms: u64,
    error: Option<ModelFailure>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestAnswer {
    /// Each configured provider.
    results: Vec<TestView>,
}

impl From<Vec<Tested>> for TestAnswer {
    fn from(tested: Vec<Tested>) -> TestAnswer {
        let view = |tested: Tested| TestView {
            id: tested.model.provider,
            model: tested.model.model,
            ok: tested.outcome.is_ok(),
            latency_ms: u64::try_from(tested.latency.as_millis()).unwrap_or(u64::MAX),
            error: tested.outcome.as_ref().err().map(ModelFailure::from),
        };
        TestAnswer { results: tested.into_iter().map(view).collect() }
    }
}
