//! What a caller may send: everything that is wrong with it is said at once.

use std::collections::BTreeSet;

use crate::error::FieldProblem;
use crate::session::models::MAX_MESSAGE_CHARS;
use crate::tools::custom::{self, CustomTool, MAX_DESCRIPTION, MAX_NAME, MAX_PARAMETERS};
use crate::tools::import::schema;
use crate::tools::ports::CatalogTool;
use crate::tools::schemas::{CatalogCreate, SelectRequest, ToolCreate};

use super::ToolError;

/// The most tools of one catalogue.
const MAX_CATALOG: usize = 2_000;
/// The longest search, in characters.
const MAX_SEARCH_CHARS: usize = 2_000;
/// How many tools are chosen unless asked otherwise.
const USUAL_LIMIT: u32 = 5;
/// The most tools that are chosen.
const MAX_LIMIT: u32 = 50;

/// A tool as it is kept.
pub fn tool(sent: ToolCreate) -> Result<CustomTool, ToolError> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, message: String| {
        problems.push(FieldProblem { field: field.to_owned(), message });
    };
    let name = text(&sent.name, MAX_NAME).unwrap_or_else(|message| {
        wrong("name", message);
        String::new()
    });
    let description = text(&sent.description, MAX_DESCRIPTION).unwrap_or_else(|message| {
        wrong("description", message);
        String::new()
    });
    let id = sent.id.unwrap_or_else(|| custom::slug(&name));
    let category = sent.category.unwrap_or_else(|| custom::CATEGORY.to_owned());
    for (field, value) in [("id", &id), ("category", &category)] {
        if let Some(problem) = custom::id_problem(value) {
            wrong(field, problem);
        }
    }
    if let Some(problem) = sent.endpoint.as_ref().and_then(custom::endpoint_problem) {
        wrong("endpoint", problem);
    }
    let parameters = sent.parameters.map(serde_json::Value::Object).unwrap_or_default();
    let parameters = if parameters.to_string().len() > MAX_PARAMETERS {
        Err(format!("must have at most {MAX_PARAMETERS} bytes"))
    } else {
        schema::parameters(&parameters, Some(&parameters))
    };
    let parameters = parameters.unwrap_or_else(|message| {
        wrong("parameters", message);
        schema::plain("object")
    });
    if !problems.is_empty() {
        return Err(ToolError::Invalid(problems));
    }
    let risk = sent.risk.unwrap_or_else(|| custom::risk_of(sent.endpoint.as_ref()));
    Ok(CustomTool { id, name, description, category, risk, parameters, endpoint: sent.endpoint })
}

/// A catalogue as it is kept.
pub fn catalog(sent: CatalogCreate) -> Result<CatalogCreate, ToolError> {
    let name = text(&sent.name, MAX_NAME).map_err(|message| ToolError::field("name", message))?;
    if sent.tools.is_empty() || sent.tools.len() > MAX_CATALOG {
        return Err(ToolError::field("tools", format!("must have from 1 to {MAX_CATALOG} tools")));
    }
    let mut names = BTreeSet::new();
    for (at, tool) in sent.tools.iter().enumerate() {
        let place = |part: &str| format!("tools[{at}].{part}");
        text(&tool.name, MAX_NAME).map_err(|message| ToolError::field(place("name"), message))?;
        if tool.description.chars().count() > MAX_DESCRIPTION {
            let message = format!("must have at most {MAX_DESCRIPTION} characters");
            return Err(ToolError::field(place("description"), message));
        }
        if !names.insert(tool.name.as_str()) {
            return Err(ToolError::field(place("name"), "is the name of another tool of this catalogue"));
        }
    }
    Ok(CatalogCreate { name, tools: sent.tools })
}

/// Imported tools as a catalogue has them: by their ids, which differ.
pub fn distinct(tools: &[CustomTool]) -> Vec<CatalogTool> {
    let described = |tool: &CustomTool| {
        let description = custom::clip(&format!("{}: {}", tool.name, tool.description), MAX_DESCRIPTION);
        CatalogTool { name: tool.id.clone(), description }
    };
    tools.iter().map(described).collect()
}

/// How many tools to choose.
pub fn selection(request: &SelectRequest) -> Result<usize, ToolError> {
    length(&request.text)?;
    if request.text.trim().is_empty() {
        return Err(ToolError::field("text", "must not be empty"));
    }
    let limit = request.limit.unwrap_or(USUAL_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        Ok(limit as usize)
    } else {
        Err(ToolError::field("limit", format!("must be from 1 to {MAX_LIMIT}")))
    }
}

/// Texts to find tools for are as long as messages.
pub fn length(text: &str) -> Result<(), ToolError> {
    if text.chars().count() > MAX_MESSAGE_CHARS { Err(ToolError::TooLong) } else { Ok(()) }
}

/// A search is a part of an address, which has its limits.
pub fn search(words: &str) -> Result<(), ToolError> {
    if words.chars().count() > MAX_SEARCH_CHARS { Err(ToolError::TooLong) } else { Ok(()) }
}

/// A text without control characters and surplus spaces.
fn text(text: &str, most: usize) -> Result<String, String> {
    let tidy = custom::clip(text, usize::MAX);
    match tidy.chars().count() {
        0 => Err("must not be empty".to_owned()),
        length if length > most => Err(format!("must have at most {most} characters, has {length}")),
        _ => Ok(tidy),
    }
}
