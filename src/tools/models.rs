//! What a tool is. Its configuration in one agent is part of the spec and defined there. Pure types, shared with the page.

pub use crate::intent::tool_config::{Endpoint, Risk, ToolConfig};
