//! The models of a server: who is asked for what, and what happens when one fails.
//!
//! A request goes to the first model of its purpose's route. What passes is tried again after a pause, as long as nothing
//! has come yet and the total allows; then the next model of the route is asked. When none answers the caller goes on
//! without.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use super::adapters::{self, ClientError, Limits};
use super::data::test_question;
use super::models::{ChatMessage, ChatRequest, Collected, Delta, Finish, ModelName, Purpose, Usage};
use super::ports::{Answer, ChatModel, ModelError, Phase};
use super::provider::{Call, Provider};
use super::settings::{ModelSettings, Vendor};

pub use super::breaker::BreakerState;
pub use super::provider::ProviderState;

/// The longest wait for a connection, and for a place among the requests of a provider.
const LONGEST_CONNECT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes as they travel: each token comes in an event of a few hundred.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;
const EVENT_BYTES: usize = 256 * 1024;
/// Of one model for one request, after the first.
const MOST_RETRIES: usize = 2;
/// Before the first retry; doubled for the next, and up to as much again by chance.
const PAUSE: Duration = Duration::from_millis(200);
/// How often it is seen whether a provider is there.
const PROBE_EVERY: Duration = Duration::from_secs(30);
/// What a test may say.
const TEST_TOKENS: u32 = 64;
/// How long it may take: somebody waits for the page.
const TEST_LIMIT: Duration = Duration::from_secs(20);

/// The models of a server; none by default. Cheap to clone.
#[derive(Clone, Default)]
pub struct Models(Arc<Parts>);

#[derive(Default)]
struct Parts {
    providers: Vec<Arc<Provider>>,
    routes: BTreeMap<Purpose, Vec<Line>>,
    /// From asking to the last word.
    total: Duration,
    /// The longest pause that is waited for.
    longest_pause: Duration,
    /// How long to wait for a place.
    patience: Duration,
}

/// A model on a route.
#[derive(Clone)]
struct Line {
    model: Arc<dyn ChatModel>,
    provider: Arc<Provider>,
}

/// What a test of one provider found.
#[derive(Clone, Debug)]
pub struct Tested {
    pub model: ModelName,
    pub latency: Duration,
    pub outcome: Result<(), ModelError>,
}

impl Models {
    /// Nothing is sent yet. The process must have chosen its cryptography.
    ///
    /// # Errors
    /// For addresses and headers that are none, which a checked configuration does not have.
    pub fn open(settings: &ModelSettings) -> Result<Models, ClientError> {
        let total = settings.total;
        let limits = Limits {
            connect: LONGEST_CONNECT.min(total / 6),
            first_byte: total / 2,
            idle: total / 4,
            answer_bytes: ANSWER_BYTES,
            event_bytes: EVENT_BYTES,
        };
        let (mut providers, mut open) = (Vec::new(), BTreeMap::new());
        for provider in &settings.providers {
            let adapter = adapters::Provider::open(provider, limits)?;
            let usual = adapter.model(&provider.model);
            let guarded = Arc::new(Provider::new(provider.vendor, usual, settings.concurrency));
            providers.push(guarded.clone());
            open.insert(provider.vendor.id(), (adapter, guarded));
        }
        // What a model's server refuses is learnt once, whatever the model is asked for.
        let mut lines: BTreeMap<ModelName, Line> = BTreeMap::new();
        let mut line = |name: ModelName| -> Option<Line> {
            let (adapter, provider) = open.get(name.provider.as_str())?;
            let is_usual = *provider.usual.name() == name;
            let model = || if is_usual { provider.usual.clone() } else { adapter.model(&name.model) };
            let line = || Line { model: model(), provider: provider.clone() };
            Some(lines.entry(name.clone()).or_insert_with(line).clone())
        };
        let routes = Purpose::ALL.map(|it| (it, settings.route(it).into_iter().filter_map(&mut line).collect()));
        Ok(Models(Arc::new(Parts {
            providers,
            routes: routes.into(),
            total,
            longest_pause: total / 4,
            patience: limits.connect,
        })))
    }

