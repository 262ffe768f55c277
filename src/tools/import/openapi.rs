//! Tools from an OpenAPI document, 3.0 or 3.1: one for each operation.

use serde_json::{Map, Value, json};

use super::super::custom::{self, CustomTool};
use super::super::models::Endpoint;
use super::schema::{self, Source};
use super::{ImportError, Imported, text};

/// Methods that become tools.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Methods that are operations but of no use to an agent.
const OTHERS: [&str; 3] = ["head", "options", "trace"];
/// Headers that the caller's library sets, not the conversation.
const TECHNICAL: [&str; 3] = ["accept", "content-type", "authorization"];

pub fn read(document: &Value, imported: &mut Imported) -> Result<(), ImportError> {
    check_version(document)?;
    let none = "The document has no `paths`, so there is no operation to make a tool of.";
    let paths = document.get("paths").and_then(Value::as_object).ok_or_else(|| ImportError(none.to_owned()))?;
    for (path, item) in paths.iter().filter(|(path, _)| path.starts_with('/')) {
        let item = match Source::new(document).resolve(item) {
            Ok(item) => item,
            Err(reason) => {
                imported.take(path, Err(reason));
                continue;
            }
        };
        for method in METHODS.into_iter().chain(OTHERS) {
            let Some(operation) = item.get(method) else { continue };
            let call = Call { document, path, item, method, operation };
            let name = text(operation, "operationId").map_or_else(|| call.title(), str::to_owned);
            let tool = if OTHERS.contains(&method) {
                Err(format!("{} tells an agent nothing", method.to_uppercase()))
            } else {
                call.tool()
            };
            imported.take(&name, tool);
        }
    }
    Ok(())
}

fn check_version(document: &Value) -> Result<(), ImportError> {
    let problem = match (text(document, "openapi"), document.get("swagger")) {
        (Some(version), _) if version.starts_with("3.") => return Ok(()),
        (Some(version), _) => format!("OpenAPI {} is not read; 3.0 and 3.1 are.", custom::clip(version, 20)),
        (None, Some(_)) => "This is Swagger 2.0. Convert it to OpenAPI 3 first, then send it again.".to_owned(),
        (None, None) => "This is no OpenAPI document: it has no `openapi` version.".to_owned(),
    };
    Err(ImportError(problem))
}

/// One operation and where it stands.
struct Call<'a> {
    document: &'a Value,
    path: &'a str,
    item: &'a Value,
    method: &'static str,
    operation: &'a Value,
}

impl<'a> Call<'a> {
    fn title(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    fn tool(&self) -> Result<CustomTool, String> {
        let title = self.title();
        let summary = text(self.operation, "summary");
        let description = text(self.operation, "description").or(summary).unwrap_or_default();
        let endpoint = self.endpoint();
        Ok(CustomTool {
            id: text(self.operation, "operationId").unwrap_or(&title).to_owned(),
            name: summary.or_else(|| text(self.operation, "operationId")).unwrap_or(&title).to_owned(),
            description: description.to_owned(),
            category: custom::CATEGORY.to_owned(),
            risk: custom::risk_of(endpoint.as_ref().or(Some(&self.local_endpoint()))),
            parameters: self.parameters()?,
            endpoint,
        })
    }

    fn local_endpoint(&self) -> Endpoint {
        Endpoint { method: self.method.to_uppercase(), url: self.path.to_owned() }
    }

    /// The whole address, if the document names its server in full.
    fn endpoint(&self) -> Option<Endpoint> {
        let places = [self.operation, self.item, self.document];
        let server = places.into_iter().find_map(|place| place.get("servers")?.get(0))?;
        let mut base = text(server, "url")?.to_owned();
        for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
            base = base.replace(&format!("{{{name}}}"), text(variable, "default").unwrap_or_default());
        }
        let endpoint =
            Endpoint { url: format!("{}{}", base.trim_end_matches('/'), self.path), ..self.local_endpoint() };
        custom::endpoint_problem(&endpoint).is_none().then_some(endpoint)
    }

