//! The zip: the same files give the same bytes.

use std::collections::HashSet;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::kit::File;

/// Packs files under safe, unique names, with one fixed time stamp.
pub fn zip(files: &[File]) -> Vec<u8> {
    // Writing to memory fails only for archives beyond the format's limits, which files of a few kilobytes never reach.
    try_zip(files).expect("a small zip in memory can be written")
}

fn try_zip(files: &[File]) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        // Prompts repeat themselves: a low level packs them nearly as small in half the time.
        .compression_level(Some(2))
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let mut names = HashSet::new();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        archive.start_file(unique(safe_path(&file.path), &mut names), options)?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Path segments of letters, digits, `.`, `_` and `-` only; never absolute, never upwards.
pub(super) fn safe_path(path: &str) -> String {
    let segments = path.split('/').map(safe_name).filter(|segment| !segment.is_empty());
    let safe = segments.collect::<Vec<_>>().join("/");
    if safe.is_empty() { "file".to_owned() } else { safe }
}

/// One path segment that every file system and header takes.
pub(super) fn safe_name(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' });
    let safe: String = letters.take(80).collect();
    let bare = safe.trim_matches('.');
    // Some of the names that platforms look for begin with one dot.
    let hidden = !bare.is_empty() && safe.starts_with('.') && !safe.starts_with("..");
    if hidden { format!(".{bare}") } else { bare.to_owned() }
}

/// The path, with a number when another file has it; letter case does not make a name another one.
fn unique(path: String, names: &mut HashSet<String>) -> String {
    let mut candidate = path.clone();
    let mut number = 2;
    while !names.insert(candidate.to_lowercase()) {
        candidate = match path.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}_{number}.{extension}"),
            None => format!("{path}_{number}"),
        };
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_safe_and_unique() {
        assert_eq!(safe_path("../../etc/passwd"), "etc/passwd");
        assert_eq!(safe_path("/a b/ü.json"), "a_b/_.json");
        assert_eq!(safe_path("..\\x"), "_x");
        assert_eq!(safe_path(""), "file");
        assert_eq!(safe_path("./.env/..a/."), ".env/a");
        let mut names = HashSet::new();
        assert_eq!(unique("a.json".to_owned(), &mut names), "a.json");
        assert_eq!(unique("A.json".to_owned(), &mut names), "A_2.json");
    }
}
