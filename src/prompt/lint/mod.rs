//! What could be wrong with an agent's prompts: rules over spec, workflow and generated prompts. Pure.
//!
//! A rule is an entry of `data/lint.toml` (severity, message, fix) and one small function in `rules/` that finds where
//! it is broken.

mod data;
mod models;
mod remedy;
mod rules;
mod secrets;
#[cfg(test)]
mod settings_tests;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::intent::models::{AgentSpec, FieldId};
use crate::workflow::models::Graph;

use super::models::{PlatformPrompt, PromptFormat};
use super::wording::fill;
use data::DATA;

pub(super) use rules::forbids;

pub use models::{Finding, LintReport, Place, Severity};

/// Everything that the rules look at.
struct Subject<'a> {
    spec: &'a AgentSpec,
    graph: &'a Graph,
    prompts: &'a [PlatformPrompt],
}

/// A place where a rule is broken, and what its message is filled with.
#[derive(Debug, Default)]
struct Hit {
    place: Place,
    words: Vec<(&'static str, String)>,
}

/// A line of a prompt that holds text.
struct Spot<'a> {
    format: PromptFormat,
    number: u32,
    text: &'a str,
    /// The field it comes from; `None` for what every agent of this kind gets.
    field: Option<FieldId>,
}

impl Spot<'_> {
    fn place(&self) -> Place {
        Place { format: Some(self.format), line: Some(self.number), field: self.field, ..Place::default() }
    }
}

impl Subject<'_> {
    fn lines(&self) -> impl Iterator<Item = Spot<'_>> {
        self.prompts.iter().flat_map(lines_of)
    }
}

fn lines_of(prompt: &PlatformPrompt) -> impl Iterator<Item = Spot<'_>> {
    let lines = prompt.system_prompt.lines().zip(1..).filter(|(text, _)| !text.trim().is_empty());
    // Sources come in the order of the lines.
    let mut sources = prompt.sources.iter().peekable();
    lines.map(move |(text, number)| {
        while sources.next_if(|source| source.line < number).is_some() {}
        let field = sources.peek().filter(|source| source.line == number).and_then(|it| FieldId::parse(&it.field));
        Spot { format: prompt.format, number, text, field }
    })
}

/// Looks at these prompts of an agent, as they are.
pub fn check(spec: &AgentSpec, graph: &Graph, prompts: &[PlatformPrompt]) -> LintReport {
    let subject = &Subject { spec, graph, prompts };
    let mut findings = Vec::new();
    let mut lost = 0;
    for rule in &DATA.rules {
        let Some(look) = rules::named(&rule.id) else { continue };
        // The same words in another prompt are the same finding.
        let mut seen = HashSet::new();
        let mut hits = look(subject);
        hits.retain(|hit| seen.insert((hit.words.clone(), hit.place.field, hit.place.node.clone())));
        lost += (hits.len() as u32 * DATA.score.of(rule.severity)).min(DATA.score.most);
        findings.extend(hits.into_iter().map(|hit| {
            let words: Vec<(&str, &str)> = hit.words.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let message = fill(&rule.message, &words);
            let can_fix = rule.remedy.as_ref().is_some_and(|remedy| remedy::can(remedy, &hit.place));
            let (severity, place, fix) = (rule.severity, hit.place, rule.fix.clone());
            Finding { rule: rule.id.clone(), severity, message, place, fix, can_fix }
        }));
    }
    // At most 100, so it fits.
    LintReport { score: 100 - lost.min(100) as u8, findings }
}

/// The agent after one click on a finding; `None` where there is no such finding or nothing that a click could do.
pub fn mended(
    spec: &AgentSpec,
    graph: &Graph,
    prompts: &[PlatformPrompt],
    rule: &str,
    place: &Place,
) -> Option<AgentSpec> {
    let remedy = DATA.rules.iter().find(|known| known.id == rule)?.remedy.as_ref()?;
    let hits = rules::named(rule)?(&Subject { spec, graph, prompts });
    let hit = hits.into_iter().find(|hit| hit.place == *place)?;
    let mut mended = spec.clone();
    remedy::mend(&mut mended, remedy, &hit);
    (mended != *spec).then_some(mended)
}