    /// Whether there is no model at all.
    pub fn is_empty(&self) -> bool {
        self.0.providers.is_empty()
    }

    /// The model that is asked first for this.
    pub fn route(&self, purpose: Purpose) -> Option<&ModelName> {
        self.line(purpose).first().map(|line| line.model.name())
    }

    /// The models that are asked for this, in order.
    pub fn names(&self, purpose: Purpose) -> Vec<ModelName> {
        self.line(purpose).iter().map(|line| line.model.name().clone()).collect()
    }

    fn line(&self, purpose: Purpose) -> &[Line] {
        self.0.routes.get(&purpose).map_or(&[], Vec::as_slice)
    }

    /// The longest that a model is waited for, with its retries and those asked in its place; nothing where there is none.
    pub fn total(&self) -> Duration {
        if self.is_empty() { Duration::ZERO } else { self.0.total }
    }

    /// Asks, and answers once the first piece is there. The answer ends within the total; dropping it hangs up.
    ///
    /// # Errors
    /// What the last model failed with before it said anything. A failure after that is the answer's.
    pub async fn ask(&self, purpose: Purpose, request: &ChatRequest) -> Result<(ModelName, Answer), ModelError> {
        self.first_that(purpose, request, begun).await
    }

    /// Asks and waits for the whole answer. One that breaks off is asked for again like one that did not begin.
    ///
    /// # Errors
    /// What the last model failed with.
    pub async fn collect(&self, purpose: Purpose, request: &ChatRequest) -> Result<Collected, ModelError> {
        self.first_that(purpose, request, whole).await
    }

    /// The first success of a route.
    async fn first_that<T, F: Future<Output = Result<T, ModelError>> + Send>(
        &self,
        purpose: Purpose,
        request: &ChatRequest,
        take: fn(Call, Answer, Instant) -> F,
    ) -> Result<T, ModelError> {
        let until = Instant::now() + self.0.total;
        let mut last = ModelError::NotConfigured;
        for line in self.line(purpose) {
            let span = tracing::info_span!("model", model = %line.model.name(), purpose = purpose.id());
            match self.retried(line, purpose, request, until, take).instrument(span).await {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    // That it is left alone was told when that began.
                    if error != ModelError::Resting {
                        let model = line.model.name();
                        tracing::warn!(%model, purpose = purpose.id(), kind = error.kind(), "a model did not answer");
                    }
                    last = error;
                }
            }
            if Instant::now() >= until {
                break;
            }
        }
        Err(last)
    }

    async fn retried<T, F: Future<Output = Result<T, ModelError>> + Send>(
        &self,
        line: &Line,
        purpose: Purpose,
        request: &ChatRequest,
        until: Instant,
        take: fn(Call, Answer, Instant) -> F,
    ) -> Result<T, ModelError> {
        let mut pauses =
            ExponentialBuilder::default().with_jitter().with_min_delay(PAUSE).with_max_times(MOST_RETRIES).build();
        loop {
            let mut call = line.provider.begin(line.model.name(), purpose, self.0.patience).await?;
            let asked = timeout_at(until, line.model.ask(request)).await;
            let error = match asked.unwrap_or(Err(ModelError::TimedOut(Phase::Total))) {
                Ok(answer) => match take(call, answer, until).await {
                    Ok(taken) => return Ok(taken),
                    Err(error) => error,
                },
                Err(error) => {
                    // A provider that asks for more than is waited for is left alone that long.
                    call.failed(&error, error.retry_after().filter(|rest| *rest > self.0.longest_pause));
                    error
                }
            };
            let Some(pause) = pauses.next().filter(|_| error.is_passing()) else { return Err(error) };
            let pause = error.retry_after().map_or(pause, |rest| rest.max(pause));
            if pause > self.0.longest_pause || Instant::now() + pause >= until {
                return Err(error);
            }
            sleep(pause).await;
        }
    }

    /// How each configured provider is, and its usual model. Whether they are there is looked up in the background, now
    /// and then.
    pub fn providers(&self) -> Vec<(Vendor, ModelName, ProviderState)> {
        for provider in &self.0.providers {
            if provider.is_probe_due(PROBE_EVERY) {
                let provider = provider.clone();
                tokio::spawn(async move { provider.probed(provider.usual.reach().await) });
            }
        }
        self.0.providers.iter().map(|it| (it.vendor, it.usual.name().clone(), it.state())).collect()
    }

    /// Asks each provider's usual model something small, also one that is left alone.
    pub async fn test(&self) -> Vec<Tested> {
        let request = ChatRequest {
            messages: vec![ChatMessage::User(test_question().to_owned())],
            max_output_tokens: TEST_TOKENS,
            ..ChatRequest::default()
        };
        join_all(self.0.providers.iter().map(|provider| self.test_one(provider, &request))).await
    }

    async fn test_one(&self, provider: &Arc<Provider>, request: &ChatRequest) -> Tested {
        let (began, name) = (Instant::now(), provider.usual.name().clone());
        let until = began + self.0.total.min(TEST_LIMIT);
        let mut call = provider.begin_anyway(&name, Purpose::Preview);
        let asked = timeout_at(until, provider.usual.ask(request)).await;
        let outcome = match asked.unwrap_or(Err(ModelError::TimedOut(Phase::Total))) {
            Ok(answer) => whole(call, answer, until).await.map(drop),
            Err(error) => {
                call.failed(&error, None);
                Err(error)
            }
        };
        Tested { model: name, latency: began.elapsed(), outcome }
    }
}

