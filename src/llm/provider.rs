//! One provider of a server: how many requests it has, whether it is left alone, and what it has done so far.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::breaker::{Breaker, BreakerState};
use super::models::{Finish, ModelName, Purpose, Usage};
use super::ports::{ChatModel, ModelError};
use super::settings::Vendor;

/// How a provider is.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderState {
    /// Whether it was there when last heard of; `None` while nobody asked.
    pub reachable: Option<bool>,
    pub last_error: Option<ModelError>,
    pub usage: Usage,
    pub breaker: BreakerState,
}

/// See the module.
pub struct Provider {
    pub vendor: Vendor,
    /// The model to ask where a route names none.
    pub usual: Arc<dyn ChatModel>,
    places: Arc<Semaphore>,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    breaker: Breaker,
    reachable: Option<bool>,
    last_error: Option<ModelError>,
    usage: Usage,
    probed: Option<Instant>,
}

impl Provider {
    /// Of which `concurrency` requests may be under way at a time.
    pub fn new(vendor: Vendor, usual: Arc<dyn ChatModel>, concurrency: usize) -> Provider {
        Provider { vendor, usual, places: Arc::new(Semaphore::new(concurrency)), record: Mutex::default() }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn state(&self) -> ProviderState {
        let record = self.record();
        ProviderState {
            reachable: record.reachable,
            last_error: record.last_error.clone(),
            usage: record.usage,
            breaker: record.breaker.state(Instant::now()),
        }
    }

    /// Whether it is time to see if it is there; the one who is told so does.
    pub fn is_probe_due(&self, every: Duration) -> bool {
        let (mut record, now) = (self.record(), Instant::now());
        let is_due = record.probed.is_none_or(|last| now.duration_since(last) >= every);
        if is_due {
            record.probed = Some(now);
        }
        is_due
    }

    /// What a probe found.
    pub fn probed(&self, outcome: Result<(), ModelError>) {
        let mut record = self.record();
        record.reachable = Some(outcome.is_ok());
        if let Err(error) = outcome {
            record.last_error = Some(error);
        }
    }

    /// Begins a call, unless the provider is left alone, or has all it may have and nothing ends within `patience`.
    pub async fn begin(
        self: &Arc<Self>,
        model: &ModelName,
        purpose: Purpose,
        patience: Duration,
    ) -> Result<Call, ModelError> {
        if !self.record().breaker.admit(Instant::now()) {
            return Err(ModelError::Resting);
        }
        let mut call = self.begin_anyway(model, purpose);
        let place = tokio::time::timeout(patience, self.places.clone().acquire_owned()).await;
        // The semaphore is never closed.
        call.place = place.ok().and_then(Result::ok);
        if call.place.is_none() {
            call.abandoned("busy");
            return Err(ModelError::Busy);
        }
        Ok(call)
    }

    /// Begins a call whatever the provider has to do.
    pub fn begin_anyway(self: &Arc<Self>, model: &ModelName, purpose: Purpose) -> Call {
        Call {
            provider: self.clone(),
            model: model.clone(),
            purpose,
            began: Instant::now(),
            place: None,
            is_over: false,
        }
    }
}

/// A request that is with a provider. Counts what becomes of it; gives its place back when it is dropped.
pub struct Call {
    provider: Arc<Provider>,
    model: ModelName,
    purpose: Purpose,
    began: Instant,
    place: Option<OwnedSemaphorePermit>,
    is_over: bool,
}

impl Call {
    pub fn model(&self) -> &ModelName {
        &self.model
    }

    pub fn used(&self, usage: Usage) {
        self.provider.record().usage += usage;
        for (kind, tokens) in [("input", usage.input_tokens), ("output", usage.output_tokens)] {
            let labels = [("provider", self.provider.vendor.id()), ("purpose", self.purpose.id()), ("kind", kind)];
            metrics::counter!("agentwright_model_tokens_total", &labels).increment(tokens);
        }
    }

    /// The first piece of the answer came.
    pub fn first_piece(&self) {
        let labels = [("provider", self.provider.vendor.id()), ("purpose", self.purpose.id())];
        metrics::histogram!("agentwright_model_first_piece_seconds", &labels)
            .record(self.began.elapsed().as_secs_f64());
    }

    /// The answer came whole.
    pub fn succeeded(&mut self, finish: Finish) {
        {
            let mut record = self.provider.record();
            record.breaker.succeeded();
            record.reachable = Some(true);
        }
        self.over(match finish {
            Finish::Done | Finish::ToolCalls => "done",
            Finish::Length => "length",
            Finish::Refused => "refused",
        });
        self.show_breaker();
    }

    /// It did not. `rest` is how long the provider is to be left alone on its own word.
    pub fn failed(&mut self, error: &ModelError, rest: Option<Duration>) {
        let opens = {
            let mut record = self.provider.record();
            let is_there = !matches!(error, ModelError::Unreachable | ModelError::TimedOut(_));
            record.reachable = Some(is_there);
            record.last_error = Some(error.clone());
            if error.is_servers_fault() {
                record.breaker.failed(Instant::now(), rest)
            } else {
                record.breaker.abandoned();
                false
            }
        };
        if opens {
            tracing::warn!(
                provider = self.provider.vendor.id(),
                kind = error.kind(),
                "a provider of models is left alone"
            );
        }
        let labels = [("provider", self.provider.vendor.id()), ("kind", error.kind())];
        metrics::counter!("agentwright_model_errors_total", &labels).increment(1);
        self.over("failed");
        self.show_breaker();
    }

    /// It ended and tells nothing about the provider.
    fn abandoned(&mut self, outcome: &'static str) {
        self.provider.record().breaker.abandoned();
        self.over(outcome);
    }

    fn over(&mut self, outcome: &'static str) {
        self.is_over = true;
        let seconds = self.began.elapsed().as_secs_f64();
        let (provider, purpose) = (self.provider.vendor.id(), self.purpose.id());
        let labels = [("provider", provider), ("purpose", purpose), ("outcome", outcome)];
        metrics::counter!("agentwright_model_calls_total", &labels).increment(1);
        let labels = [("provider", provider), ("purpose", purpose)];
        metrics::histogram!("agentwright_model_seconds", &labels).record(seconds);
        tracing::debug!(model = %self.model, purpose, outcome, seconds, "a model was asked");
    }

    fn show_breaker(&self) {
        let is_open = self.provider.record().breaker.state(Instant::now()) != BreakerState::Closed;
        let labels = [("provider", self.provider.vendor.id())];
        metrics::gauge!("agentwright_model_breaker_open", &labels).set(f64::from(u8::from(is_open)));
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.is_over {
            self.abandoned("stopped");
        }
    }
}
