//! Values in the words people read.

use crate::intent::models::{FieldId, Item};
use crate::intent::vocabulary;
use crate::tools::catalogue;

/// A value by its name; a tool with the product the user named.
pub fn display(field: FieldId, item: &Item) -> String {
    if field != FieldId::Tools {
        return vocabulary::display(field, &item.value);
    }
    let name = catalogue::name(&item.value).unwrap_or(&item.value);
    match &item.label {
        Some(product) if !name.to_lowercase().contains(&product.to_lowercase()) => format!("{name} ({product})"),
        _ => name.to_owned(),
    }
}

/// Every value a field can have, with its name; empty for fields of free text.
pub fn options(field: FieldId) -> Vec<(String, String)> {
    match field {
        FieldId::Tools => catalogue::catalogue().iter().map(|tool| (tool.id.clone(), tool.name.clone())).collect(),
        _ => vocabulary::options(field),
    }
}