/// An answer of which the first piece is there.
async fn begun(call: Call, answer: Answer, until: Instant) -> Result<(ModelName, Answer), ModelError> {
    let name = call.model().clone();
    let mut answer = watched(call, answer, until);
    let mut first = Vec::new();
    // What was counted is no answer yet.
    while first.iter().all(|piece| matches!(piece, Delta::Usage(_))) {
        first.push(answer.next().await.unwrap_or(Err(ModelError::CutOff))?);
    }
    Ok((name, stream::iter(first).map(Ok).chain(answer).boxed()))
}

async fn whole(call: Call, answer: Answer, until: Instant) -> Result<Collected, ModelError> {
    let model = call.model().clone();
    collected(model, watched(call, answer, until)).await
}

/// An answer that ends in time and tells what became of it.
fn watched(call: Call, answer: Answer, until: Instant) -> Answer {
    let state = Some((call, answer, false));
    stream::unfold(state, move |state| async move {
        let (mut call, mut answer, has_begun) = state?;
        let next = timeout_at(until, answer.next()).await;
        let piece = match next {
            Ok(Some(piece)) => piece,
            Ok(None) => Err(ModelError::CutOff),
            Err(_) => Err(ModelError::TimedOut(Phase::Total)),
        };
        if !has_begun && piece.is_ok() {
            call.first_piece();
        }
        match &piece {
            Ok(Delta::Usage(usage)) => call.used(*usage),
            Ok(Delta::End(finish)) => call.succeeded(*finish),
            Err(error) => call.failed(error, None),
            Ok(Delta::Text(_) | Delta::ToolCall(_)) => {}
        }
        let is_last = matches!(piece, Err(_) | Ok(Delta::End(_)));
        Some((piece, (!is_last).then_some((call, answer, true))))
    })
    .boxed()
}

async fn collected(model: ModelName, mut answer: Answer) -> Result<Collected, ModelError> {
    let (text, tool_calls, usage) = (String::new(), Vec::new(), Usage::default());
    let mut all = Collected { model, text, tool_calls, usage, finish: Finish::Done };
    while let Some(piece) = answer.next().await {
        match piece? {
            Delta::Text(text) => all.text.push_str(&text),
            Delta::ToolCall(call) => all.tool_calls.push(call),
            Delta::Usage(usage) => all.usage += usage,
            Delta::End(finish) => return Ok(Collected { finish, ..all }),
        }
    }
    Err(ModelError::CutOff)
}
