//! What all dialects share: an HTTP client with limits of its own, errors by status, and answers as server-sent events.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use futures_util::{StreamExt, stream};
use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, LinesCodec, LinesCodecError};

use crate::llm::models::{Delta, Finish};
use crate::llm::ports::{Answer, ModelError, Phase};
use crate::llm::settings::ProviderSettings;

use super::Limits;

/// The most that is read of a complaint, in bytes.
const MAX_COMPLAINT: usize = 16 * 1024;
/// How long the end of an answer is waited for after its last piece.
const GOODBYE: Duration = Duration::from_millis(20);

/// Why a provider cannot be asked at all: an address or a header that is none, or no cryptography.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("the address of the models is none")]
    Address,
    #[error("a header for the models is none")]
    Header,
    #[error("no client can be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// A server of models and how it is talked to. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    http: Client,
    base: Arc<Url>,
    limits: Limits,
}

/// What a server makes of a request.
pub enum Reply {
    /// It answers.
    Begun(Begun),
    /// It does not take the request as it is. Its words decide what is tried next, and go nowhere else; where they say
    /// nothing that helps, the request failed with `error`.
    Refused { error: ModelError, words: String },
}

/// An answer of which the head is there.
pub struct Begun {
    response: Response,
    limits: Limits,
    first_by: Instant,
}

/// Turns a server's events into pieces of an answer.
pub trait Reading: Send + 'static {
    /// Takes the data of one event.
    fn take(&mut self, data: &str, pieces: &mut VecDeque<Delta>) -> Result<(), ModelError>;

    /// Says all there is to say once nothing more comes: nothing unless the answer is whole.
    fn finish(&mut self, pieces: &mut VecDeque<Delta>);
}

impl Server {
    /// `headers` go with every request.
    pub fn new(settings: &ProviderSettings, headers: HeaderMap, limits: Limits) -> Result<Server, ClientError> {
        let base = Url::parse(&settings.base_url).map_err(|_| ClientError::Address)?;
        let mut all = headers;
        for (name, value) in &settings.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| ClientError::Header)?;
            all.insert(name, secret_header(value)?);
        }
        // A key does not follow where it is sent on.
        let http = Client::builder()
            .connect_timeout(limits.connect)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("agentwright/", env!("CARGO_PKG_VERSION")))
            .default_headers(all)
            .build()?;
        Ok(Server { http, base: Arc::new(base), limits })
    }

    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// Whether the base names a version of the API.
    pub fn has_version(&self) -> bool {
        self.base.path().trim_end_matches('/').ends_with("/v1")
    }

    /// The address of a call below the base, with the base's query.
    fn url(&self, path: &str) -> Url {
        let mut url = (*self.base).clone();
        let path = format!("{}/{path}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }

    /// Sends a request and waits for the head of its answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply, ModelError> {
        let first_by = Instant::now() + self.limits.first_byte;
        let sent = self.http.post(self.url(path)).json(body).send();
        let response = within(first_by, Phase::FirstByte, sent).await?.map_err(|error| failed_to_send(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(Reply::Begun(Begun { response, limits: self.limits, first_by }));
        }
        match by_status(status, response.headers()) {
            // Some servers break over what they do not know, and say so.
            Some(error) if status != StatusCode::INTERNAL_SERVER_ERROR => Err(error),
            error => {
                let error = error.unwrap_or(ModelError::Rejected { status: status.as_u16() });
                Ok(Reply::Refused { error, words: self.complaint(response).await })
            }
        }
    }

    /// Whether a read of this path is answered by somebody who is well and takes the key.
    pub async fn reach(&self, path: &str) -> Result<(), ModelError> {
        let by = Instant::now() + self.limits.first_byte;
        let sent = self.http.get(self.url(path)).send();
        let response = within(by, Phase::FirstByte, sent).await?.map_err(|error| failed_to_send(&error))?;
        // Not every server has this path, but one that says so is there.
        by_status(response.status(), response.headers()).map_or(Ok(()), Err)
    }

    async fn complaint(&self, mut response: Response) -> String {
        let mut words = Vec::new();
        let by = Instant::now() + self.limits.idle;
        while words.len() < MAX_COMPLAINT {
            match timeout_at(by, response.chunk()).await {
                Ok(Ok(Some(chunk))) => words.extend_from_slice(&chunk),
                _ => break,
            }
        }
        String::from_utf8_lossy(&words).into_owned()
    }
}

/// A header that is never printed.
pub fn secret_header(secret: &SecretString) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(secret.expose_secret()).map_err(|_| ClientError::Header)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn within<T>(by: Instant, phase: Phase, work: impl Future<Output = T>) -> Result<T, ModelError> {
    timeout_at(by, work).await.map_err(|_| ModelError::TimedOut(phase))
}

fn failed_to_send(error: &reqwest::Error) -> ModelError {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => ModelError::TimedOut(Phase::Connect),
        (true, false) => ModelError::Unreachable,
        // The connection was there, and went.
        (false, _) => ModelError::CutOff,
    }
}

