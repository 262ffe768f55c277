//! What the server tells about itself: a log, one line per event on standard error (readable on a terminal, JSON
//! elsewhere); metrics for Prometheus; traces by OTLP where an endpoint is configured.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::sync::OnceLock;

use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::api_error::ApiError;
use super::ownership::{is_admin_key, is_local, shown_key};
use super::state::AppState;

/// Bounds of the histograms, in seconds: turns take milliseconds without a model, seconds with one.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Spans under way to the collector; [`Telemetry::end`] sends the last of them.
#[must_use]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    pub fn end(self) {
        if let Some(Err(error)) = self.0.map(|provider| provider.shutdown()) {
            eprintln!("the last traces were not sent: {error}");
        }
    }
}

/// Starts log and traces. `filter` is in the syntax of `RUST_LOG`. A second start in one process changes nothing.
pub fn start(filter: &str, traces: Option<&str>) -> Telemetry {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let log = match std::io::stderr().is_terminal() {
        true => log.boxed(),
        false => log.json().flatten_event(true).with_span_list(false).boxed(),
    };
    let (provider, failure) = match traces.map(exporter) {
        Some(Ok(provider)) => (Some(provider), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let spans =
        provider.as_ref().map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("agentwright")));
    let _ = tracing_subscriber::registry().with(filter).with(spans).with(log).try_init();
    if let Some(error) = failure {
        tracing::error!(%error, "no traces are sent");
    }
    Telemetry(provider)
}

fn exporter(endpoint: &str) -> Result<SdkTracerProvider, ExporterBuildError> {
    let endpoint = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    // The exporter has threads of its own, and its client must not be made where requests are served.
    let building = std::thread::spawn(|| SpanExporter::builder().with_http().with_endpoint(endpoint).build());
    let exporter = building.join().map_err(|_| ExporterBuildError::InternalFailure("it panicked".to_owned()))??;
    let service = Resource::builder().with_service_name("agentwright").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(service).build())
}

/// Starts counting; a second call changes nothing.
pub fn start_metrics() -> Result<(), BuildError> {
    if METRICS.get().is_some() {
        return Ok(());
    }
    let suffix = Matcher::Suffix("_seconds".to_owned());
    let recorder = PrometheusBuilder::new().set_buckets_for_metric(suffix, &SECONDS)?.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        let _ = METRICS.set(handle);
        describe();
    }
    Ok(())
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_histogram!("agentwright_request_seconds", "Time to the head of an answer, by route");
    describe_counter!("agentwright_requests_total", "Answers, by route and status");
    describe_counter!("agentwright_turns_total", "Turns that were kept");
    describe_histogram!("agentwright_turn_seconds", "Time of a turn, by phase");
    describe_counter!("agentwright_turn_conflicts_total", "Turns tried again because another came first");
    describe_counter!("agentwright_cache_reads_total", "Reads of the cache, by result");
    describe_gauge!("agentwright_cache_breaker_open", "1 while Redis is not used because it failed");
    describe_counter!("agentwright_cache_breaker_trips_total", "How often Redis failed");
    describe_gauge!("agentwright_store_queue", "Writes that wait for the database");
    describe_counter!("agentwright_connections_refused_total", "Connections over the limit");
    describe_counter!("agentwright_rate_limited_total", "Requests of callers that asked for too much");
    describe_counter!("agentwright_overload_refused_total", "Requests refused because too many were under way");
    describe_counter!("agentwright_model_calls_total", "Requests to language models, by outcome");
    describe_histogram!("agentwright_model_seconds", "Time of a request to a language model, to its last word");
    describe_histogram!("agentwright_model_first_piece_seconds", "Time to the first word of a language model");
    describe_counter!("agentwright_model_tokens_total", "Tokens of language models, as their providers count them");
    describe_counter!("agentwright_model_errors_total", "Requests to language models that failed, by kind");
    describe_gauge!("agentwright_model_breaker_open", "1 while a provider of models is left alone because it failed");
    metrics::gauge!("agentwright_store_queue").set(0.0);
}

/// Lets old samples go; to be called now and then.
pub fn tidy() {
    if let Some(metrics) = METRICS.get() {
        metrics.run_upkeep();
    }
}

/// The metrics in Prometheus' text format: for this machine, and for who shows the admin key.
pub async fn show_metrics(
    State(state): State<AppState>,
    peer: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let has_key = || shown_key(&headers).is_some_and(|shown| is_admin_key(&state, shown));
    match METRICS.get() {
        Some(metrics) if is_local(peer.ip(), &headers) || has_key() => {
            Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()))
        }
        _ => Err(ApiError::no_such_path()),
    }
}
