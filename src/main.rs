//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

use agentwright::cli::{self, EXIT_CODES, chat, export, replay};
use agentwright::server::config::Config;
use agentwright::server::{ServeError, router, serve, state::AppState, telemetry, tls};

/// A turn makes thousands of small texts, on several threads: the system's allocator takes a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Interviews you about the agent you want and hands over its prompt, tools and workflow.
///
/// Without a command it serves the page and the API on http://127.0.0.1:8000.
#[derive(Parser)]
#[command(version, about, after_help = EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page and the API (the default)
    #[command(after_help = "Configured by environment variables or a file .env, which README.md lists:\n  \
        PORT=9000 agentwright serve\n  DATABASE_URL=postgres://user:password@db/agents agentwright serve")]
    Serve,
    /// Bring the database up to date and stop
    #[command(after_help = "  DATABASE_URL=postgres://user:password@db/agents agentwright migrate")]
    Migrate,
    /// Hold an interview in the terminal
    #[command(after_help = "  agentwright chat\n  agentwright chat \"A receptionist who books visits\"\n  \
        agentwright chat --server https://agents.example --session ID")]
    Chat(chat::ChatArgs),
    /// Download an agent's files
    #[command(after_help = "  agentwright export ID\n  agentwright export ID --format markdown --output -\n  \
        agentwright export ID --targets openai,n8n --output agent.zip")]
    Export(export::ExportArgs),
    /// Hold a whole interview from a file and write the agent's files
    #[command(after_help = "  agentwright replay interview.txt\n  \
        agentwright replay interview.json --finish --require-complete --output agent.zip")]
    Replay(replay::ReplayArgs),
    /// Print the API's OpenAPI document
    #[command(after_help = "  agentwright openapi > openapi.json")]
    Openapi,
}

#[tokio::main]
async fn main() -> ExitCode {
    match CommandLine::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => with_config(listen).await,
        Command::Migrate => with_config(migrate).await,
        Command::Chat(args) => ended(chat::run(args).await),
        Command::Export(args) => ended(export::run(args).await),
        Command::Replay(args) => ended(replay::run(args).await),
        Command::Openapi => match router::openapi().to_pretty_json() {
            Ok(document) => {
                println!("{document}");
                ExitCode::SUCCESS
            }
            Err(error) => ended(Err(cli::CliError::Failed(error.to_string()))),
        },
    }
}

fn ended(outcome: Result<(), cli::CliError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            error.exit_code()
        }
    }
}

async fn with_config<F: Future<Output = Result<(), ServeError>>>(work: impl FnOnce(Config) -> F) -> ExitCode {
    // Without a `.env` file the environment is all there is; half of one would serve the wrong database.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!("The file .env cannot be read: {error}");
        return ExitCode::from(2);
    }
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            return ExitCode::from(2);
        }
    };
    tls::choose_crypto();
    let telemetry = telemetry::start(&config.log, config.traces.as_deref());
    let outcome = work(config).await;
    telemetry.end();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn listen(config: Config) -> Result<(), ServeError> {
    let listener = TcpListener::bind((config.host.as_str(), config.port)).await?;
    tracing::info!("configuration:\n{config}");
    println!("Agentwright listens on http://{}", listener.local_addr()?);
    serve(listener, config).await
}

async fn migrate(config: Config) -> Result<(), ServeError> {
    AppState::open(&config).await?.close().await;
    println!("{} is up to date", config.database_url);
    Ok(())
}
