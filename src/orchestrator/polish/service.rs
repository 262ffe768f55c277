//! Polishing as use cases.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use crate::error::{AppError, FieldProblem};
use crate::intent::models::AgentSpec;
use crate::llm::models::{ChatMessage, ChatRequest, Collected, OutputShape, Purpose};
use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::models::Interview;
use crate::orchestrator::outputs::synthesis;
use crate::orchestrator::service::{Proposal, Target, TurnService};
use crate::orchestrator::state::Session;
use crate::orchestrator::turn;
use crate::orchestrator::workshop::Workshop;
use crate::prompt::generator::generate;
use crate::prompt::models::{PlatformPrompt, PromptFormat};
use crate::prompt::polish::models::{DiffLine, LineChange, Polished, SectionProposal};
use crate::prompt::polish::{self, Examiner, Refused};
use crate::session::models::SessionId;
use crate::session::ports::{Caller, Cause};
use crate::workflow::models::Graph;
use crate::workflow::synthesizer::synthesize;

use super::models::{AcceptPolish, DropPolish, MAX_SECTION_CHARS, MAX_SECTIONS, PolishProposals};

impl Workshop {
    /// Asks the model to put the generated sections of a prompt better. Nothing is kept.
    pub async fn polish(
        &self,
        caller: &Caller,
        id: &SessionId,
        format: PromptFormat,
    ) -> Result<PolishProposals, AppError> {
        let session = self.turns.load(caller, id).await?;
        let spec = &session.interview.spec;
        let graph = synthesis(&session).graph;
        let generated = generate(spec, &graph, format);
        let answer = self.ask(Purpose::Polish, &request(&generated)).await?;
        let texts = read(&answer)?;
        let proposals = proposals(spec, &graph, &generated, &texts);
        Ok(PolishProposals { format, version: session.version, proposals, model: answer.model, usage: answer.usage })
    }
}

impl TurnService {
    /// Takes proposed sections: one step that can be undone, or none with what is wrong with each.
    pub async fn accept_polish(
        &self,
        caller: &Caller,
        id: &SessionId,
        wanted: &AcceptPolish,
        key: Option<&str>,
    ) -> Result<StepAnswer, AppError> {
        if wanted.sections.is_empty() || wanted.sections.len() > MAX_SECTIONS {
            return Err(AppError::field("sections", format!("must name from 1 to {MAX_SECTIONS} sections")));
        }
        let reason = format!("{} prompt polished", wanted.format.label());
        let step = |session: &Session| {
            let interview = with_polish(&session.interview, wanted)?;
            if interview.polished == session.interview.polished {
                return Err(nothing("The prompt has these words already."));
            }
            let outcome = turn::settle(session.interview.clone(), interview, &reason);
            Ok(Proposal::new(outcome, Cause::Polish, reason.clone()))
        };
        let request = format!("polish {}", crate::orchestrator::repeat::to_json(wanted)?);
        self.once(caller, open(id), key, &request, |kept| StepAnswer::from(kept), step).await
    }

    /// Has sections as generated again: one step that can be undone.
    pub async fn drop_polish(
        &self,
        caller: &Caller,
        id: &SessionId,
        dropped: &DropPolish,
        key: Option<&str>,
    ) -> Result<StepAnswer, AppError> {
        let DropPolish { format, sections } = dropped;
        let reason = format!("{} prompt as generated", format.label());
        let step = |session: &Session| {
            let mut interview = session.interview.clone();
            if let Some(polished) = interview.polished.get_mut(format) {
                polished.retain(|id, _| !sections.is_empty() && !sections.contains(id));
            }
            interview.polished.retain(|_, sections| !sections.is_empty());
            if interview.polished == session.interview.polished {
                return Err(nothing("These sections are as they were generated."));
            }
            let outcome = turn::settle(session.interview.clone(), interview, &reason);
            Ok(Proposal::new(outcome, Cause::Polish, reason.clone()))
        };
        let request = format!("drop polish {}", crate::orchestrator::repeat::to_json(dropped)?);
        self.once(caller, open(id), key, &request, |kept| StepAnswer::from(kept), step).await
    }
}

fn open(id: &SessionId) -> Target<'_> {
    Target { id, expected_version: None, may_be_completed: false }
}

fn nothing(message: &str) -> AppError {
    AppError::Nothing { message: message.to_owned() }
}

/// The sections as data, and the shape the answer must have.
fn request(generated: &PlatformPrompt) -> ChatRequest {
    let section = |section: &crate::prompt::models::Section| json!({ "id": section.id, "title": section.title, "text": polish::body(generated, section) });
    let sections: Vec<Value> = generated.sections.iter().map(section).collect();
    let ids: Vec<&str> = generated.sections.iter().map(|section| section.id.as_str()).collect();
    let entry = json!({
        "type": "object",
        "properties": { "id": { "type": "string", "enum": ids }, "text": { "type": "string" } },
        "required": ["id", "text"],
        "additionalProperties": false,
    });
    let schema = json!({
        "type": "object",
        "properties": { "sections": { "type": "array", "items": entry } },
        "required": ["sections"],
        "additionalProperties": false,
    });
    ChatRequest {
        system: polish::instructions().to_owned(),
        messages: vec![ChatMessage::User(json!({ "sections": sections }).to_string())],
        output: OutputShape::Json { name: "polished_sections".to_owned(), schema },
        tools: Vec::new(),
        max_output_tokens: polish::output_tokens(generated),
    }
}

