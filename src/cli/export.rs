//! `export`: the agent as a file.

use std::path::PathBuf;

use super::client::Client;
use super::{CliError, Format, ServerArgs, download};

/// What `export` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ExportArgs {
    /// The session, as `chat` prints it
    session: String,
    #[arg(long, value_enum, default_value = "zip")]
    format: Format,
    /// Platforms of a zip, with commas between; all by default
    #[arg(long, value_name = "A,B", default_value = "")]
    targets: String,
    /// Where to write; `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    server: ServerArgs,
}

pub async fn run(args: ExportArgs) -> Result<(), CliError> {
    let client = Client::new(&args.server)?;
    let file = client.download(&args.session, args.format, &args.targets).await?;
    if let Some(path) = download::write(&file, args.output.as_deref(), args.force)? {
        eprintln!("{} ({} bytes)", path.display(), file.bytes.len());
    }
    Ok(())
}
