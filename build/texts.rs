//! Makes code of the files with the page's texts: a number for each text, and the words of each language by number. A text
//! that a language lacks is English.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// One file per language, named by its code.
pub const FOLDER: &str = "src/language/data";
/// The language that has every text.
const FIRST: &str = "en";
/// The places of a text with forms, in the order of `language::plural::FORMS`.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Writes the code.
pub fn write(target: &Path) -> Result<(), String> {
    let mut languages = read()?;
    let first = languages.remove(FIRST).ok_or_else(|| format!("{FOLDER}/{FIRST}.toml is missing"))?;
    let mut words = vec![(FIRST.to_owned(), Vec::new())];
    words.extend(languages.keys().map(|code| (code.clone(), Vec::new())));
    let mut keys = String::new();
    for (section, texts) in &first {
        let texts = texts.as_table().ok_or_else(|| format!("{section} is no section"))?;
        let _ = writeln!(keys, "pub mod {section} {{");
        for (name, text) in texts {
            let kind = if text.is_table() { "Plural" } else { "Text" };
            let number = words[0].1.len();
            let _ = writeln!(keys, "pub const {name}: super::super::{kind} = super::super::{kind}({number});");
            for (code, all) in &mut words {
                let own = languages.get(code).and_then(|file| file.get(section)?.get(name)).unwrap_or(text);
                all.extend(forms(own).ok_or_else(|| format!("{code}: {section}.{name} is no text"))?);
            }
        }
        keys.push_str("}\n");
    }
    let tables: String = words.iter().map(|(code, all)| format!("({code:?}, &{all:?}),\n")).collect();
    let code = format!(
        "/// A constant for each text.\n#[allow(non_upper_case_globals, missing_docs)]\npub mod keys {{\n{keys}}}\n\
         /// Each language's code and its texts.\nstatic TEXTS: [(&str, &[&str]); {}] = [\n{tables}];\n",
        words.len()
    );
    fs::write(target, code).map_err(|error| error.to_string())
}

/// The files by language.
fn read() -> Result<BTreeMap<String, toml::Table>, String> {
    let mut languages = BTreeMap::new();
    for entry in fs::read_dir(FOLDER).map_err(|error| format!("{FOLDER}: {error}"))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        languages.insert(code, text.parse().map_err(|error| format!("{}: {error}", path.display()))?);
    }
    Ok(languages)
}

/// A text in one place, or its forms in six; forms that are not there are empty.
fn forms(text: &toml::Value) -> Option<Vec<String>> {
    match text {
        toml::Value::Table(forms) => Some(
            FORMS
                .iter()
                .map(|form| forms.get(*form).and_then(|text| text.as_str()).unwrap_or_default().to_owned())
                .collect(),
        ),
        text => Some(vec![text.as_str()?.to_owned()]),
    }
}
