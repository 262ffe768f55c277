//! Tools from an MCP server: the answer to `tools/list`, with or without its JSON-RPC envelope, or the bare list.

use serde_json::Value;

use super::super::custom::{self, CustomTool};
use super::super::models::Risk;
use super::{ImportError, Imported, list, schema, text};

pub fn read(document: &Value, imported: &mut Imported) -> Result<(), ImportError> {
    if let Some(error) = document.get("error") {
        let message = text(error, "message").unwrap_or("no message");
        return Err(ImportError(format!(
            "The server answered an error instead of tools: {}.",
            custom::clip(message, 200)
        )));
    }
    let answer = document.get("result").unwrap_or(document);
    for (at, tool) in list(answer, "answer of an MCP server to `tools/list`")?.iter().enumerate() {
        let name = text(tool, "name").map_or_else(|| format!("tools[{at}]"), str::to_owned);
        imported.take(&name, read_tool(tool));
    }
    Ok(())
}

fn read_tool(tool: &Value) -> Result<CustomTool, String> {
    let id = text(tool, "name").ok_or("it has no name")?;
    let hints = tool.get("annotations").unwrap_or(&Value::Null);
    let name = text(tool, "title").or_else(|| text(hints, "title")).unwrap_or(id);
    let input = tool.get("inputSchema").unwrap_or(&Value::Null);
    Ok(CustomTool {
        id: id.to_owned(),
        name: name.to_owned(),
        description: text(tool, "description").unwrap_or_default().to_owned(),
        category: custom::CATEGORY.to_owned(),
        risk: if hints.get("readOnlyHint") == Some(&Value::Bool(true)) { Risk::Read } else { Risk::Write },
        // References of a schema are about that schema.
        parameters: schema::parameters(input, Some(input))?,
        endpoint: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Format, import};
    use super::*;

    fn tools() -> Value {
        json!([
            {"name": "get_weather", "title": "Weather", "description": "The weather of a place",
             "inputSchema": {"type": "object", "properties": {"at": {"$ref": "#/$defs/place"}}, "required": ["at"],
                "$defs": {"place": {"type": "string", "description": "A town"}}},
             "annotations": {"readOnlyHint": true}},
            {"name": "send-note", "inputSchema": {"type": "object"}},
            {"description": "nameless", "inputSchema": {"type": "object"}},
            {"name": "odd", "inputSchema": {"type": "string"}},
        ])
    }

    #[test]
    fn all_three_shapes_say_the_same() {
        let bare = import(Format::Mcp, &tools()).unwrap();
        let answer = json!({"tools": tools(), "nextCursor": "x"});
        assert_eq!(import(Format::Mcp, &answer).unwrap(), bare);
        assert_eq!(import(Format::Mcp, &json!({"jsonrpc": "2.0", "id": 1, "result": answer})).unwrap(), bare);
    }

    #[test]
    fn tools_keep_their_names_and_inputs() {
        let imported = import(Format::Mcp, &tools()).unwrap();
        let [weather, note] = &imported.tools[..] else { panic!("{imported:?}") };
        assert_eq!((weather.id.as_str(), weather.name.as_str(), weather.risk), ("get_weather", "Weather", Risk::Read));
        assert_eq!(weather.parameters["properties"]["at"], json!({"type": "string", "description": "A town"}));
        assert_eq!((note.id.as_str(), note.risk), ("send_note", Risk::Write));
        let skipped: Vec<&str> = imported.skipped.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(skipped, ["tools[2]", "odd"]);
    }

    #[test]
    fn an_error_of_the_server_is_said() {
        let error = json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}});
        assert!(import(Format::Mcp, &error).unwrap_err().to_string().contains("Method not found"));
    }
}
