//! The REST client behind `chat`, `export` and `replay`: what a person or a script does with a server from a terminal.

pub mod chat;
mod client;
mod download;
pub mod export;
pub mod replay;
mod screen;

use std::process::ExitCode;

use crate::error::Problem;

/// Why a command did not do what it was asked. Each kind has an exit code of its own.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The server answered, and said no.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// What was asked for makes no sense here.
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Unreachable(String),
    /// The interview ended before it was complete.
    #[error("the interview is not complete: {0}")]
    Incomplete(String),
    #[error("{0}")]
    Failed(String),
}

impl CliError {
    fn file(path: &std::path::Path, error: &std::io::Error) -> CliError {
        CliError::Failed(format!("{}: {error}", path.display()))
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            CliError::Refused(_) | CliError::Failed(_) => 1,
            CliError::Usage(_) => 2,
            CliError::Unreachable(_) => 3,
            CliError::Incomplete(_) => 4,
        })
    }
}

/// The last part of each command's help.
pub const EXIT_CODES: &str = "Exit codes:
  0  done
  1  the server refused, or something failed; standard error says what
  2  the command or the configuration makes no sense
  3  the server cannot be reached
  4  the interview is not complete (replay --require-complete)";

/// Where the server is, and who asks.
#[derive(Clone, Debug, clap::Args)]
pub struct ServerArgs {
    /// The server to talk to
    #[arg(long, value_name = "URL", env = "AGENTWRIGHT_URL", default_value = "http://127.0.0.1:8000")]
    pub server: String,
    #[command(flatten)]
    pub key: KeyArg,
}

#[derive(Clone, Debug, clap::Args)]
pub struct KeyArg {
    /// An API key, where the server asks for one
    #[arg(long, value_name = "KEY", env = "AGENTWRIGHT_API_KEY", hide_env_values = true)]
    pub api_key: Option<String>,
}

/// What to write the agent as.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
    Zip,
    Json,
    Yaml,
    Markdown,
    Text,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Format::Zip => "zip",
            Format::Json => "json",
            Format::Yaml => "yaml",
            Format::Markdown => "markdown",
            Format::Text => "text",
        }
    }
}
