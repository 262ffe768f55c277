//! An interview as the page and the lists show it. Pure.

use std::collections::{BTreeSet, HashMap};

use crate::intent::models::{AgentSpec, Change, FieldId, Item};
use crate::intent::vocabulary;
use crate::language::Language;
use crate::session::models::{Message, Role};
use crate::session::ports::{Revision, SessionHead, Summary};
use crate::workflow::render;
use crate::workflow::synthesizer::Synthesis;

use super::data::{named, phrasing};
use super::models::{Choice, Progress};
use super::schemas::{FieldView, ItemView, MessageView, SessionSummary, Workspace};
use super::state::Session;
use super::turn;
use super::wording::{self, clip, in_a_sentence, upper_first};

/// The longest title and description made from an interview, in characters.
const TITLE_CHARS: usize = 60;
const DESCRIPTION_CHARS: usize = 140;

/// All that the workspace draws.
pub fn workspace(
    session: &Session,
    title: String,
    messages: Vec<Message>,
    revisions: &[Revision],
    synthesis: Synthesis,
) -> Workspace {
    let interview = &session.interview;
    Workspace {
        session_id: session.id.clone(),
        title,
        status: session.status,
        version: session.version,
        progress: turn::progress(interview),
        messages: with_changes(messages, revisions, &interview.model_use.unaided),
        fields: fields(&interview.spec),
        finish_assumptions: turn::finish_assumptions(interview),
        mermaid: render::mermaid(&synthesis.graph),
        graph: synthesis.graph,
        unmet: synthesis.unmet,
        tools: interview.spec.tools().cloned().collect(),
        can_undo: !interview.undo.is_empty(),
        undoes: interview.undo.last().and_then(|step| step.message),
        can_redo: !interview.redo.is_empty(),
        uses_model: false,
        running: None,
    }
}

/// The same with values and choices as they are called in a language.
pub fn in_language(mut workspace: Workspace, language: Language) -> Workspace {
    if language.is_default() {
        return workspace;
    }
    let name = |text: &mut String| *text = named(language, text).into_owned();
    for field in &mut workspace.fields {
        field.items.iter_mut().for_each(|item| name(&mut item.text));
        field.options.iter_mut().for_each(|option| name(&mut option.label));
    }
    let changes = workspace.messages.iter_mut().flat_map(|message| &mut message.changes);
    changes.flat_map(|change| change.before.iter_mut().chain(&mut change.after)).for_each(name);
    workspace.finish_assumptions.iter_mut().for_each(|(_, value)| {
        *value = value.split(", ").map(|one| named(language, one)).collect::<Vec<_>>().join(", ");
    });
    workspace
}

/// Each of the user's messages with what it changed.
fn with_changes(messages: Vec<Message>, revisions: &[Revision], unaided: &BTreeSet<u32>) -> Vec<MessageView> {
    let mut changes: HashMap<u32, &[Change]> = HashMap::new();
    for revision in revisions.iter().map(|kept| &kept.revision) {
        if let Some(seq) = revision.message_seq {
            changes.insert(seq, &revision.changes);
        }
    }
    let mut said = 0..;
    let view = |message: Message| {
        let changes = changes.get(&message.seq).map(|found| found.to_vec()).unwrap_or_default();
        let unaided = message.role == Role::User && said.next().is_some_and(|number| unaided.contains(&number));
        MessageView { seq: message.seq, role: message.role, content: message.content, changes, unaided }
    };
    messages.into_iter().map(view).collect()
}

fn fields(spec: &AgentSpec) -> Vec<FieldView> {
    FieldId::ALL.into_iter().map(|field| field_view(spec, field)).collect()
}

fn field_view(spec: &AgentSpec, field: FieldId) -> FieldView {
    let item = |item: &Item| ItemView {
        value: item.value.clone(),
        text: item_text(spec, field, item),
        provenance: item.provenance,
        evidence: item.evidence.clone(),
    };
    let options = wording::options(field).into_iter().map(|(value, label)| Choice::new(value, label)).collect();
    FieldView { field, required: field.is_required(), items: spec.items(field).iter().map(item).collect(), options }
}

/// A value in plain words: in a list as the user put it where that is known, else the vocabulary's or the tool's name.
fn item_text(spec: &AgentSpec, field: FieldId, item: &Item) -> String {
    let own = item.label.clone().filter(|_| field.kind().is_list());
    let tool = || spec.tool_configs.get(&item.value).filter(|_| field == FieldId::Tools).map(|tool| tool.name.clone());
    own.or_else(tool).unwrap_or_else(|| vocabulary::display(field, &item.value))
}

/// A field as plain text, or as a list of texts.
pub fn plain(spec: &AgentSpec, field: FieldId) -> serde_json::Value {
    let mut texts = spec.items(field).iter().map(|item| item_text(spec, field, item));
    if field.kind().is_list() { texts.collect::<Vec<_>>().into() } else { texts.next().into() }
}

/// What lists show of the session.
pub fn summary(session: &Session, progress: &Progress) -> Summary {
    let spec = &session.interview.spec;
    let known = spec.filled().count();
    Summary {
        title: title(session),
        description: description(session),
        fields_known: u32::try_from(known).unwrap_or(u32::MAX),
        required_left: u32::try_from(progress.missing_required.len()).unwrap_or(u32::MAX),
    }
}

/// "Mia, clinic receptionist" from name and type; the user's first words while neither is known.
fn title(session: &Session) -> String {
    let (spec, language) = (&session.interview.spec, session.interview.language);
    let kind = spec.items(FieldId::AgentType).first().map(|item| item_text(spec, FieldId::AgentType, item));
    let kind = kind.map(|kind| named(language, &kind).into_owned());
    let title = match (spec.text(FieldId::AgentName), kind) {
        (Some(name), Some(kind)) => format!("{name}, {}", in_a_sentence(language, FieldId::AgentType, &kind)),
        (Some(name), None) => name.to_owned(),
        (None, Some(kind)) => upper_first(&kind),
        (None, None) => first_words(session).unwrap_or_else(|| phrasing(language, "untitled", 0)).to_owned(),
    };
    clip(&title, TITLE_CHARS)
}

/// The goals in one line; the user's first words while there are none.
fn description(session: &Session) -> String {
    let goals: Vec<&str> = session.interview.spec.values(FieldId::Goals).collect();
    let text = if goals.is_empty() { first_words(session).unwrap_or_default().to_owned() } else { goals.join("; ") };
    clip(&text, DESCRIPTION_CHARS)
}

fn first_words(session: &Session) -> Option<&str> {
    session.history.iter().find(|message| message.role == Role::User).map(|message| message.content.as_str())
}

/// A session in the page's lists.
impl From<SessionHead> for SessionSummary {
    fn from(head: SessionHead) -> SessionSummary {
        SessionSummary {
            id: head.id,
            title: head.summary.title,
            description: head.summary.description,
            status: head.status,
            stage: head.stage,
            fields_known: head.summary.fields_known,
            required_left: head.summary.required_left,
            updated_ms: head.updated_at.timestamp_millis(),
        }
    }
}
