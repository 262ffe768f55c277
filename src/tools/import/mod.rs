//! Tools from documents people already have: OpenAPI, an MCP server's list, plain JSON. Pure: nothing is fetched and
//! nothing is called.

mod document;
mod json;
mod mcp;
mod openapi;
pub mod schema;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::custom::{self, CustomTool, MAX_DESCRIPTION, MAX_NAME};

/// The longest document, in bytes.
pub const MAX_DOCUMENT: usize = 1024 * 1024;
/// The most tools of one document; the rest is skipped.
pub const MAX_TOOLS: usize = 500;

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// OpenAPI 3.0 or 3.1.
    Openapi,
    /// What an MCP server answers to `tools/list`, or its list of tools.
    Mcp,
    /// `[{name, description, parameters?}]`, or functions as OpenAI writes them.
    Json,
}

/// What was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Skipped {
    pub name: String,
    pub reason: String,
}

/// What was read from a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    pub tools: Vec<CustomTool>,
    pub skipped: Vec<Skipped>,
    ids: BTreeSet<String>,
}

impl Imported {
    /// Keeps a tool under an id that no other has, with texts of a bearable length; or says why not.
    fn take(&mut self, name: &str, tool: Result<CustomTool, String>) {
        let tool = match tool {
            Ok(_) if self.tools.len() == MAX_TOOLS => Err(format!("only {MAX_TOOLS} tools are read at once")),
            other => other,
        };
        match tool {
            Ok(mut tool) => {
                tool.name = custom::clip(&tool.name, MAX_NAME);
                tool.description = custom::clip(&tool.description, MAX_DESCRIPTION);
                if tool.description.is_empty() {
                    tool.description = tool.name.clone();
                }
                tool.id = self.free_id(&tool.id);
                self.ids.insert(tool.id.clone());
                self.tools.push(tool);
            }
            Err(reason) => self.skipped.push(Skipped { name: custom::clip(name, MAX_NAME), reason }),
        }
    }

    fn free_id(&self, wanted: &str) -> String {
        let is_free = |id: &String| {
            !self.ids.contains(id) && custom::id_problem(id).is_none() && super::catalogue::get(id).is_none()
        };
        let slug = custom::slug(wanted);
        // Of one more number than there are tools, one is free.
        let numbered = (2..).map(|number| {
            let suffix = format!("_{number}");
            format!("{}{suffix}", slug[..slug.len().min(custom::MAX_ID - suffix.len())].trim_end_matches('_'))
        });
        std::iter::once(slug.clone()).chain(numbered).find(is_free).unwrap_or(slug)
    }
}

/// Why nothing at all was read: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(String);

/// Reads a document that is JSON or YAML, within a budget.
pub fn parse(text: &str) -> Result<Value, ImportError> {
    document::parse(text)
}

/// Which of the formats a document is in, by what it holds.
pub fn guess(document: &Value) -> Result<Format, ImportError> {
    if document.get("openapi").is_some() || document.get("swagger").is_some() {
        return Ok(Format::Openapi);
    }
    let answer = document.get("result").unwrap_or(document);
    if document.get("error").is_some() || document.get("jsonrpc").is_some() {
        return Ok(Format::Mcp);
    }
    let Some(tools) = answer.get("tools").unwrap_or(answer).as_array() else {
        let unknown = "This is neither an OpenAPI 3 document nor a list of tools: it has no `openapi` and no `tools`.";
        return Err(ImportError(unknown.to_owned()));
    };
    let is_mcp = tools.iter().any(|tool| tool.get("inputSchema").is_some());
    Ok(if is_mcp { Format::Mcp } else { Format::Json })
}

/// Reads the tools of a document: a JSON value, or a text that is JSON or YAML.
pub fn import(format: Format, document: &Value) -> Result<Imported, ImportError> {
    let parsed;
    let document = match document {
        Value::String(text) => {
            parsed = document::parse(text)?;
            &parsed
        }
        other => other,
    };
    let mut imported = Imported::default();
    match format {
        Format::Openapi => openapi::read(document, &mut imported)?,
        Format::Mcp => mcp::read(document, &mut imported)?,
        Format::Json => json::read(document, &mut imported)?,
    }
    if imported.tools.is_empty() && imported.skipped.is_empty() {
        return Err(ImportError("The document is understood, but there is no tool in it.".to_owned()));
    }
    Ok(imported)
}

/// The list of tools of a document that is one, or has one under `tools`.
fn list<'a>(document: &'a Value, what: &str) -> Result<&'a Vec<Value>, ImportError> {
    let tools = document.get("tools").unwrap_or(document);
    tools.as_array().ok_or_else(|| ImportError(format!("This is no {what}: there is no list of tools in it.")))
}

/// A text of an object, without space around it; `None` where it is missing or empty.
fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_document_is_read_from_json_and_from_yaml() {
        let list = json!([{"name": "find_table", "description": "Finds a free table"}]);
        let read = import(Format::Json, &list).unwrap();
        assert_eq!(import(Format::Json, &Value::String(list.to_string())).unwrap(), read);
        let yaml = "- name: find_table\n  description: Finds a free table\n";
        assert_eq!(import(Format::Json, &Value::String(yaml.to_owned())).unwrap(), read);
    }

    #[test]
    fn a_document_is_known_by_what_it_holds() {
        for (format, document) in [
            (Format::Openapi, json!({"openapi": "3.1.0", "paths": {}})),
            (Format::Openapi, json!({"swagger": "2.0"})),
            (Format::Mcp, json!({"jsonrpc": "2.0", "id": 1, "error": {"message": "no"}})),
            (Format::Mcp, json!({"result": {"tools": [{"name": "a", "inputSchema": {"type": "object"}}]}})),
            (Format::Mcp, json!([{"name": "a", "inputSchema": {"type": "object"}}])),
            (Format::Json, json!([{"name": "a", "description": "A"}])),
            (Format::Json, json!({"tools": [{"type": "function", "function": {"name": "a"}}]})),
        ] {
            assert_eq!(guess(&document), Ok(format), "{document}");
        }
        for document in [json!({"hello": 1}), json!("text"), json!(7)] {
            assert!(guess(&document).unwrap_err().to_string().contains("neither"));
        }
    }

    #[test]
    fn ids_are_free_also_of_the_catalogues() {
        let list = json!([{"name": "Calendar"}, {"name": "calendar"}, {"name": "import"}, {"name": "x".repeat(90)}]);
        let imported = import(Format::Json, &list).unwrap();
        let ids: Vec<&str> = imported.tools.iter().map(|tool| tool.id.as_str()).collect();
        assert_eq!(ids[..3], ["calendar_2", "calendar_3", "import_2"]);
        assert_eq!(ids[3].len(), custom::MAX_ID);
    }

    #[test]
    fn more_tools_than_are_read_are_named() {
        let many: Vec<Value> = (0..MAX_TOOLS + 3).map(|number| json!({"name": format!("tool {number}")})).collect();
        let imported = import(Format::Json, &Value::Array(many)).unwrap();
        assert_eq!((imported.tools.len(), imported.skipped.len()), (MAX_TOOLS, 3));
    }

    #[test]
    fn what_is_no_such_document_is_said() {
        for (format, document) in [
            (Format::Json, json!({"openapi": "3.1.0"})),
            (Format::Mcp, json!(7)),
            (Format::Openapi, json!([])),
            (Format::Json, json!([])),
            (Format::Json, json!("{")),
            (Format::Json, json!("")),
        ] {
            let error = import(format, &document).unwrap_err();
            assert!(error.to_string().ends_with('.'), "{error}");
        }
    }
}
