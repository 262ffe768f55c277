//! A light HTTP client on one kept connection, and many of them at once.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Error;
use crate::report::percentile;

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
        let body = call.body.as_ref().map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(if call.body.is_some() { Method::POST } else { Method::GET })
            .uri(&call.path)
            .header("host", &self.address)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
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

/// Keeps every client busy for `length`: `next` makes the call of a client's round. Any failure ends the measurement.
pub async fn run(
    address: &str,
    clients: usize,
    length: Duration,
    next: impl Fn(usize, usize) -> Call + Clone + Send + 'static,
) -> Result<Load, Error> {
    let mut connected = Vec::new();
    for _ in 0..clients {
        connected.push(Client::connect(address).await?);
    }
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (number, client) in connected.into_iter().enumerate() {
        tasks.spawn(keep_busy(client, number, began + length, next.clone()));
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    Ok(Load { rate, p99: percentile(&mut times, 99) })
}

async fn keep_busy(
    mut client: Client,
    number: usize,
    end: Instant,
    next: impl Fn(usize, usize) -> Call,
) -> Result<Vec<Duration>, Error> {
    let mut times = Vec::new();
    while Instant::now() < end {
        let call = next(number, times.len());
        let sent = Instant::now();
        let (status, body) = client.call(&call).await?;
        if !status.is_success() {
            return Err(format!("{}: {status} {}", call.path, String::from_utf8_lossy(&body)).into());
        }
        times.push(sent.elapsed());
    }
    Ok(times)
}
