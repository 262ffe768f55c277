//! Tools from plain JSON: `[{name, description, parameters?}]`, or functions as OpenAI's API takes them.

use serde_json::Value;

use super::super::custom::{self, CustomTool};
use super::super::models::Endpoint;
use super::{ImportError, Imported, list, schema, text};

pub fn read(document: &Value, imported: &mut Imported) -> Result<(), ImportError> {
    for (at, tool) in list(document, "list of tools")?.iter().enumerate() {
        let tool = tool.get("function").unwrap_or(tool);
        let name = text(tool, "name").map_or_else(|| format!("tools[{at}]"), str::to_owned);
        imported.take(&name, read_tool(tool));
    }
    Ok(())
}

fn read_tool(tool: &Value) -> Result<CustomTool, String> {
    let name = text(tool, "name").ok_or("it has no name")?;
    let endpoint = endpoint(tool)?;
    Ok(CustomTool {
        id: text(tool, "id").unwrap_or(name).to_owned(),
        name: name.to_owned(),
        description: text(tool, "description").unwrap_or_default().to_owned(),
        category: text(tool, "category").map_or_else(|| custom::CATEGORY.to_owned(), custom::slug),
        risk: custom::risk_of(endpoint.as_ref()),
        parameters: schema::parameters(tool, tool.get("parameters"))?,
        endpoint,
    })
}

fn endpoint(tool: &Value) -> Result<Option<Endpoint>, String> {
    let Some(endpoint) = tool.get("endpoint").filter(|endpoint| !endpoint.is_null()) else { return Ok(None) };
    let method = text(endpoint, "method").unwrap_or("GET").to_ascii_uppercase();
    let url = text(endpoint, "url").ok_or("its endpoint has no url")?.to_owned();
    let endpoint = Endpoint { method, url };
    match custom::endpoint_problem(&endpoint) {
        Some(problem) => Err(problem),
        None => Ok(Some(endpoint)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::models::Risk;
    use super::super::{Format, import};

    #[test]
    fn plain_tools_and_functions_are_read() {
        let document = json!({"tools": [
            {"name": "Find table", "description": "Finds a free table", "parameters": {
                "properties": {"people": {"type": "integer"}}, "required": ["people"]},
             "endpoint": {"method": "get", "url": "https://tables.example/free"}},
            {"type": "function", "function": {"name": "book_table", "description": "Books it", "strict": true,
                "parameters": {"type": "object", "properties": {}, "additionalProperties": false}}},
        ]});
        let imported = import(Format::Json, &document).unwrap();
        let [find, book] = &imported.tools[..] else { panic!("{imported:?}") };
        assert_eq!((find.id.as_str(), find.risk, book.id.as_str()), ("find_table", Risk::Read, "book_table"));
        assert_eq!(find.parameters["required"], json!(["people"]));
        assert_eq!(find.endpoint.as_ref().map(|endpoint| endpoint.method.as_str()), Some("GET"));
        assert_eq!(book.parameters, *json!({"type": "object", "properties": {}, "required": []}).as_object().unwrap());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let document = json!([7, {"name": "a", "parameters": "x"}, {"name": "b", "endpoint": {"url": "ftp://b"}}]);
        let imported = import(Format::Json, &document).unwrap();
        let skipped: Vec<&str> = imported.skipped.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(skipped, ["tools[0]", "a", "b"]);
    }
}
