//! The closed vocabulary with its names: agent types, tones, channels, languages, verbosity levels.

use super::lexicon::lexicon;
use super::models::FieldId;

/// A value in the words the page shows: "Phone or voice" for `voice`, "Spanish" for `es`; a text stays as it is.
pub fn display(field: FieldId, value: &str) -> String {
    let named = options(field).into_iter().find(|(id, _)| id == value).map(|(_, name)| name);
    named.unwrap_or_else(|| value.to_owned())
}

/// Every id a field can have, with its name; empty for fields of free text and for tools, which the
/// catalogue names.
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
        _ => Vec::new(),
    }
}
