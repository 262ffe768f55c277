//! A real server on a free port with a folder of its own.

use std::path::PathBuf;
use std::time::Duration;

use agentwright::server::config::{Config, DatabaseUrl};
use agentwright::server::serve_until;
use agentwright::server::tls::choose_crypto;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Where a server keeps its data; outlives the server, so that another one can start on it.
pub struct Place {
    folder: tempfile::TempDir,
    expiry: Duration,
}

impl Place {
    pub fn new() -> Place {
        Place::with_expiry(Duration::from_secs(3600))
    }

    /// Where sessions are abandoned after this time.
    pub fn with_expiry(expiry: Duration) -> Place {
        Place { folder: tempfile::tempdir().unwrap(), expiry }
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data/agentwright.db")
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub async fn start(&self) -> Server {
        self.start_with(Config::default()).await
    }

    /// With settings of one's own; where data and page are is this place's.
    pub async fn start_with(&self, config: Config) -> Server {
        let config = Config {
            database_url: DatabaseUrl(format!("sqlite://{}", self.database().display())),
            session_expiry: self.expiry,
            site_root: self.site(),
            hash_files: true,
            ..config
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            serve_until(listener, config, stop).await.unwrap();
        });
        Server { base, stop, running, client: visitor() }
    }
}

/// A client of its own, with or without cookies as they come.
pub fn visitor() -> Client {
    choose_crypto();
    Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub struct Server {
    pub base: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
    /// Never visits a page, so it has no cookie.
    client: Client,
}

impl Server {
    /// Stops in order and waits until the data is safe.
    pub async fn stop(self) {
        drop(self.client);
        let _ = self.stop.send(());
        self.running.await.unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.request(Method::POST, path).json(&body).send().await.unwrap()
    }

    pub async fn get_json(&self, path: &str) -> Value {
        ok(self.get(path).await).await
    }

    pub async fn post_json(&self, path: &str, body: Value) -> Value {
        ok(self.post(path, body).await).await
    }

    /// A new session without an owner.
    pub async fn create(&self) -> String {
        id_of(&self.post_json("/api/v1/sessions/create", json!({})).await)
    }

    pub async fn say(&self, id: &str, text: &str) -> Value {
        self.post_json(&format!("/api/v1/sessions/{id}/message"), json!({"message": text})).await
    }

    /// All messages of a session.
    pub async fn transcript(&self, id: &str) -> Vec<Value> {
        let answer = self.get_json(&format!("/api/v1/sessions/{id}/messages")).await;
        answer["messages"].as_array().unwrap().clone()
    }

    /// How often the user said this.
    pub async fn times_said(&self, id: &str, text: &str) -> usize {
        let said = |message: &&Value| message["role"] == "user" && message["content"] == text;
        self.transcript(id).await.iter().filter(said).count()
    }
}

/// The body of an answer that must be a success.
pub async fn ok(response: Response) -> Value {
    let (status, url) = (response.status(), response.url().clone());
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{url}: {status} {text}");
    serde_json::from_str(&text).unwrap()
}

/// The problem of an answer that must be one with this status and code.
pub async fn problem(response: Response, status: StatusCode, code: &str) -> Value {
    let url = response.url().clone();
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (kind, id, found) = (header("content-type"), header("x-request-id"), response.status());
    let text = response.text().await.unwrap();
    assert_eq!(found, status, "{url}: {text}");
    assert_eq!(kind.as_deref(), Some("application/problem+json"), "{url}: {text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["code"], code, "{text}");
    assert_eq!(body["status"], status.as_u16(), "{text}");
    assert_eq!(body["instance"], url.path(), "{text}");
    assert_eq!(body["request_id"].as_str(), id.as_deref(), "{text}");
    for name in ["type", "title", "detail"] {
        assert!(body[name].as_str().is_some_and(|text| !text.is_empty()), "{name} in {text}");
    }
    body
}

pub fn id_of(answer: &Value) -> String {
    answer["session_id"].as_str().unwrap().to_owned()
}