#[derive(Deserialize)]
struct Answer {
    sections: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    text: String,
}

/// The first text for each section.
fn read(answer: &Collected) -> Result<BTreeMap<String, String>, AppError> {
    let document = answer.json().and_then(|document| serde_json::from_value::<Answer>(document).ok());
    let unusable = || AppError::ModelFailed { reason: "its answer cannot be used".to_owned() };
    let mut texts = BTreeMap::new();
    for Entry { id, text } in document.ok_or_else(unusable)?.sections {
        texts.entry(id).or_insert(text);
    }
    Ok(texts)
}

/// What the model would change, each section with whether it may.
fn proposals(
    spec: &AgentSpec,
    graph: &Graph,
    generated: &PlatformPrompt,
    texts: &BTreeMap<String, String>,
) -> Vec<SectionProposal> {
    let examiner = Examiner::new(spec, graph, generated);
    let proposal = |section: &crate::prompt::models::Section| {
        let text: String = texts.get(&section.id)?.chars().take(MAX_SECTION_CHARS).collect();
        let (before, after) = (examiner.base(section), examiner.tidy(section, &text));
        if before == after {
            return None;
        }
        let polished = Polished { base: before.clone(), text: after.clone() };
        let (lint_after, lint) = examiner.lint(&BTreeMap::from([(section.id.clone(), polished)]));
        let refused = examiner.examine(section, &after).and(lint).err().map(|Refused(reason)| reason);
        Some(SectionProposal {
            section: section.id.clone(),
            title: section.title.clone(),
            lines: difference(&before, &after),
            before,
            after,
            lint_before: examiner.score(),
            lint_after,
            refused,
        })
    };
    generated.sections.iter().filter_map(proposal).collect()
}

/// From one text to another, line by line.
pub fn difference(before: &str, after: &str) -> Vec<DiffLine> {
    // With its end, a last line is the same wherever it stands.
    let (before, after) = (format!("{before}\n"), format!("{after}\n"));
    let diff = TextDiff::from_lines(&before, &after);
    let line = |change: similar::Change<&str>| DiffLine {
        change: match change.tag() {
            ChangeTag::Equal => LineChange::Kept,
            ChangeTag::Insert => LineChange::Added,
            ChangeTag::Delete => LineChange::Removed,
        },
        text: change.value().trim_end_matches('\n').to_owned(),
    };
    diff.iter_all_changes().map(line).collect()
}

/// The interview with these sections taken, by the rules that proposals keep to.
fn with_polish(interview: &Interview, wanted: &AcceptPolish) -> Result<Interview, AppError> {
    let spec = &interview.spec;
    let graph = synthesize(spec, &interview.step_edits).graph;
    let generated = generate(spec, &graph, wanted.format);
    let examiner = Examiner::new(spec, &graph, &generated);
    let mut taken = interview.polished.get(&wanted.format).cloned().unwrap_or_default();
    let mut problems = Vec::new();
    for (id, text) in &wanted.sections {
        let checked = match examiner.section(id) {
            None => Err("is no section of this prompt".to_owned()),
            Some(_) if text.chars().count() > MAX_SECTION_CHARS => {
                Err(format!("has more than {MAX_SECTION_CHARS} characters"))
            }
            Some(section) => {
                let (base, text) = (examiner.base(section), examiner.tidy(section, text));
                examiner.examine(section, &text).map(|()| Polished { base, text }).map_err(|Refused(reason)| reason)
            }
        };
        match checked {
            Ok(polished) if polished.base == polished.text => drop(taken.remove(id)),
            Ok(polished) => drop(taken.insert(id.clone(), polished)),
            Err(message) => problems.push(FieldProblem { field: format!("sections.{id}"), message }),
        }
    }
    if !problems.is_empty() {
        return Err(AppError::InvalidFields { problems });
    }
    // Each alone may be no worse and all together be.
    if let (_, Err(Refused(reason))) = examiner.lint(&taken) {
        return Err(AppError::field("sections", reason));
    }
    let mut interview = interview.clone();
    interview.polished.insert(wanted.format, taken);
    interview.polished.retain(|_, sections| !sections.is_empty());
    Ok(interview)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_every_line_once() {
        let lines = difference("a\nb\n\nc", "a\nd\n\nc");
        let told: Vec<(LineChange, &str)> = lines.iter().map(|line| (line.change, line.text.as_str())).collect();
        use LineChange::{Added, Kept, Removed};
        assert_eq!(told, [(Kept, "a"), (Removed, "b"), (Added, "d"), (Kept, ""), (Kept, "c")]);
    }
}
