//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

use agentwright::server::config::Config;
use agentwright::server::{ServeError, serve, state::AppState, telemetry, tls};

/// Interviews you about the agent you want and hands over its prompt, tools and workflow.
#[derive(Parser)]
#[command(version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Copy, Subcommand)]
enum Command {
    /// Serve the page and the API (the default)
    Serve,
    /// Bring the database up to date and stop
    Migrate,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = CommandLine::parse().command.unwrap_or(Command::Serve);
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
    let outcome = match command {
        Command::Serve => listen(config).await,
        Command::Migrate => migrate(&config).await,
    };
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

async fn migrate(config: &Config) -> Result<(), ServeError> {
    AppState::open(config).await?.close().await;
    println!("{} is up to date", config.database_url);
    Ok(())
}
