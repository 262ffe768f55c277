//! What the agent does: opening, the steps of each goal, its tools, examples.

use crate::intent::models::{FieldId, Provenance};
use crate::prompt::brief::Brief;
use crate::prompt::greeting::{self, Opening};
use crate::prompt::parts::{Block, Mark, Piece};
use crate::prompt::texts::Markup;
use crate::prompt::tool_schemas::tool_name;
use crate::prompt::wording::{
    capitalised, clean, fill, in_words, midsentence, quoted, sentence, uncapitalised, unquoted,
};
use crate::tools::catalogue;
use crate::tools::models::ToolConfig;

use super::identity::{end, titled};

pub(super) fn plan(brief: &Brief<'_>) -> Vec<Block> {
    vec![Block::plain(brief.rules(&brief.texts.rules.plan, Mark::Step, None))]
}

/// How the conversation begins: the owner's greeting, the steps before any goal, finding out the goal.
pub(super) fn opening(brief: &Brief<'_>) -> Vec<Block> {
    let phrases = brief.phrases;
    let mut pieces = Vec::new();
    if !brief.is("api") {
        let provenance = brief.provenance(FieldId::GreetingStyle);
        match greeting::opening(brief.spec) {
            Some(Opening::Said(text)) => {
                let template = if brief.plan.speaks_first { &phrases.opening_spoken } else { &phrases.opening_said };
                let text = fill(template, &[("quote", &quoted(&text))]);
                pieces.push(Piece::of(Mark::Text, text, FieldId::GreetingStyle, provenance));
            }
            Some(Opening::Described { text, .. }) => {
                let template =
                    if brief.plan.speaks_first { &phrases.opening_style_spoken } else { &phrases.opening_style };
                let first = quoted(&greeting::first_message(brief));
                let text = fill(template, &[("text", &end(&text)), ("quote", &first)]);
                pieces.push(Piece::of(Mark::Text, text, FieldId::GreetingStyle, provenance));
            }
            None => {}
        }
    }
    let flow = brief.flow();
    for step in &flow.before {
        pieces.push(Piece { text: fill(&phrases.before, &[("text", &end(&step.text))]), ..step.clone() });
    }
    // Goals without steps, those of a story or of one request are not alternatives to choose from.
    let choice = flow.asks_for_goal && !flow.procedures.is_empty() && brief.spec.items(FieldId::Goals).len() > 1;
    if choice && !brief.is("api") && !brief.is("fiction") {
        pieces.push(Piece::ours(Mark::Text, &*phrases.opening_goal, Some(FieldId::Goals)));
    }
    vec![Block::plain(pieces)]
}

/// The owner's own order, then the steps of each goal as the workflow has them.
pub(super) fn flow(brief: &Brief<'_>) -> Vec<Block> {
    let field = FieldId::ConversationFlow;
    let steps = brief.texts_of(field).map(|(text, item)| Piece::of_item(Mark::Step, sentence(&text), field, item));
    let lead = Piece::of(Mark::Text, &*brief.phrases.order, field, Provenance::Default);
    let mut blocks = vec![Block::list(lead, steps.collect())];
    let flow = brief.flow();
    let more = flow.asks_for_more && !flow.procedures.is_empty() && !brief.is("api") && !brief.is("fiction");
    blocks.extend(flow.procedures.iter().map(|one| {
        if one.title.is_empty() {
            return Block::list(Piece::ours(Mark::Text, &*brief.phrases.steps, Some(one.field)), one.steps.clone());
        }
        Block::group("procedure", one.title.clone(), one.field, one.steps.clone())
    }));
    if more {
        let text = brief.phrases.more.clone();
        blocks.push(Block::plain(vec![Piece::ours(Mark::Text, text, Some(FieldId::Goals))]));
    }
    blocks
}

pub(super) fn method(brief: &Brief<'_>) -> Vec<Block> {
    let pieces = brief.rules(&brief.kind.method, Mark::Bullet, Some(FieldId::AgentType));
    let lead = Piece::of(Mark::Text, &*brief.phrases.method, FieldId::AgentType, Provenance::Default);
    vec![Block::list(lead, pieces)]
}

pub(super) fn tools(brief: &Brief<'_>) -> Vec<Block> {
    let items = brief.spec.items(FieldId::Tools).iter();
    let configured = items.filter_map(|item| Some((item, brief.spec.tool_configs.get(&item.value)?)));
    configured.map(|(item, tool)| tool_block(brief, tool, item.provenance)).collect()
}

