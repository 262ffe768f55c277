//! `replay`: a whole interview from a file, with a server or without one.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::orchestrator::answers::TurnFields;
use crate::server::clock::SystemClock;
use crate::server::config::{Config, DatabaseUrl};
use crate::server::serve_until;
use crate::session::models::{Stage, Status};
use crate::session::ports::Clock;

use super::client::Client;
use super::{CliError, Format, KeyArg, ServerArgs, download};

/// What `replay` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ReplayArgs {
    /// JSON (`["…", "…"]`, or messages with `role` and `content`) or text (messages divided by empty lines, `#` begins a
    /// comment)
    file: PathBuf,
    /// A server to hold the interview with; without one it is held in this process and kept nowhere
    #[arg(long, value_name = "URL", env = "AGENTWRIGHT_URL")]
    server: Option<String>,
    #[command(flatten)]
    key: KeyArg,
    #[arg(long, value_enum, default_value = "zip")]
    format: Format,
    /// Where to write the agent; `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Take what is usual for what is missing, and approve
    #[arg(long)]
    finish: bool,
    /// Fail with code 4 if the interview does not end complete
    #[arg(long)]
    require_complete: bool,
    /// Print every question and answer
    #[arg(long, short)]
    verbose: bool,
}

pub async fn run(args: ReplayArgs) -> Result<(), CliError> {
    let text = std::fs::read_to_string(&args.file).map_err(|error| CliError::file(&args.file, &error))?;
    let messages = messages(&text).map_err(|error| CliError::Usage(format!("{}: {error}", args.file.display())))?;
    match &args.server {
        Some(server) => hold(&args, server.clone(), &messages).await,
        None => {
            let own = OwnServer::start().await?;
            let held = hold(&args, own.url.clone(), &messages).await;
            own.stop().await;
            held
        }
    }
}

async fn hold(args: &ReplayArgs, server: String, messages: &[String]) -> Result<(), CliError> {
    let client = Client::new(&ServerArgs { server, key: args.key.clone() })?;
    let created = client.create(None).await?;
    let session = created.turn.session_id.to_string();
    let (mut turn, mut status) = (created.turn, created.status);
    let closing = ["finish now", "yes"].map(str::to_owned);
    let closing = if args.finish { &closing[..] } else { &[] };
    for (number, message) in messages.iter().chain(closing).enumerate() {
        if status == Status::Completed {
            if number < messages.len() {
                eprintln!("Complete after {number} of {} messages: the rest is left out.", messages.len());
            }
            break;
        }
        let answer = client.say(&session, message, &SystemClock.new_id()).await?;
        if args.verbose {
            eprintln!("> {}\n{}\n", message.replace('\n', "\n> "), answer.ai_response);
        }
        status = if answer.is_complete { Status::Completed } else { Status::Active };
        turn = answer.turn;
    }
    let missing = missing(&turn);
    let file = client.download(&session, args.format, "").await?;
    let path = download::write(&file, args.output.as_deref(), args.force)?;
    let place = path.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
    eprintln!("{} · {missing} · {place} ({} bytes)", turn.progress.stage.as_str(), file.bytes.len());
    let is_complete = turn.progress.stage == Stage::Completed;
    if args.require_complete && !is_complete { Err(CliError::Incomplete(missing)) } else { Ok(()) }
}

fn missing(turn: &TurnFields) -> String {
    let labels: Vec<&str> = turn.progress.missing_required.iter().map(|field| field.label()).collect();
    match labels.as_slice() {
        [] if turn.progress.stage == Stage::Completed => "approved".to_owned(),
        [] => "not approved".to_owned(),
        _ => format!("missing: {}", labels.join(", ")),
    }
}

/// The user's messages of a file.
fn messages(text: &str) -> Result<Vec<String>, String> {
    let messages = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut document)) => from_list(document.remove("messages").ok_or("it has no `messages`")?)?,
        Ok(document) => from_list(document)?,
        Err(error) if text.trim_start().starts_with(['[', '{']) => return Err(error.to_string()),
        Err(_) => from_text(text),
    };
    if messages.is_empty() { Err("it holds no message".to_owned()) } else { Ok(messages) }
}

fn from_list(list: Value) -> Result<Vec<String>, String> {
    let Value::Array(entries) = list else { return Err("the messages are no list".to_owned()) };
    let mut messages = Vec::new();
    for (number, entry) in (1..).zip(entries) {
        match &entry {
            Value::String(text) => messages.push(text.clone()),
            // Of a transcript, what the user said.
            Value::Object(line) if line.get("role").is_some_and(|role| role != "user") => {}
            Value::Object(line) => match line.get("content").and_then(Value::as_str) {
                Some(text) => messages.push(text.to_owned()),
                None => return Err(format!("message {number} has no `content`")),
            },
            _ => return Err(format!("message {number} is no text")),
        }
    }
    Ok(messages)
}

fn from_text(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    lines.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// A server in this process, on a folder that goes with it.
struct OwnServer {
    url: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
    folder: PathBuf,
}

impl OwnServer {
    async fn start() -> Result<OwnServer, CliError> {
        let failed = |error: std::io::Error| CliError::Failed(error.to_string());
        let folder = std::env::temp_dir().join(format!("agentwright-replay-{}", SystemClock.new_id()));
        let database = folder.join("replay.db");
        let config = Config {
            database_url: DatabaseUrl(format!("sqlite://{}", database.display())),
            rate_limit: Some(0),
            ..Config::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let url = format!("http://{}", listener.local_addr().map_err(failed)?);
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            let asked = async { drop(stopped.await) };
            if let Err(error) = serve_until(listener, config, asked).await {
                eprintln!("{error}");
            }
        });
        Ok(OwnServer { url, stop, running, folder })
    }

    async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.running.await;
        remove(&self.folder);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        eprintln!("{} is left behind: {error}", folder.display());
    }
}

#[cfg(test)]
mod tests {
    use super::messages;

    #[test]
    fn reads_every_kind_of_file() {
        let wanted = vec!["A tutor".to_owned(), "Friendly\nand calm".to_owned()];
        for text in [
            "# a comment\nA tutor\n\n\nFriendly\nand calm\n",
            r#"["A tutor", "Friendly\nand calm"]"#,
            r#"{"messages": ["A tutor", "Friendly\nand calm"]}"#,
            r#"[{"role": "assistant", "content": "What?"}, {"role": "user", "content": "A tutor"},
                {"content": "Friendly\nand calm"}]"#,
        ] {
            assert_eq!(messages(text).unwrap(), wanted, "{text}");
        }
        for wrong in ["", "# nothing", "[", "{}", "[1]", r#"[{"role": "user"}]"#, r#"{"messages": "a"}"#] {
            assert!(messages(wrong).is_err(), "{wrong}");
        }
    }
}
