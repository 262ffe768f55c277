//! `chat`: an interview in the terminal.

use std::io::Write;
use std::path::PathBuf;

use crate::intent::models::AgentSpec;
use crate::orchestrator::answers::TurnFields;
use crate::server::clock::SystemClock;
use crate::session::models::Status;
use crate::session::ports::Clock;
use crate::workflow::schemas::Visualization;

use super::client::Client;
use super::{CliError, Format, ServerArgs, download, screen};

const HELP: &str = "\
Answer in your own words, or with a number where choices are offered.
  /spec       what was understood so far, with its source
  /workflow   the workflow in words
  /status     how far the interview is
  /why        why the question is asked
  /undo       take the last change back    /redo  make it again
  /finish     take what is usual for the rest, and end
  /export [FILE]   the agent's files as a zip
  /quit       leave; the interview is kept";

/// What `chat` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ChatArgs {
    /// The first message: what the agent should do
    #[arg(value_name = "MESSAGE")]
    first: Vec<String>,
    /// Go on with this interview
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    #[command(flatten)]
    server: ServerArgs,
}

/// A message that was not answered, under the id it keeps.
struct Unsent {
    text: String,
    id: String,
}

struct Chat {
    client: Client,
    turn: TurnFields,
    status: Status,
    unsent: Option<Unsent>,
}

pub async fn run(args: ChatArgs) -> Result<(), CliError> {
    let client = Client::new(&args.server)?;
    let first = args.first.join(" ");
    let mut chat = match &args.session {
        Some(session) => {
            let resumed = client.resume(session).await?;
            let chat = Chat { client, turn: resumed.turn, status: resumed.status, unsent: None };
            chat.show(&resumed.message);
            if !first.is_empty() {
                return Err(CliError::Usage("a first message cannot come with --session; type it there".to_owned()));
            }
            chat
        }
        None => {
            let created = client.create(Some(first.as_str()).filter(|text| !text.is_empty())).await?;
            let chat = Chat { client, turn: created.turn, status: created.status, unsent: None };
            if screen::is_attended() {
                screen::note("/help lists what can be typed beside answers.");
            }
            chat.show(&created.message);
            chat
        }
    };
    while let Some(line) = read_line().await {
        if line.trim() == "/quit" {
            break;
        }
        // What the server refuses is told, and the interview goes on; only a line of its own ends it.
        if let Err(error) = chat.take(line.trim()).await {
            screen::alarm(&error.to_string());
            if chat.unsent.is_some() {
                screen::note("Your text is kept: an empty line sends it again.");
            }
            if !screen::is_attended() {
                chat.leave();
                return Err(error);
            }
        }
    }
    chat.leave();
    Ok(())
}

impl Chat {
    async fn take(&mut self, line: &str) -> Result<(), CliError> {
        let session = self.turn.session_id.to_string();
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        match command {
            "" => {
                if let Some(unsent) = self.unsent.take() {
                    self.send(unsent).await?;
                }
            }
            "/help" => screen::say(HELP),
            "/spec" => {
                let spec: AgentSpec = self.client.get(&format!("/sessions/{session}/spec")).await?;
                screen::spec(&spec);
            }
            "/workflow" => {
                let drawn: Visualization = self.client.get(&format!("/workflows/{session}/visualize")).await?;
                screen::say(&drawn.text_summary);
            }
            "/status" => screen::progress(&self.turn.progress),
            "/undo" | "/redo" => {
                let answer = self.client.step(&session, &command[1..]).await?;
                (self.turn, self.status) = (answer.turn, answer.status);
                for change in &answer.changes {
                    let now = if change.after.is_empty() { "not known".to_owned() } else { change.after.join(", ") };
                    screen::note(&format!("{}: {now}", change.field.label()));
                }
                self.show(&answer.message);
            }
            "/export" => {
                let file = self.client.download(&session, Format::Zip, "").await?;
                let output = Some(PathBuf::from(rest.trim())).filter(|path| !path.as_os_str().is_empty());
                if let Some(path) = download::write(&file, output.as_deref(), false)? {
                    screen::note(&format!("{} ({} bytes)", path.display(), file.bytes.len()));
                }
            }
            "/why" => self.send(self.message("why?")).await?,
            "/finish" => self.send(self.message("finish now")).await?,
            _ if command.starts_with('/') => {
                return Err(CliError::Usage(format!("there is no {command}; /help lists what there is")));
            }
            _ => self.send(self.message(&screen::chosen(line, self.turn.progress.asking.as_ref()))).await?,
        }
        Ok(())
    }

    fn message(&self, text: &str) -> Unsent {
        Unsent { text: text.to_owned(), id: SystemClock.new_id() }
    }

    /// Keeps the text until it is answered.
    async fn send(&mut self, message: Unsent) -> Result<(), CliError> {
        let session = self.turn.session_id.to_string();
        let answer = self.client.say(&session, &message.text, &message.id).await;
        match answer {
            Ok(answer) => {
                self.turn = answer.turn;
                self.status = if answer.is_complete { Status::Completed } else { Status::Active };
                self.show(&answer.ai_response);
                Ok(())
            }
            Err(error) => {
                self.unsent = Some(message);
                Err(error)
            }
        }
    }

    fn show(&self, message: &str) {
        screen::say(message);
        if self.status == Status::Completed {
            screen::note("The interview is complete. /export writes the agent's files, /quit leaves.");
            return;
        }
        if let Some(asking) = &self.turn.progress.asking {
            screen::choices(asking);
        }
        screen::progress(&self.turn.progress);
    }

    fn leave(&self) {
        let (session, server) = (&self.turn.session_id, &self.client.server);
        screen::line(&format!("\nKept. Go on with: agentwright chat --server {server} --session {session}"));
    }
}

/// The next line; `None` at the end.
async fn read_line() -> Option<String> {
    let read = tokio::task::spawn_blocking(|| {
        if screen::is_attended() {
            anstream::print!("\n› ");
            let _ = std::io::stdout().flush();
        }
        let mut line = String::new();
        let length = std::io::stdin().read_line(&mut line).ok()?;
        (length > 0).then_some(line)
    });
    read.await.ok()?
}
