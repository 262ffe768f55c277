//! A file that somebody opens: a bundle as a zip, or one of the documents in it. Pure: what is packed is read within
//! limits, and nothing is written anywhere.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use serde_json::Value;
use zip::ZipArchive;

use crate::tools::import;

/// The largest document, in bytes.
const MAX_DOCUMENT: u64 = 1024 * 1024;
/// How a zip begins.
const ZIP: &[u8] = b"PK\x03\x04";
/// What to look for in a zip, the best first: where a name is another's end, the other one is deeper.
const NAMES: [&str; 4] = ["spec.json", "generic/agent.json", "open_agent_spec/agent.json", "agent.json"];

/// The document in a file, to be opened as a session.
///
/// # Errors
/// What is wrong with the file, in a sentence.
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    let document = if bytes.starts_with(ZIP) { unpacked(bytes)? } else { bytes.to_vec() };
    let text = String::from_utf8(document)
        .map_err(|_| "This is no bundle and no agent file: it is neither a zip nor text.".to_owned())?;
    import::parse(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let damaged = |error: &dyn std::fmt::Display| format!("The zip cannot be read: {error}. Download it again.");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let paths: Vec<String> = archive.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
    let is_it = |path: &str, name: &str| path == name || path.ends_with(&format!("/{name}"));
    let found = NAMES.iter().find_map(|name| {
        let named = paths.iter().filter(|path| is_it(path, name));
        // What somebody packed again stands in a folder; the nearest to the top is the bundle's own.
        named.min_by_key(|path| path.len())
    });
    let none = "There is no agent in this zip: it has neither spec.json nor an agent.json. Use the zip with all files.";
    let path = found.ok_or(none)?;
    let entry = archive.by_name(path).map_err(|error| damaged(&error))?;
    let mut document = Vec::new();
    entry.take(MAX_DOCUMENT + 1).read_to_end(&mut document).map_err(|error| damaged(&error))?;
    if document.len() as u64 > MAX_DOCUMENT {
        return Err(format!("{path} in this zip is larger than 1 MB, which is the most that is opened."));
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bundle::File;
    use crate::bundle::archive::zip;

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let files: Vec<File> = files
            .iter()
            .map(|(path, text)| File { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() })
            .collect();
        zip(&files)
    }

    #[test]
    fn the_agent_is_found_wherever_the_bundle_has_it() {
        let spec = ("spec.json", "{\"spec_version\": \"1\"}");
        let other = ("elevenlabs/agent.json", "{\"name\": \"theirs\"}");
        assert_eq!(read(&packed(&[other, spec])).unwrap(), json!({"spec_version": "1"}));
        assert_eq!(read(&packed(&[other, ("mine/spec.json", "{\"a\": 1}")])).unwrap(), json!({"a": 1}));
        let generic = ("generic/agent.json", "{\"spec\": {}}");
        assert_eq!(read(&packed(&[other, generic])).unwrap(), json!({"spec": {}}));
        assert_eq!(read(b"\xef\xbb\xbf{\"a\": 1}").unwrap(), json!({"a": 1}));
        assert_eq!(read(b"component_type: Agent\nname: x\n").unwrap(), json!({"component_type": "Agent", "name": "x"}));
    }

    #[test]
    fn what_cannot_be_opened_says_why() {
        let told = |bytes: &[u8]| read(bytes).unwrap_err();
        assert!(told(&packed(&[("notes.txt", "hello")])).contains("no agent in this zip"));
        assert!(told(&packed(&[("spec.json", "{")])).contains("not well-formed"));
        assert!(told(b"PK\x03\x04 and then nothing").contains("cannot be read"));
        assert!(told(&[0xff, 0xd8, 0xff]).contains("neither a zip nor text"));
        assert!(told(&packed(&[("spec.json", &"x".repeat(2_000_000))])).contains("larger than 1 MB"));
    }
}
