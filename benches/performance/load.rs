//! A light HTTP client on one kept connection; and many clients at once, which are wrk's.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::Error;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    address: String,
}

impl Client {
    pub async fn connect(address: &str) -> Result<Client, Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Client { sender, address: address.to_owned() })
    }

    /// The answer's status and body.
    pub async fn call(&mut self, call: &Call) -> Result<(StatusCode, Bytes), Error> {
        let answer = self.send(call).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }

    /// The body of an answer that has begun, to be read later.
    pub async fn open(&mut self, call: &Call) -> Result<Incoming, Error> {
        let answer = self.send(call).await?;
        if !answer.status().is_success() {
            return Err(format!("{}: {}", call.path, answer.status()).into());
        }
        Ok(answer.into_body())
    }

    async fn send(&mut self, call: &Call) -> Result<Response<Incoming>, Error> {
        let body = call.body.as_ref().map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(if call.body.is_some() { Method::POST } else { Method::GET })
            .uri(&call.path)
            .header("host", &self.address)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        Ok(self.sender.send_request(request).await?)
    }

    /// The JSON answer of a call that has to succeed.
    pub async fn json(&mut self, call: &Call) -> Result<Value, Error> {
        let (status, body) = self.call(call).await?;
        if !status.is_success() {
            return Err(format!("{}: {status} {}", call.path, String::from_utf8_lossy(&body)).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }
}

/// A GET, or with a body a POST.
pub struct Call {
    pub path: String,
    pub body: Option<Value>,
}

impl Call {
    pub fn get(path: impl Into<String>) -> Call {
        Call { path: path.into(), body: None }
    }

    pub fn post(path: impl Into<String>, body: Value) -> Call {
        Call { path: path.into(), body: Some(body) }
    }
}

pub struct Load {
    /// Successful answers a second, all clients together.
    pub rate: f64,
    pub p99: Duration,
}

/// Threads of the load tool: enough to keep the server busy, and the rest of the machine is the server's.
pub const THREADS: usize = 2;

/// Keeps as many clients busy as there are, each with one request at a time: with a path all ask for, or a script that
/// makes the requests. Any answer that is no success ends the measurement.
pub fn wrk(target: &str, clients: usize, length: Duration, script: Option<&Script<'_>>) -> Result<Load, Error> {
    let mut command = Command::new("wrk");
    command.args(["--latency", "--timeout", "20s", "--threads", &THREADS.to_string()]);
    command.args(["--connections", &clients.to_string(), "--duration", &format!("{}s", length.as_secs().max(1))]);
    if let Some(Script { path, sessions, replies }) = script {
        command.arg("--script").arg(path).env("THREADS", THREADS.to_string());
        command.env("SESSIONS", sessions).env("REPLIES", replies);
    }
    let run = command.arg(target).output();
    let run = run.map_err(|error| format!("wrk does not run ({error}): sudo apt-get install wrk"))?;
    let report = String::from_utf8_lossy(&run.stdout);
    if !run.status.success() || report.contains("Non-2xx") || report.contains("Socket errors") {
        return Err(format!("{target}: {report}{}", String::from_utf8_lossy(&run.stderr)).into());
    }
    let field = |name: &str| report.lines().find_map(|line| Some(line.trim().strip_prefix(name)?.trim().to_owned()));
    let rate = field("Requests/sec:").and_then(|text| text.parse().ok());
    let p99 = field("99%").and_then(|text| duration(&text));
    match (rate, p99) {
        (Some(rate), Some(p99)) => Ok(Load { rate, p99 }),
        _ => Err(format!("wrk says nothing that is understood: {report}").into()),
    }
}

/// A script of wrk's with its files.
pub struct Script<'a> {
    pub path: &'a Path,
    pub sessions: &'a Path,
    pub replies: &'a Path,
}

/// "12.34ms", as wrk writes it.
fn duration(text: &str) -> Option<Duration> {
    let at = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let number: f64 = text[..at].parse().ok()?;
    let unit = match &text[at..] {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        _ => return None,
    };
    Some(Duration::from_secs_f64(number * unit))
}
