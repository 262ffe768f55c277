//! What nobody said in so many words: assumptions, missing answers, needs nothing covers.

use crate::intent::models::{AgentSpec, FieldId, FieldKind, Item, Provenance};
use crate::intent::vocabulary;
use crate::prompt::models::PlatformPrompt;
use crate::prompt::polish::models::PolishNote;
use crate::prompt::wording::{clean, listed, quoted, sentence};

use super::kit::Kit;

/// A value in the words people use for it.
pub(super) fn shown(spec: &AgentSpec, field: FieldId, item: &Item) -> String {
    match field.kind() {
        FieldKind::Flag => if item.value == "true" { "yes" } else { "no" }.to_owned(),
        FieldKind::Tools => spec.tool_configs.get(&item.value).map_or(item.value.clone(), |tool| clean(&tool.name)),
        _ => clean(&vocabulary::display(field, &item.value)),
    }
}

/// Required fields that are not known yet.
pub(super) fn missing(spec: &AgentSpec) -> Vec<FieldId> {
    let required = FieldId::ALL.into_iter().filter(|field| field.is_required());
    let needed = required.filter(|field| *field != FieldId::Tools || spec.use_tools() == Some(true));
    needed.filter(|field| !spec.has(*field)).collect()
}

/// One field's assumed values, and what they rest on.
pub(super) struct Assumption {
    pub field: FieldId,
    pub values: String,
    /// "a usual default", or the words it was concluded from.
    pub ground: String,
}

pub(super) fn assumptions(spec: &AgentSpec) -> Vec<Assumption> {
    let mut found = Vec::new();
    for (field, slot) in spec.filled() {
        let assumed: Vec<&Item> = slot.items.iter().filter(|item| item.provenance.is_assumption()).collect();
        let Some(first) = assumed.first() else { continue };
        let values: Vec<String> = assumed.iter().map(|item| shown(spec, field, item)).collect();
        let ground = match (&first.provenance, &first.evidence) {
            (Provenance::Inferred, Some(evidence)) => {
                format!("concluded from {} (message {})", quoted(&evidence.quote), evidence.message + 1)
            }
            (Provenance::Inferred, None) => "concluded from the other answers".to_owned(),
            _ => "a usual default; nobody said it".to_owned(),
        };
        found.push(Assumption { field, values: listed(&values, "and"), ground });
    }
    found
}

/// Sections of prompts that are not as generated, or no longer as the owner took them.
fn polished(kit: &Kit<'_>) -> Vec<String> {
    let titles = |prompt: &PlatformPrompt, ids: &[String]| {
        let title = |id: &String| prompt.sections.iter().find(|section| section.id == *id).map(|it| it.title.clone());
        listed(&ids.iter().map(|id| title(id).unwrap_or_else(|| id.clone())).collect::<Vec<_>>(), "and")
    };
    let mut lines = Vec::new();
    for prompt in kit.prompts.values() {
        let Some(PolishNote { sections, lapsed }) = PolishNote::of(prompt) else { continue };
        let platform = prompt.format.label();
        if !sections.is_empty() {
            let titles = titles(prompt, &sections);
            lines.push(format!("{platform} prompt: in words taken from a language model: {titles}."));
        }
        if !lapsed.is_empty() {
            let titles = titles(prompt, &lapsed);
            lines.push(format!("{platform} prompt: as generated again, since what it rests on changed: {titles}."));
        }
    }
    lines
}

/// Plain sentences for the page.
pub(super) fn sentences(kit: &Kit<'_>) -> Vec<String> {
    let spec = kit.spec;
    let mut lines: Vec<String> =
        missing(spec).into_iter().map(|field| format!("{} is required and not answered yet.", field.label())).collect();
    let assumed = assumptions(spec).into_iter();
    lines.extend(assumed.map(|one| format!("{}: {}, {}.", one.field.label(), one.values, one.ground)));
    let unmet = kit.source.unmet.iter();
    lines.extend(unmet.map(|unmet| format!("Nothing covers {}. {}", quoted(&unmet.need), sentence(&unmet.reason))));
    lines.extend(polished(kit));
    lines
}

/// `assumptions.md`.
pub(super) fn report(kit: &Kit<'_>) -> String {
    use super::readable::markdown_text as safe;
    let spec = kit.spec;
    let mut text =
        String::from("# Assumptions\n\nWhat nobody said in so many words. Check it before you rely on it.\n");
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("\n## {title}\n\n"));
            lines.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
        }
    };
    section("Required and not answered", missing(spec).iter().map(|field| field.label().to_owned()).collect());
    let assumed = assumptions(spec).into_iter();
    let assumed =
        assumed.map(|one| format!("**{}**: {} ({})", one.field.label(), safe(&one.values), safe(&one.ground)));
    section("Assumed", assumed.collect());
    let unmet = kit.source.unmet.iter();
    let unmet = unmet.map(|unmet| format!("{} {}", safe(&sentence(&unmet.need)), safe(&sentence(&unmet.reason))));
    section("Needed and not covered", unmet.collect());
    section("In a language model's words", polished(kit));
    let open = FieldId::ALL.into_iter().filter(|field| !field.is_required() && !spec.has(*field));
    section("Optional and left open", open.map(|field| field.label().to_owned()).collect());
    text
}
