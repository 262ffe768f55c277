//! The closed vocabulary with its names: agent types, tones, channels, languages, verbosity levels.

use super::lexicon::lexicon;
use super::models::{FieldId, Item};
use crate::tools::catalogue;

/// A value in the words the page shows: "Phone or voice" for `voice`, "Spanish" for `es`; a text stays as it is.
pub fn display(field: FieldId, value: &str) -> String {
    let named = options(field).into_iter().find(|(id, _)| id == value).map(|(_, name)| name);
    named.unwrap_or_else(|| value.to_owned())
}

/// A value as the user put it where they put it their own way, else by its name.
pub fn display_item(field: FieldId, item: &Item) -> String {
    match (field, &item.label) {
        (FieldId::Tools, Some(label)) => {
            let name = display(field, &item.value);
            if name.to_lowercase().contains(&label.to_lowercase()) { name } else { format!("{name} ({label})") }
        }
        _ => display(field, &item.value),
    }
}

/// Every id a field can have, with its name; empty for fields of free text.
pub fn options(field: FieldId) -> Vec<(String, String)> {
    let lexicon = lexicon();
    let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    match field {
        FieldId::AgentType => lexicon.agent_types.iter().map(|kind| pair(&kind.id, &kind.name)).collect(),
        FieldId::Tone => lexicon.tones.iter().map(|tone| pair(&tone.id, &tone.name)).collect(),
        FieldId::Channel => lexicon.channels.iter().map(|channel| pair(&channel.id, &channel.name)).collect(),
        FieldId::VerbosityLevel => lexicon.verbosity.iter().map(|level| pair(&level.id, &level.name)).collect(),
        FieldId::Languages => {
            lexicon.languages.iter().filter_map(|(code, names)| names.first().map(|name| pair(code, name))).collect()
        }
        FieldId::UseTools => vec![pair("true", "Yes"), pair("false", "No")],
        FieldId::Tools => catalogue::catalogue().iter().map(|tool| pair(&tool.id, &tool.name)).collect(),
        _ => Vec::new(),
    }
}
