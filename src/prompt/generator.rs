//! One platform's prompt from spec and workflow.

use crate::intent::models::AgentSpec;
use crate::workflow::models::Graph;

use super::models::{PlatformPrompt, PromptFormat};

/// Writes the prompt of one platform.
pub fn generate(spec: &AgentSpec, graph: &Graph, format: PromptFormat) -> PlatformPrompt {
    let _ = (spec, graph);
    PlatformPrompt {
        format,
        system_prompt: String::new(),
        instructions: Vec::new(),
        examples: Vec::new(),
        first_message: String::new(),
        tokens: 0,
        metadata: serde_json::Map::new(),
        sources: Vec::new(),
        sections: Vec::new(),
    }
}
