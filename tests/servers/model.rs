//! A server of models for tests, in both dialects, that does as it is told: it answers well, slowly, wrongly or never.
//!
//! ```ignore
//! let models = ModelServer::start(|request| match request.wants_json() {
//!     true => Script::json(json!({"fields": []})),
//!     false => Script::text("What should it do?").in_chunks(3).paced(Duration::from_millis(20)),
//! })
//! .await;
//! let config = Config { models: models.settings(), ..Config::default() };
//! ```

#![allow(dead_code, reason = "each test program uses its part")]

mod model_events;
mod model_script;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use agentwright::llm::settings::{ModelSettings, ProviderSettings, Vendor};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use model_events::{spoken, well_formed};
pub use model_script::Script;
use model_script::What;

/// The key in [`ModelServer::settings`], to look for where it must not be.
pub const KEY: &str = "sk-the-key-of-the-tests";

/// What a server is asked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    OpenAi,
    Anthropic,
}

impl Dialect {
    pub const BOTH: [Dialect; 2] = [Dialect::OpenAi, Dialect::Anthropic];

    pub fn vendor(self) -> Vendor {
        match self {
            Dialect::OpenAi => Vendor::OpenAi,
            Dialect::Anthropic => Vendor::Anthropic,
        }
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub dialect: Dialect,
    /// The other end of the connection it came by.
    pub peer: SocketAddr,
    /// Path and query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// All that stands in the system text.
    pub fn system(&self) -> String {
        match self.dialect {
            Dialect::Anthropic => text_of(&self.body["system"]),
            Dialect::OpenAi => self.texts_of("system").join("\n"),
        }
    }

    /// The last thing the user said.
    pub fn last_user(&self) -> String {
        self.texts_of("user").pop().unwrap_or_default()
    }

    fn texts_of(&self, role: &str) -> Vec<String> {
        let messages = self.body["messages"].as_array().into_iter().flatten();
        messages.filter(|message| message["role"] == role).map(|message| text_of(&message["content"])).collect()
    }

    /// The schema that the server is told to keep to, however it is told.
    pub fn schema(&self) -> Option<Value> {
        let format = &self.body["response_format"];
        let forced = self.body["tool_choice"]["name"].as_str().and_then(|name| {
            let tools = self.body["tools"].as_array().into_iter().flatten();
            tools.into_iter().find(|tool| tool["name"] == name).map(|tool| &tool["input_schema"])
        });
        let places =
            [&format["json_schema"]["schema"], &format["schema"], &self.body["output_config"]["format"]["schema"]];
        places.into_iter().chain(forced).find(|schema| schema.is_object()).cloned()
    }

    /// Whether a JSON document is asked for, by schema or in words.
    pub fn wants_json(&self) -> bool {
        self.schema().is_some() || self.body["response_format"].is_object() || self.system().contains("JSON Schema")
    }
}

fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => blocks.iter().filter_map(|block| block["text"].as_str()).collect(),
        _ => String::new(),
    }
}

type Director = dyn Fn(&Request) -> Script + Send + Sync;

struct Stage {
    director: Box<Director>,
    requests: Mutex<Vec<Request>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    hang_ups: AtomicUsize,
}

/// See the module. Ends with its value.
pub struct ModelServer {
    /// `http://127.0.0.1:port`
    pub base: String,
    stage: Arc<Stage>,
    running: JoinHandle<()>,
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl ModelServer {
    /// Does with each request what `director` says.
    pub async fn start(director: impl Fn(&Request) -> Script + Send + Sync + 'static) -> ModelServer {
        let stage = Arc::new(Stage {
            director: Box::new(director),
            requests: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
            hang_ups: AtomicUsize::new(0),
        });
        let router = Router::new()
            .route("/v1/chat/completions", post(openai))
            .route("/v1/messages", post(anthropic))
            .route("/v1/models", get(async || axum::Json(json!({"object": "list", "data": []}))))
            .with_state(stage.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        // As real servers do: the second of two small pieces does not wait until the first is acknowledged.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        let running = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        ModelServer { base, stage, running }
    }

    /// One script after another; the last for all that follow.
    pub async fn queue(scripts: impl IntoIterator<Item = Script>) -> ModelServer {
        let scripts: Mutex<VecDeque<Script>> = Mutex::new(scripts.into_iter().collect());
        ModelServer::start(move |_| {
            let mut scripts = scripts.lock().unwrap();
            let next = if scripts.len() > 1 { scripts.pop_front() } else { scripts.front().cloned() };
            next.expect("a queue has at least one script")
        })
        .await
    }

    pub async fn always(script: Script) -> ModelServer {
        ModelServer::queue([script]).await
    }

    /// The address that a dialect's clients are given.
    pub fn base_url(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::OpenAi => format!("{}/v1", self.base),
            Dialect::Anthropic => self.base.clone(),
        }
    }

    /// This server as a provider, with [`KEY`].
    pub fn provider(&self, dialect: Dialect) -> ProviderSettings {
        let key = Some(secrecy::SecretString::from(KEY));
        ProviderSettings { base_url: self.base_url(dialect), ..ProviderSettings::usual(dialect.vendor(), key) }
    }

    /// This server as the only provider of OpenAI's dialect.
    pub fn settings(&self) -> ModelSettings {
        self.settings_of(Dialect::OpenAi)
    }

    pub fn settings_of(&self, dialect: Dialect) -> ModelSettings {
        ModelSettings { providers: vec![self.provider(dialect)], ..ModelSettings::default() }
    }

    /// What came so far, without looks at `/v1/models`.
    pub fn requests(&self) -> Vec<Request> {
        self.stage.requests.lock().unwrap().clone()
    }

    /// Answers that nobody wanted to the end.
    pub fn hang_ups(&self) -> usize {
        self.stage.hang_ups.load(Ordering::SeqCst)
    }

    pub fn under_way(&self) -> usize {
        self.stage.under_way.load(Ordering::SeqCst)
    }

    /// The most requests that were under way at a time.
    pub fn most_under_way(&self) -> usize {
        self.stage.most_under_way.load(Ordering::SeqCst)
    }
}

/// Where a request came in, and from where.
type Came = (State<Arc<Stage>>, ConnectInfo<SocketAddr>, Uri, HeaderMap);

async fn openai(came: Came, body: Bytes) -> Response {
    perform(Dialect::OpenAi, came, body).await
}

async fn anthropic(came: Came, body: Bytes) -> Response {
    perform(Dialect::Anthropic, came, body).await
}

/// A request under way; counts as a hang-up when it goes before its end.
struct UnderWay {
    stage: Arc<Stage>,
    is_over: bool,
}

impl UnderWay {
    fn begin(stage: &Arc<Stage>) -> UnderWay {
        let now = stage.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        stage.most_under_way.fetch_max(now, Ordering::SeqCst);
        UnderWay { stage: stage.clone(), is_over: false }
    }

