//! The agent for people: one Markdown or text document, and the README of a bundle.

use crate::intent::models::{FieldId, Slot};
use crate::prompt::models::PromptFormat;
use crate::prompt::wording::{clean, in_words, quoted, sentence};
use crate::tools::models::ToolConfig;
use crate::workflow::render;

use super::kit::Kit;
use super::review;
use super::targets::Target;

/// People's words in our Markdown: nothing in them is markup.
pub(super) fn markdown_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in clean(text).chars() {
        if matches!(letter, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A text as a block of code that nothing inside it can close.
fn fenced(text: &str, language: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// The values of a field with where each came from: "calm (said)".
fn values(kit: &Kit<'_>, field: FieldId, slot: &Slot) -> Vec<String> {
    let shown = slot.items.iter().map(|item| {
        let value = review::shown(kit.spec, field, item);
        let words = item.label.as_deref().map(clean).filter(|label| !label.eq_ignore_ascii_case(&value));
        let words = words.map(|label| format!(", {}", quoted(&label))).unwrap_or_default();
        format!("{value}{words} ({})", item.provenance.as_str())
    });
    shown.collect()
}

/// The Markdown export.
pub(super) fn markdown(kit: &Kit<'_>, include_workflow: bool) -> String {
    let mut text = format!("# {}\n", markdown_text(&kit.title()));
    text.push_str("\n## What it is\n\n");
    for (field, slot) in kit.spec.filled() {
        let values = values(kit, field, slot);
        match values.as_slice() {
            [only] => text.push_str(&format!("- **{}**: {}\n", field.label(), markdown_text(only))),
            several => {
                text.push_str(&format!("- **{}**:\n", field.label()));
                several.iter().for_each(|value| text.push_str(&format!("  - {}\n", markdown_text(value))));
            }
        }
    }
    if kit.spec.tools().next().is_some() {
        text.push_str("\n## Tools\n");
    }
    for tool in kit.spec.tools() {
        text.push_str(&format!(
            "\n### {}\n\n{}\n",
            markdown_text(&tool.name),
            markdown_text(&sentence(&tool.description))
        ));
        let facts = tool_facts(tool);
        text.push('\n');
        facts.iter().for_each(|(name, value)| text.push_str(&format!("- **{name}**: {}\n", markdown_text(value))));
    }
    if include_workflow {
        text.push_str("\n## Workflow\n\n");
        let summary = render::text_summary(kit.source.graph);
        summary.lines().filter(|line| !line.trim().is_empty()).for_each(|line| {
            text.push_str(&format!("{}\n\n", markdown_text(line)));
        });
        text.push_str(&fenced(&render::mermaid(kit.source.graph), "mermaid"));
    }
    text.push_str("\n## Prompts\n");
    for format in PromptFormat::ALL {
        let prompt = kit.prompt(format);
        text.push_str(&format!("\n### {}\n\n", format.label()));
        if !prompt.first_message.is_empty() {
            text.push_str(&format!("First message: {}\n\n", markdown_text(&quoted(&prompt.first_message))));
        }
        text.push_str(&fenced(&prompt.system_prompt, "text"));
    }
    text.push_str(&review_list(kit, "\n## To check\n\n", markdown_text));
    text
}

/// The plain-text export.
pub(super) fn text(kit: &Kit<'_>, include_workflow: bool) -> String {
    let title = kit.title();
    let mut text = format!("{title}\n{}\n\nWHAT IT IS\n\n", "=".repeat(title.chars().count()));
    for (field, slot) in kit.spec.filled() {
        let values = values(kit, field, slot);
        match values.as_slice() {
            [only] => text.push_str(&format!("{}: {only}\n", field.label())),
            several => {
                text.push_str(&format!("{}:\n", field.label()));
                several.iter().for_each(|value| text.push_str(&format!("  - {value}\n")));
            }
        }
    }
    if kit.spec.tools().next().is_some() {
        text.push_str("\nTOOLS\n");
    }
    for tool in kit.spec.tools() {
        text.push_str(&format!("\n{}: {}\n", clean(&tool.name), sentence(&tool.description)));
        tool_facts(tool).iter().for_each(|(name, value)| text.push_str(&format!("  {name}: {value}\n")));
    }
    if include_workflow {
        text.push_str(&format!("\nWORKFLOW\n\n{}\n", render::text_summary(kit.source.graph).trim_end()));
    }
    let prompt = kit.prompt(PromptFormat::Generic);
    if !prompt.first_message.is_empty() {
        text.push_str(&format!("\nFIRST MESSAGE\n\n{}\n", prompt.first_message));
    }
    text.push_str(&format!("\nPROMPT\n\n{}", prompt.system_prompt));
    text.push_str(&review_list(kit, "\nTO CHECK\n\n", str::to_owned));
    text
}

fn review_list(kit: &Kit<'_>, heading: &str, safe: fn(&str) -> String) -> String {
    let lines = review::sentences(kit);
    if lines.is_empty() {
        return String::new();
    }
    lines.iter().fold(heading.to_owned(), |text, line| text + &format!("- {}\n", safe(line)))
}

fn tool_facts(tool: &ToolConfig) -> Vec<(&'static str, String)> {
    let inputs: Vec<String> = tool.required_parameters().into_iter().map(in_words).collect();
    let address =
        tool.endpoint.as_ref().map(|endpoint| format!("{} {}", clean(&endpoint.method), clean(&endpoint.url)));
    let facts = [
        ("Id", tool.id.clone()),
        ("When", sentence(&tool.usage_context)),
        ("Needs", inputs.join(", ")),
        ("Asks first", if tool.needs_confirmation { quoted(&tool.confirmation) } else { "no".to_owned() }),
        ("When it fails", if clean(&tool.on_failure).is_empty() { String::new() } else { quoted(&tool.on_failure) }),
        ("Address", address.unwrap_or_default()),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// `README.md` of the zip.
pub(super) fn readme(kit: &Kit<'_>, targets: &[&Target], include_workflow: bool) -> String {
    let mut text = format!("# {}\n\nThis bundle was written by Agentwright.\n\n", markdown_text(&kit.title()));
    text.push_str("| file | what it is |\n|---|---|\n");
    let mut row = |file: &str, about: &str| text.push_str(&format!("| `{file}` | {about} |\n"));
    row("assumptions.md", "what nobody said in so many words, what is missing, what nothing covers: read it first");
    row("spec.json, spec.yaml", "the agent itself, every field with where it came from");
    row("prompts/, tools/", "the system prompt and the tools in the form of each vendor");
    if include_workflow {
        row("workflow.json", "the conversation as a graph");
        row(
            "workflow.svg, workflow.png, workflow.mmd, workflow.dot",
            "the same graph as a picture, as Mermaid and as Graphviz source",
        );
    }
    row("tests.md, tests.json", "acceptance tests: what a user says and what the agent must then do");
    row("lint.md, lint.json", "what could be wrong with the prompts, and what to do about it");
    if !kit.source.transcript.is_empty() {
        row("transcript.md", "the interview");
    }
    row("manifest.json", "every file with its size and SHA-256");
    targets.iter().for_each(|target| row(&format!("{}/", target.id), target.about()));
    text.push_str(
        "\nEach folder has a README.md that says how to load it, and a loss.md that says what its platform cannot express.\n",
    );
    text
}