    fn parameters(&self) -> Result<Map<String, Value>, String> {
        let source = Source::new(self.document);
        let mut properties = Map::new();
        let mut required = Vec::new();
        for parameter in self.declared(&source)? {
            let Some((name, place)) = text(parameter, "name").zip(text(parameter, "in")) else {
                return Err("one of its parameters has no name or no place".to_owned());
            };
            let is_technical = place == "header" && TECHNICAL.contains(&name.to_ascii_lowercase().as_str());
            if place == "cookie" || is_technical {
                continue;
            }
            properties.insert(name.to_owned(), read_parameter(&source, parameter)?.into());
            if place == "path" || parameter.get("required") == Some(&Value::Bool(true)) {
                required.push(name.to_owned());
            }
        }
        if let Some(body) = self.operation.get("requestBody") {
            self.add_body(&source, source.resolve(body)?, &mut properties, &mut required)?;
        }
        let mut parameters = schema::plain("object");
        parameters.insert("properties".to_owned(), properties.into());
        parameters.insert("required".to_owned(), json!(required));
        Ok(parameters)
    }

    /// The parameters of the operation and those of its path that it does not replace.
    fn declared(&self, source: &Source<'a>) -> Result<Vec<&'a Value>, String> {
        let mut declared: Vec<&Value> = Vec::new();
        for place in [self.operation, self.item] {
            for parameter in place.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                let parameter = source.resolve(parameter)?;
                let key = |one: &Value| (one.get("name").cloned(), one.get("in").cloned());
                if !declared.iter().any(|known| key(known) == key(parameter)) {
                    declared.push(parameter);
                }
            }
        }
        Ok(declared)
    }

    /// The body's properties become parameters; a body that is no object becomes the parameter `body`.
    fn add_body(
        &self,
        source: &Source<'a>,
        body: &'a Value,
        properties: &mut Map<String, Value>,
        required: &mut Vec<String>,
    ) -> Result<(), String> {
        let Some(content) = body.get("content").and_then(Value::as_object) else { return Ok(()) };
        let is_readable = |kind: &str| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind == "application/json" || kind.ends_with("+json") || kind == "*/*" || kind.contains("form")
        };
        let Some((_, media)) = content.iter().find(|(kind, _)| is_readable(kind)) else {
            let kinds: Vec<&str> = content.keys().map(String::as_str).collect();
            return Err(format!("takes a body of {} only", custom::clip(&kinds.join(", "), 100)));
        };
        let schema = match media.get("schema") {
            Some(schema) => source.schema(schema)?,
            None => schema::plain("object"),
        };
        let is_required = body.get("required") == Some(&Value::Bool(true));
        let Some(own) = schema.get("properties").and_then(Value::as_object) else {
            properties.insert("body".to_owned(), schema.into());
            required.extend(is_required.then(|| "body".to_owned()));
            return Ok(());
        };
        let needed = schema.get("required").and_then(Value::as_array);
        for (name, property) in own {
            let free = if properties.contains_key(name) { format!("body_{name}") } else { name.clone() };
            if is_required && needed.is_some_and(|needed| needed.iter().any(|one| one == name)) {
                required.push(free.clone());
            }
            properties.insert(free, property.clone());
        }
        Ok(())
    }
}

/// The schema of a parameter, with the parameter's own description.
fn read_parameter<'a>(source: &Source<'a>, parameter: &'a Value) -> Result<Map<String, Value>, String> {
    let content = || parameter.get("content")?.as_object()?.values().next()?.get("schema");
    let mut read = match parameter.get("schema").or_else(content) {
        Some(schema) => source.schema(schema)?,
        None => schema::plain("string"),
    };
    if let Some(description) = text(parameter, "description") {
        read.insert("description".to_owned(), custom::clip(description, 400).into());
    }
    Ok(read)
}

#[cfg(test)]
#[path = "openapi_tests.rs"]
mod tests;
