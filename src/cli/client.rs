//! The API as calls that either give what they promise or say why not.

use std::time::Duration;

use reqwest::header::{CONTENT_DISPOSITION, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::Problem;
use crate::orchestrator::answers::{MessageAnswer, SessionCreated, StepAnswer};
use crate::server::tls::choose_crypto;

use super::{CliError, Format, ServerArgs};

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
const DEADLINE: Duration = Duration::from_secs(60);
/// The longest a busy server is waited for before it is asked once more.
const LONGEST_WAIT: u64 = 5;

/// A server's API, below its base.
pub struct Client {
    http: reqwest::Client,
    pub server: String,
    key: Option<String>,
}

/// A file as the server sends it.
pub struct Download {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Client {
    pub fn new(args: &ServerArgs) -> Result<Client, CliError> {
        let server = args.server.trim_end_matches('/').to_owned();
        if !server.starts_with("http://") && !server.starts_with("https://") {
            return Err(CliError::Usage(format!("`{server}` is no address like http://127.0.0.1:8000")));
        }
        choose_crypto();
        let http = reqwest::Client::builder().connect_timeout(CONNECT_DEADLINE).timeout(DEADLINE).build();
        let http = http.map_err(|error| CliError::Failed(error.to_string()))?;
        Ok(Client { http, server, key: args.key.api_key.clone() })
    }

    pub async fn create(&self, first_message: Option<&str>) -> Result<SessionCreated, CliError> {
        let body = first_message.map_or_else(|| json!({}), |text| json!({"initial_message": text}));
        self.json(Method::POST, "/sessions/create", Some(&body)).await
    }

    /// Sent again under the same id, a message gets the answer it got.
    pub async fn say(&self, session: &str, text: &str, id: &str) -> Result<MessageAnswer, CliError> {
        let body = json!({"message": text, "client_message_id": id});
        self.json(Method::POST, &format!("/sessions/{session}/message"), Some(&body)).await
    }

    /// `undo`, `redo` or `reopen`.
    pub async fn step(&self, session: &str, step: &str) -> Result<StepAnswer, CliError> {
        self.json(Method::POST, &format!("/sessions/{session}/{step}"), None).await
    }

    pub async fn resume(&self, session: &str) -> Result<StepAnswer, CliError> {
        // It tells all that a step does, but for changes: there are none.
        let mut answer: Value = self.json(Method::POST, &format!("/sessions/{session}/resume"), None).await?;
        answer["changes"] = json!([]);
        serde_json::from_value(answer).map_err(|error| CliError::Failed(error.to_string()))
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.json(Method::GET, path, None).await
    }

    pub async fn download(&self, session: &str, format: Format, targets: &str) -> Result<Download, CliError> {
        let query = [("format", format.name()), ("targets", targets)];
        let query = &query[..if targets.is_empty() { 1 } else { 2 }];
        let request = self.request(Method::GET, &format!("/prompts/{session}/export/download")).query(query);
        let answer = self.send(request).await?;
        let name = answer.headers().get(CONTENT_DISPOSITION).and_then(|value| value.to_str().ok()).and_then(file_name);
        let bytes = answer.bytes().await.map_err(|error| self.unreachable(&error))?;
        Ok(Download { name: name.unwrap_or_else(|| "agent".to_owned()), bytes: bytes.to_vec() })
    }

    async fn json<T: DeserializeOwned>(&self, method: Method, path: &str, body: Option<&Value>) -> Result<T, CliError> {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        let text = self.send(request).await?.text().await.map_err(|error| self.unreachable(&error))?;
        serde_json::from_str(&text)
            .map_err(|error| CliError::Failed(format!("{} does not answer as Agentwright does: {error}", self.server)))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.server));
        if let Some(key) = &self.key { request.bearer_auth(key) } else { request }
    }

    /// Asks once more where the server is busy.
    async fn send(&self, request: RequestBuilder) -> Result<Response, CliError> {
        let again = request.try_clone();
        let answer = request.send().await.map_err(|error| self.unreachable(&error))?;
        let answer = match again {
            Some(again) if answer.status() == StatusCode::SERVICE_UNAVAILABLE => {
                let wait = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
                tokio::time::sleep(Duration::from_secs(wait.unwrap_or(1).min(LONGEST_WAIT))).await;
                again.send().await.map_err(|error| self.unreachable(&error))?
            }
            _ => answer,
        };
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        match answer.json::<Problem>().await {
            Ok(problem) => Err(CliError::Refused(Box::new(problem))),
            Err(_) => Err(CliError::Failed(format!("{} answered {status}", self.server))),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> CliError {
        let why = if error.is_timeout() { "does not answer in time" } else { "cannot be reached" };
        CliError::Unreachable(format!("{} {why}. Is it running? `agentwright serve` starts one.", self.server))
    }
}

/// The file's own name, never a path.
fn file_name(disposition: &str) -> Option<String> {
    let (_, rest) = disposition.split_once("filename=\"")?;
    let name = rest.split('"').next()?.rsplit(['/', '\\']).next()?;
    (!name.is_empty() && !name.starts_with('.')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_servers_file_name_is_never_a_path() {
        let name = |text: &str| file_name(&format!("attachment; filename=\"{text}\""));
        assert_eq!(name("receptionist_agent.zip").as_deref(), Some("receptionist_agent.zip"));
        assert_eq!(name("../../.ssh/keys").as_deref(), Some("keys"));
        assert_eq!(name("C:\\x.zip").as_deref(), Some("x.zip"));
        assert_eq!(name(".bashrc"), None);
        assert_eq!(name(""), None);
    }
}