/// What a status that is no success says; `None` when the server takes offence at the request itself.
fn by_status(status: StatusCode, headers: &HeaderMap) -> Option<ModelError> {
    let retry_after = retry_after(headers);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some(ModelError::Unauthorized),
        StatusCode::TOO_MANY_REQUESTS => Some(ModelError::RateLimited { retry_after }),
        StatusCode::NOT_IMPLEMENTED => None,
        _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            Some(ModelError::Overloaded { status: status.as_u16(), retry_after })
        }
        _ => None,
    }
}

/// How long the server wants to be left alone. A date counts from the server's own.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let after = text(RETRY_AFTER)?;
    if let Ok(seconds) = after.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let (then, now) = (DateTime::parse_from_rfc2822(after).ok()?, DateTime::parse_from_rfc2822(text(DATE)?).ok()?);
    (then - now).to_std().ok()
}

impl Begun {
    /// The answer, as `reading` understands it. Dropping it closes the connection.
    pub fn read(self, reading: impl Reading) -> Answer {
        let lines = LinesCodec::new_with_max_length(self.limits.event_bytes);
        let limits = self.limits;
        let events = Events {
            response: self.response,
            limits,
            first_by: Some(self.first_by),
            received: 0,
            buffer: BytesMut::new(),
            lines,
            data: String::new(),
        };
        let pull = Pull { events, reading, pieces: VecDeque::new(), has_said: false };
        stream::unfold(Some(pull), |pull| async move {
            let mut pull = pull?;
            match pull.next().await {
                Ok(Delta::End(finish)) => {
                    pull.events.leave().await;
                    Some((Ok(Delta::End(finish)), None))
                }
                Err(error) => Some((Err(error), None)),
                piece => Some((piece, Some(pull))),
            }
        })
        .boxed()
    }
}

/// Pieces of an answer as they are asked for.
struct Pull<R> {
    events: Events,
    reading: R,
    pieces: VecDeque<Delta>,
    /// Whether there was anything but white space.
    has_said: bool,
}

impl<R: Reading> Pull<R> {
    async fn next(&mut self) -> Result<Delta, ModelError> {
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                return self.checked(piece);
            }
            let failure = match self.events.next().await {
                Ok(Some(data)) => {
                    self.reading.take(&data, &mut self.pieces)?;
                    continue;
                }
                Ok(None) => ModelError::CutOff,
                Err(error) => error,
            };
            // An answer that was whole before the connection failed is whole.
            self.reading.finish(&mut self.pieces);
            if self.pieces.is_empty() {
                return Err(failure);
            }
        }
    }

    fn checked(&mut self, piece: Delta) -> Result<Delta, ModelError> {
        match &piece {
            Delta::Text(text) => self.has_said |= !text.trim().is_empty(),
            Delta::ToolCall(_) => self.has_said = true,
            Delta::End(Finish::Done | Finish::ToolCalls | Finish::Length) if !self.has_said => {
                return Err(ModelError::Empty);
            }
            Delta::Usage(_) | Delta::End(_) => {}
        }
        Ok(piece)
    }
}

