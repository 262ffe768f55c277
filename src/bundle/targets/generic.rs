//! No platform's: the prompt, the tools and the whole agent as one document for programs and for people.

use crate::bundle::export::document_of;
use crate::bundle::kit::{File, Kit};
use crate::bundle::readable;
use crate::prompt::models::PromptFormat;

use super::Target;

pub(super) fn files(kit: &Kit<'_>, _target: &Target) -> Vec<File> {
    vec![
        File::text("prompt.md", kit.prompt(PromptFormat::Generic).system_prompt.as_str()),
        File::json("tools.json", &kit.tools(PromptFormat::Generic)),
        File::compact_json("agent.json", &document_of(kit, true)),
        File::text("agent.md", readable::markdown(kit, true)),
        File::text("agent.txt", readable::text(kit, true)),
    ]
}
