//! What the Python targets share: the agent's tools as typed functions, each calling its address or waiting to be
//! connected. Owners' words stand in string literals only.

use serde_json::{Map, Value};

use crate::bundle::kit::Kit;
use crate::prompt::wording::{clean, sentence};
use crate::tools::models::ToolConfig;

use super::names::{Names, Rule};
use super::text::{python_string, python_value};

/// The lines before the first tool: how an address is called.
const HEAD: &str = include_str!("../data/targets/python/tools_head.py");

/// One tool as Python code knows it.
pub(super) struct PythonTool<'a> {
    pub config: &'a ToolConfig,
    /// Name of the function.
    pub name: String,
    /// Name of the environment variable that holds the secret for its address.
    pub secret: String,
    pub description: String,
    pub parameters: Map<String, Value>,
    /// Name of each parameter in Python, in the order of the schema.
    arguments: Vec<(String, String)>,
}

/// The agent's tools, named by a rule for identifiers.
pub(super) fn tools<'a>(kit: &Kit<'a>, functions: &Rule, arguments: &Rule) -> Vec<PythonTool<'a>> {
    let mut names = Names::new(functions);
    let tool = |config: &'a ToolConfig| {
        let name = names.of(&config.id, &config.id, "tool");
        let parameters = crate::prompt::tool_schemas::parameters(config);
        let mut given = Names::new(arguments);
        let properties = parameters.get("properties").and_then(Value::as_object);
        let keys = properties.into_iter().flat_map(Map::keys);
        let arguments = keys.map(|key| (key.clone(), given.of(key, key, "value"))).collect();
        PythonTool {
            config,
            secret: format!("{}_TOKEN", name.to_ascii_uppercase()),
            description: crate::prompt::tool_schemas::description(config),
            name,
            parameters,
            arguments,
        }
    };
    kit.spec.tools().map(tool).collect()
}

/// `tools.py`.
pub(super) fn module(tools: &[PythonTool<'_>]) -> String {
    let mut text = HEAD.to_owned();
    tools.iter().for_each(|tool| text.push_str(&function(tool)));
    text
}

fn function(tool: &PythonTool<'_>) -> String {
    let required = tool.config.required_parameters();
    let (needed, rest): (Vec<_>, Vec<_>) = tool.arguments.iter().partition(|(key, _)| required.contains(&key.as_str()));
    let schema = |key: &str| tool.parameters.get("properties").and_then(|properties| properties.get(key));
    let needed = needed.iter().map(|(key, name)| format!("{name}: {}", python_type(schema(key))));
    let rest = rest.iter().map(|(key, name)| format!("{name}: {} | None = None", python_type(schema(key))));
    let signature: Vec<String> = needed.chain(rest).collect();
    let mut text = format!("\n\ndef {}({}) -> str:\n", tool.name, signature.join(", "));
    text.push_str(&format!("    {}\n", python_string(&docstring(tool))));
    match &tool.config.endpoint {
        Some(endpoint) => {
            let pairs = tool.arguments.iter().map(|(key, name)| format!("{}: {name}", python_string(key)));
            let arguments = pairs.collect::<Vec<_>>().join(", ");
            let (method, url) = (clean(&endpoint.method).to_ascii_uppercase(), clean(&endpoint.url));
            text.push_str(&format!(
                "    return _send({}, {}, {{{arguments}}}, {})\n",
                python_string(&method),
                python_string(&url),
                python_string(&tool.secret)
            ));
        }
        None => {
            let message = format!("Connect {} in tools.py.", clean(&tool.config.name));
            text.push_str(&format!("    raise NotImplementedError({})\n", python_string(&message)));
        }
    }
    text
}

/// A function that only waits to be connected: its signature, in plain types, and nothing that anybody wrote.
pub(super) fn stub(tool: &PythonTool<'_>) -> String {
    let required = tool.config.required_parameters();
    let plain = |key: &str| match tool.parameters.get("properties").and_then(|all| all.get(key)?.get("type")?.as_str())
    {
        Some("integer") => "int",
        Some("number") => "float",
        Some("boolean") => "bool",
        Some("array") => "list",
        Some("object") => "dict",
        _ => "str",
    };
    let (needed, rest): (Vec<_>, Vec<_>) = tool.arguments.iter().partition(|(key, _)| required.contains(&key.as_str()));
    let needed = needed.iter().map(|(key, name)| format!("{name}: {}", plain(key)));
    let rest = rest.iter().map(|(key, name)| format!("{name}: {} = None", plain(key)));
    let signature: Vec<String> = needed.chain(rest).collect();
    format!(
        "def {}({}) -> str:\n    raise NotImplementedError(\"Connect this tool.\")\n",
        tool.name,
        signature.join(", ")
    )
}

/// What it does, and each argument in a line, as the frameworks that read docstrings want it.
fn docstring(tool: &PythonTool<'_>) -> String {
    let mut text = tool.description.clone();
    if !tool.arguments.is_empty() {
        text.push_str("\n\nArgs:\n");
        for (key, name) in &tool.arguments {
            let said = tool.config.parameter_description(key).map(sentence).unwrap_or_default();
            let said = if said.is_empty() { sentence(&crate::prompt::wording::in_words(key)) } else { said };
            text.push_str(&format!("    {name}: {said}\n"));
        }
    }
    text
}

fn python_type(schema: Option<&Value>) -> String {
    let kind = match schema.and_then(|schema| schema.get("type")) {
        Some(Value::String(only)) => only.as_str(),
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or("string")
        }
        _ => "string",
    };
    let choices = schema.and_then(|schema| schema.get("enum")).and_then(Value::as_array);
    let choices: Vec<&str> = choices.into_iter().flatten().filter_map(Value::as_str).collect();
    match kind {
        "string" if !choices.is_empty() => {
            format!("Literal[{}]", choices.into_iter().map(python_string).collect::<Vec<_>>().join(", "))
        }
        "integer" => "int".to_owned(),
        "number" => "float".to_owned(),
        "boolean" => "bool".to_owned(),
        "array" => {
            let items = schema.and_then(|schema| schema.get("items"));
            format!("list[{}]", python_type(items.filter(|items| items.is_object())))
        }
        "object" => "dict[str, Any]".to_owned(),
        _ => "str".to_owned(),
    }
}

/// A tool as a dictionary: name, description, schema, the function behind it, what to say when it fails, whether it needs
/// a yes first.
pub(super) fn entry(tool: &PythonTool<'_>) -> String {
    let arguments: Vec<String> =
        tool.arguments.iter().map(|(key, name)| format!("{}: {}", python_string(key), python_string(name))).collect();
    format!(
        "{{\"name\": {}, \"description\": {}, \"parameters\": {}, \"arguments\": {{{}}}, \"run\": tools.{}, \
         \"on_failure\": {}, \"needs_approval\": {}}}",
        python_string(&tool.name),
        python_string(&tool.description),
        python_value(&Value::Object(tool.parameters.clone())),
        arguments.join(", "),
        tool.name,
        python_string(&clean(&tool.config.on_failure)),
        python_value(&Value::Bool(tool.config.needs_confirmation)),
    )
}

/// `.env.example`: the names of the secrets, never a value.
pub(super) fn env_example(model: &[(&str, &str)], tools: &[PythonTool<'_>]) -> String {
    let mut text = String::new();
    model.iter().for_each(|(name, value)| text.push_str(&format!("{name}={value}\n")));
    let own = tools.iter().filter(|tool| tool.config.endpoint.is_some());
    own.for_each(|tool| text.push_str(&format!("{}=\n", tool.secret)));
    text
}
