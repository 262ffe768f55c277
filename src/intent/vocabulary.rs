//! The closed vocabulary with its names: agent types, tones, channels, languages, verbosity levels.

use super::lexicon::lexicon;
use super::models::FieldId;

/// A value in the words the page shows: "Phone or voice" for `voice`, "Spanish" for `es`; a text stays as it is.
pub fn display(field: FieldId, value: &str) -> String {
    let named = options(field).into_iter().find(|(id, _)| *id == value).map(|(_, name)| name);
    named.unwrap_or(value).to_owned()
}

/// Every id a field can have, with its name; empty for fields of free text and for tools, which the
/// catalogue names.
pub fn options(field: FieldId) -> Vec<(&'static str, &'static str)> {
    let lexicon = lexicon();
    match field {
        FieldId::AgentType => lexicon.agent_types.iter().map(|kind| (kind.id.as_str(), kind.name.as_str())).collect(),
        FieldId::Tone => lexicon.tones.iter().map(|tone| (tone.id.as_str(), tone.name.as_str())).collect(),
        FieldId::Channel => {
            lexicon.channels.iter().map(|channel| (channel.id.as_str(), channel.name.as_str())).collect()
        }
        FieldId::VerbosityLevel => {
            lexicon.verbosity.iter().map(|level| (level.id.as_str(), level.name.as_str())).collect()
        }
        FieldId::Languages => {
            let first =
                |(code, names): (&'static String, &'static Vec<String>)| Some((code.as_str(), names.first()?.as_str()));
            lexicon.languages.iter().filter_map(first).collect()
        }
        FieldId::UseTools => vec![("true", "Yes"), ("false", "No")],
        _ => Vec::new(),
    }
}