/// The data of server-sent events, one after another.
struct Events {
    response: Response,
    limits: Limits,
    /// When the first of them is due; `None` once it came.
    first_by: Option<Instant>,
    received: usize,
    buffer: BytesMut,
    lines: LinesCodec,
    /// Of the event under way.
    data: String,
}

impl Events {
    /// The next event's data; `None` once the server closed.
    async fn next(&mut self) -> Result<Option<String>, ModelError> {
        loop {
            // Only whole lines become text, so no character is taken apart.
            while let Some(line) = self.lines.decode(&mut self.buffer).map_err(unreadable)? {
                if let Some(data) = self.line(&line)? {
                    return Ok(Some(data));
                }
            }
            let idle = (Instant::now() + self.limits.idle, Phase::Idle);
            let (by, phase) = self.first_by.map_or(idle, |by| (by, Phase::FirstByte));
            let chunk = within(by, phase, self.response.chunk()).await?.map_err(|_| ModelError::CutOff)?;
            self.first_by = None;
            let Some(chunk) = chunk else { return self.rest() };
            self.received += chunk.len();
            if self.received > self.limits.answer_bytes {
                return Err(ModelError::TooLong);
            }
            self.buffer.extend_from_slice(&chunk);
        }
    }

    /// What was not ended by an empty line.
    fn rest(&mut self) -> Result<Option<String>, ModelError> {
        while let Some(line) = self.lines.decode_eof(&mut self.buffer).map_err(unreadable)? {
            if let Some(data) = self.line(&line)? {
                return Ok(Some(data));
            }
        }
        Ok(self.event())
    }

    fn line(&mut self, line: &str) -> Result<Option<String>, ModelError> {
        if line.is_empty() {
            return Ok(self.event());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        match field {
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value.strip_prefix(' ').unwrap_or(value));
                if self.data.len() > self.limits.event_bytes {
                    return Err(ModelError::TooLong);
                }
                Ok(None)
            }
            // A comment keeps the connection alive; the event's name stands in its data, too.
            "" | "event" | "id" | "retry" => Ok(None),
            _ => Err(ModelError::Garbled),
        }
    }

    /// Reads the little that follows the last piece, so that the connection can be used again.
    async fn leave(mut self) {
        let _ = timeout(GOODBYE, async { while let Ok(Some(_)) = self.response.chunk().await {} }).await;
    }

    fn event(&mut self) -> Option<String> {
        (!self.data.is_empty()).then(|| std::mem::take(&mut self.data))
    }
}

fn unreadable(error: LinesCodecError) -> ModelError {
    match error {
        LinesCodecError::MaxLineLengthExceeded => ModelError::TooLong,
        LinesCodecError::Io(_) => ModelError::Garbled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn the_server_says_when_to_come_back() {
        let seconds = |pairs: &[(&'static str, &'static str)]| retry_after(&headers(pairs)).map(|it| it.as_millis());
        assert_eq!(seconds(&[("retry-after", "2")]), Some(2000));
        assert_eq!(seconds(&[("retry-after", "0.5")]), Some(500));
        let date = [("date", "Sat, 28 Nov 2026 12:00:00 GMT"), ("retry-after", "Sat, 28 Nov 2026 12:00:07 GMT")];
        assert_eq!(seconds(&date), Some(7000));
        for nothing in ["-1", "soon", "1e400", "Sat, 28 Nov 2026 12:00:07 GMT"] {
            assert_eq!(seconds(&[("retry-after", nothing)]), None, "{nothing}");
        }
    }

    #[test]
    fn a_status_says_whose_fault_it_is() {
        let kind =
            |status: u16| by_status(StatusCode::from_u16(status).unwrap(), &HeaderMap::new()).map(|error| error.kind());
        assert_eq!((kind(401), kind(403)), (Some("unauthorized"), Some("unauthorized")));
        assert_eq!((kind(429), kind(500), kind(529)), (Some("rate_limited"), Some("overloaded"), Some("overloaded")));
        assert_eq!((kind(400), kind(404), kind(422), kind(501)), (None, None, None, None));
    }
}
