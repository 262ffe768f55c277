//! Model Context Protocol: the agent's tools as the answer of a server's `tools/list`.

use serde_json::{Value, json};

use crate::bundle::kit::{File, Kit};
use crate::prompt::tool_schemas;
use crate::prompt::wording::clean;
use crate::tools::models::{Risk, ToolConfig};

use super::Target;

pub(super) fn files(kit: &Kit<'_>, _target: &Target) -> Vec<File> {
    let tools: Vec<Value> = kit.spec.tools().map(tool).collect();
    vec![File::json("tools_list.json", &json!({ "tools": tools }))]
}

fn tool(tool: &ToolConfig) -> Value {
    json!({
        "name": tool_schemas::tool_name(&tool.id),
        "title": clean(&tool.name),
        "description": tool_schemas::description(tool),
        "inputSchema": tool_schemas::parameters(tool),
        "annotations": {
            "readOnlyHint": tool.risk == Risk::Read,
            "destructiveHint": tool.risk != Risk::Read,
            "openWorldHint": true,
        },
    })
}