    fn end(&mut self) {
        self.is_over = true;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.stage.under_way.fetch_sub(1, Ordering::SeqCst);
        if !self.is_over {
            self.stage.hang_ups.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn perform(dialect: Dialect, came: Came, body: Bytes) -> Response {
    let (State(stage), ConnectInfo(peer), uri, headers) = came;
    let path = uri.path_and_query().map_or_else(String::new, |path| path.to_string());
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let request = Request { dialect, peer, path, headers, body };
    stage.requests.lock().unwrap().push(request.clone());
    let mut under_way = UnderWay::begin(&stage);
    let mut script = (stage.director)(&request);
    while let What::Refuse { field, otherwise } = script.what {
        script = match request.body.get(field) {
            Some(_) => Script::complaint(&format!("{field}: this server does not take it")),
            None => *otherwise,
        };
    }
    tokio::time::sleep(script.delay).await;
    let bytes = match &script.what {
        What::Status { status, retry_after, message } => {
            under_way.end();
            return failure(*status, retry_after.as_deref(), message);
        }
        What::Never => std::future::pending().await,
        What::Say { text, calls, finish } => well_formed(&request, &script, text, calls, *finish),
        What::Raw(bytes) => vec![bytes.clone()],
        What::Silence | What::Endless | What::Refuse { .. } => Vec::new(),
    };
    let pieces = torn(bytes, &script);
    ([("content-type", "text/event-stream")], flow(under_way, dialect, script, pieces)).into_response()
}

/// The same error in a body that both dialects' clients understand.
fn failure(status: u16, retry_after: Option<&str>, message: &str) -> Response {
    let body = json!({"type": "error", "error": {"type": "error", "message": message, "code": null, "param": null}});
    let mut response = (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response();
    if let Some(after) = retry_after {
        response.headers_mut().insert("retry-after", after.parse().unwrap());
    }
    response
}

/// What travels together, up to where the connection breaks.
fn torn(events: Vec<Vec<u8>>, script: &Script) -> VecDeque<Vec<u8>> {
    let mut left = script.cut_after.unwrap_or(usize::MAX);
    let mut pieces: Vec<Vec<u8>> = match script.bytes {
        0 => events,
        bytes => events.concat().chunks(bytes).map(<[u8]>::to_vec).collect(),
    };
    for piece in &mut pieces {
        piece.truncate(left);
        left -= piece.len();
    }
    pieces.into_iter().filter(|piece| !piece.is_empty()).collect()
}

fn flow(under_way: UnderWay, dialect: Dialect, script: Script, pieces: VecDeque<Vec<u8>>) -> Body {
    let state = (Some(under_way), script, pieces, 0_usize);
    Body::from_stream(stream::unfold(state, move |(mut under_way, script, mut pieces, sent)| async move {
        if sent > 0 {
            tokio::time::sleep(script.pace).await;
        }
        if let Some(piece) = pieces.pop_front() {
            let goes_on = matches!(script.what, What::Silence | What::Endless);
            if pieces.is_empty() && !goes_on {
                // Whoever has the last piece may come again before this stream has ended.
                under_way = over(under_way);
            }
            return Some((Ok::<_, std::io::Error>(piece), (under_way, script, pieces, sent + 1)));
        }
        match script.what {
            What::Silence => std::future::pending().await,
            What::Endless if sent < 25_000 => {
                let words = spoken(dialect, &"over and over ".repeat(280));
                Some((Ok(words), (under_way, script, pieces, sent + 1)))
            }
            _ if script.cut_after.is_some() => {
                let error = std::io::Error::other("cut");
                Some((Err(error), (over(under_way), Script::empty(), pieces, sent)))
            }
            _ => {
                over(under_way);
                None
            }
        }
    }))
}

fn over(under_way: Option<UnderWay>) -> Option<UnderWay> {
    if let Some(mut under_way) = under_way {
        under_way.end();
    }
    None
}