fn tool_block(brief: &Brief<'_>, tool: &ToolConfig, provenance: Provenance) -> Block {
    let phrases = brief.phrases;
    let line = |template: &str, text: &str| {
        let blank = clean(text).is_empty();
        (!blank).then(|| fill(template, &[("text", &end(text)), ("quote", &quoted(text))]))
    };
    let name = clean(&tool.name);
    let own_name = !name.is_empty() && name.to_lowercase() != in_words(&tool.id).to_lowercase();
    let about = if own_name { format!("{name}: {}", end(&tool.description)) } else { sentence(&tool.description) };
    let conditions: Vec<String> = own_triggers(tool).iter().map(|text| midsentence(&bare(text))).collect();
    let confirmation = tool.confirmation.as_str();
    let lines = [
        Some(capitalised(&about)),
        occasion(brief, &tool.usage_context),
        line(&phrases.tool_triggers, &conditions.join("; ")),
        line(&phrases.tool_inputs, &inputs(tool, true).join("; ")),
        line(&phrases.tool_optional, &inputs(tool, false).join("; ")),
        line(&phrases.tool_confirm, confirmation).filter(|_| tool.needs_confirmation),
        line(&phrases.tool_after, &tool.output_use),
        line(&phrases.tool_failed, &tool.on_failure).filter(|_| !brief.is("api")),
    ];
    let pieces = lines.into_iter().flatten().map(|text| Piece::of(Mark::Bullet, text, FieldId::Tools, provenance));
    Block::group("tool", tool_name(&tool.id), FieldId::Tools, pieces.collect())
}

/// The tool's parameters with what the schema says of them: `date` (the day, as YYYY-MM-DD).
fn inputs(tool: &ToolConfig, required: bool) -> Vec<String> {
    let wanted = tool.required_parameters();
    let Some(properties) = tool.parameters.get("properties").and_then(serde_json::Value::as_object) else {
        return Vec::new();
    };
    let in_order: Vec<&str> = if required {
        wanted.into_iter().filter(|name| properties.contains_key(*name)).collect()
    } else {
        properties.keys().map(String::as_str).filter(|name| !wanted.contains(name)).collect()
    };
    let described = in_order.into_iter().map(|name| {
        let name_in_words = clean(&name.replace('`', ""));
        match tool.parameter_description(name).map(bare).filter(|text| !text.is_empty()) {
            Some(text) => format!("`{name_in_words}` ({})", uncapitalised(&text)),
            None => format!("`{name_in_words}`"),
        }
    });
    described.collect()
}

/// The conditions somebody set for this agent: those of the catalogue only repeat when the tool is called for.
fn own_triggers(tool: &ToolConfig) -> &[String] {
    let usual = catalogue::configure(&tool.id, None).map(|usual| usual.trigger_conditions);
    if usual.as_ref() == Some(&tool.trigger_conditions) { &[] } else { &tool.trigger_conditions }
}

/// When to call the tool: as it stands where it already begins with the occasion, else under a label.
fn occasion(brief: &Brief<'_>, text: &str) -> Option<String> {
    const OCCASIONS: [&str; 8] = ["when", "whenever", "before", "after", "once", "if", "as", "while"];
    let text = sentence(text);
    let first = text.split(' ').next().unwrap_or_default().to_lowercase();
    match text.is_empty() {
        true => None,
        false if OCCASIONS.contains(&first.as_str()) => Some(text),
        false => Some(fill(&brief.phrases.tool_when, &[("text", &text)])),
    }
}

/// A text without the full stop at its end, for the middle of a line.
fn bare(text: impl AsRef<str>) -> String {
    clean(text.as_ref()).trim_end_matches(['.', ';', ',']).to_owned()
}

pub(super) fn tool_rules(brief: &Brief<'_>) -> Vec<Block> {
    if brief.is("no_tools") {
        return Vec::new();
    }
    vec![Block::plain(brief.rules(&brief.texts.rules.tools, Mark::Bullet, None))]
}

pub(super) fn examples(brief: &Brief<'_>) -> Vec<Block> {
    let field = FieldId::ExampleInteractions;
    if brief.plan.style == Markup::Xml {
        let blocks = brief.texts_of(field).map(|(text, item)| {
            let turns = turns(unquoted(&text)).into_iter();
            let pieces = turns.map(|turn| Piece::of_item(Mark::Text, turn, field, item));
            Block::group("example", String::new(), field, pieces.collect())
        });
        return blocks.collect();
    }
    let mut blocks = titled(brief, field, &brief.phrases.examples);
    for piece in blocks.iter_mut().flat_map(|block| &mut block.pieces) {
        piece.text = quoted(&piece.text);
    }
    blocks
}

/// A dialogue written in one line, cut before each speaker: a capitalised word and a colon after a full stop.
fn turns(text: &str) -> Vec<String> {
    let mut turns: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let speaker = word.ends_with(':') && word.len() > 2 && word.starts_with(char::is_uppercase);
        let ended = turns.last().is_some_and(|turn| turn.ends_with(['.', '!', '?', '"', '”', '…', ',', ';', '/']));
        match turns.last_mut() {
            Some(turn) if !(speaker && ended) => {
                turn.push(' ');
                turn.push_str(word);
            }
            _ => turns.push(word.to_owned()),
        }
    }
    turns
}
