//! Claude: a plugin for Claude Code with the agent as a subagent and its workflow as a skill. The skill alone loads
//! wherever Agent Skills do.

use serde::Serialize;
use serde_json::json;

use crate::bundle::kit::{File, Kit};
use crate::bundle::readable::markdown_text;
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::{clean, sentence};

use super::Target;
use super::a2a::description;
use super::names::Names;
use super::text::{shortened, yaml};

#[derive(Serialize)]
struct Front {
    name: String,
    description: String,
}

pub(super) fn files(kit: &Kit<'_>, target: &Target) -> Vec<File> {
    let name = Names::new(target.ids("plugin")).of("agent", &kit.title(), "agent");
    let about = plain(&description(kit), target.limit("description"));
    let author = json!({ "name": "REPLACE_WITH_YOUR_NAME" });
    let plugin = json!({ "name": name, "version": "1.0.0", "description": about, "author": author });
    let when = format!("{} Use it when somebody wants one of these.", description(kit));
    let front = Front { name: name.clone(), description: plain(&when, target.limit("description")) };
    vec![
        File::json(".claude-plugin/plugin.json", &plugin),
        File::text(format!("agents/{name}.md"), with_front(&front, &kit.prompt(PromptFormat::Anthropic).system_prompt)),
        File::text(format!("skills/{name}/SKILL.md"), with_front(&front, &skill(kit))),
    ]
}

/// Front matter takes one line without tags, and readers of it look for its end by three hyphens.
fn plain(text: &str, most: usize) -> String {
    let bare: String = clean(text).chars().filter(|letter| !matches!(letter, '<' | '>')).collect();
    shortened(&bare.replace("--", "–"), most)
}

fn with_front(front: &Front, body: &str) -> String {
    format!("---\n{}---\n\n{body}", yaml(front))
}

/// The workflow in words: every step with what to do and where it leads.
fn skill(kit: &Kit<'_>) -> String {
    let flow = kit.flow.clone();
    let mut text = format!("# {}\n\nFollow these steps. Begin with the first one.\n", markdown_text(&kit.title()));
    for (at, step) in flow.steps.iter().enumerate() {
        text.push_str(&format!("\n## {}. {}\n\n{}\n", at + 1, markdown_text(&step.title()), markdown_text(&step.task)));
        if !step.ways.is_empty() {
            text.push('\n');
        }
        for way in &step.ways {
            let target = markdown_text(&flow.steps[way.to].title());
            text.push_str(&format!("- {} Go on with {}. {target}.\n", markdown_text(&sentence(&way.when)), way.to + 1));
        }
    }
    let tools: Vec<String> = kit.spec.tools().map(|tool| tool_line(&tool.id, &tool.description)).collect();
    if !tools.is_empty() {
        text.push_str("\n## Tools\n\n");
        tools.iter().for_each(|line| text.push_str(line));
    }
    text
}

fn tool_line(id: &str, about: &str) -> String {
    format!("- `{}`: {}\n", crate::prompt::tool_schemas::tool_name(id), markdown_text(&sentence(about)))
}
