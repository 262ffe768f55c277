//! Files on the disk: whole under their name, or not there.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::CliError;
use super::client::Download;

/// Writes to `output`, else under the server's name into the present folder; `-` is standard output. An existing file
/// stays, unless `force`.
pub fn write(download: &Download, output: Option<&Path>, force: bool) -> Result<Option<PathBuf>, CliError> {
    if output == Some(Path::new("-")) {
        let written = std::io::stdout().write_all(&download.bytes);
        written.map_err(|error| CliError::Failed(format!("standard output: {error}")))?;
        return Ok(None);
    }
    let path = output.map_or_else(|| PathBuf::from(&download.name), Path::to_path_buf);
    if path.exists() && !force {
        let text = format!("{} is there already; --force replaces it, --output names another", path.display());
        return Err(CliError::Usage(text));
    }
    // Beside the final name, so that the last step is one.
    let mut unfinished = path.clone().into_os_string();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let written = std::fs::write(&unfinished, &download.bytes).and_then(|()| std::fs::rename(&unfinished, &path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&unfinished);
        CliError::file(&path, &error)
    })?;
    Ok(Some(path))
}
