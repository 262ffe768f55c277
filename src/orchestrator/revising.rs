//! Revisions: what each made otherwise, and earlier messages said otherwise.

use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::intent::models::AgentSpec;
use crate::prompt::models::PromptFormat;
use crate::prompt::polish;
use crate::prompt::polish::models::{DiffLine, LineChange};
use crate::session::models::{MAX_TURNS, Message, Role, SessionId, Status};
use crate::session::ports::{Caller, Cause, Revision};
use crate::workflow::edit as workflow_edit;
use crate::workflow::synthesizer::synthesize;

use super::models::{Interview, TurnOutcome};
use super::outputs::ALL_MESSAGES;
use super::polish::service::difference;
use super::retell::{Resaid, retell};
use super::revisions::{Maker, RetellPreview, RevisionDiff, RevisionView};
use super::service::{Kept, Proposal, TurnService, internal};
use super::state::Session;
use super::{changes, intake, turn};

/// Lines that stand around a change of the prompt.
const AROUND: usize = 1;
/// How many kept states are looked at for one from before a message: those since it come from edits alone.
const LOOKED_AT: u32 = 8;

/// An interview as a revision left it, without its steps to take back.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    spec: AgentSpec,
    interview: Interview,
}

/// What a revision keeps of the interview that it made.
pub fn snapshot(interview: &Interview) -> Result<String, serde_json::Error> {
    let (undo, redo) = (Vec::new(), Vec::new());
    serde_json::to_string(&Snapshot {
        spec: interview.spec.clone(),
        interview: Interview { undo, redo, ..interview.clone() },
    })
}

fn read(document: &str) -> Result<Interview, AppError> {
    let Snapshot { spec, interview } = serde_json::from_str(document).map_err(internal)?;
    Ok(Interview { spec, ..interview })
}

impl TurnService {
    /// All revisions, the newest first.
    pub async fn revisions(&self, caller: &Caller, id: &SessionId) -> Result<Vec<RevisionView>, AppError> {
        let session = self.load(caller, id).await?;
        let mut kept = self.store.revisions(id).await?;
        // What was committed since belongs to a later version.
        kept.retain(|revision| revision.version <= session.version);
        Ok(kept.into_iter().rev().map(RevisionView::from).collect())
    }

    /// Messages after `after` as they read now, oldest first.
    pub async fn messages(
        &self,
        caller: &Caller,
        id: &SessionId,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Vec<Message>, AppError> {
        let session = self.load(caller, id).await?;
        let mut messages = self.store.messages(id, after, limit).await?;
        session.interview.overlay(&mut messages);
        Ok(messages)
    }

    /// What one revision made otherwise: fields, graph, prompt.
    pub async fn revision(&self, caller: &Caller, id: &SessionId, version: u64) -> Result<RevisionDiff, AppError> {
        self.load(caller, id).await?;
        let mut found = self.store.snapshots(id, version, 2).await?.into_iter();
        let after = found.next().filter(|(at, _)| *at == version).ok_or(AppError::NotFound)?;
        let after = read(&after.1)?;
        let before = match found.next() {
            Some((_, document)) => read(&document)?,
            None => turn::open_in(after.language).0,
        };
        Ok(compare(version, &before, &after))
    }

    /// What an earlier message would change if it had said `text`. Nothing is kept.
    pub async fn foresee_retold(
        &self,
        caller: &Caller,
        id: &SessionId,
        seq: u32,
        text: &str,
    ) -> Result<RetellPreview, AppError> {
        let session = self.load(caller, id).await?;
        let outcome = self.retold(&session, seq, text).await?;
        let graph = |interview: &Interview| synthesize(&interview.spec, &interview.step_edits).graph;
        let graph = workflow_edit::diff(&graph(&session.interview), &graph(&outcome.interview));
        Ok(RetellPreview { version: session.version, fields: outcome.changes, graph })
    }

    /// Has an earlier message say `text`: the interview goes on from there, with what was said and edited since.
    pub async fn retell(
        &self,
        caller: &Caller,
        id: &SessionId,
        version: u64,
        seq: u32,
        text: &str,
    ) -> Result<Kept, AppError> {
        let session = self.load(caller, id).await?;
        let outcome = self.retold(&session, seq, text).await?;
        let reason = outcome.interview.undo.last().map(|step| step.reason.clone()).unwrap_or_default();
        let read_at = session.version;
        let step = |now: &Session| {
            // What was foreseen is what is done: another state would make something else of it.
            if now.version != read_at {
                return Err(AppError::Conflict { version: now.version });
            }
            Ok(Proposal::new(outcome.clone(), Cause::Retell, reason.clone()))
        };
        self.step(caller, id, Some(version), step).await
    }

    async fn retold(&self, session: &Session, seq: u32, text: &str) -> Result<TurnOutcome, AppError> {
        if session.status == Status::Completed {
            return Err(AppError::Completed);
        }
        let text = intake::clean(text)?;
        let messages = self.transcript(session).await?;
        let said: Vec<&Message> = messages.iter().filter(|message| message.role == Role::User).collect();
        let number = said.iter().position(|message| message.seq == seq).ok_or(AppError::NotFound)?;
        // What was said otherwise before is told again with it.
        let first = session.interview.resaid.keys().next().map_or(seq, |first| seq.min(*first));
        let before = said.iter().filter(|message| message.seq < first).count();
        if said[number].content == text {
            return Err(AppError::Nothing { message: "The message reads like this already.".to_owned() });
        }
        let said: Vec<String> = said.iter().map(|message| message.content.clone()).collect();
        // A session has no more than MAX_TURNS of them.
        let count = |messages: usize| u32::try_from(messages).unwrap_or(MAX_TURNS);
        let ground = self.ground(session, first, count(before)).await?;
        let number = count(number);
        Ok(retell(session.interview.clone(), &ground, &said, Resaid { number, seq, text }))
    }

    /// The last state that is kept from before a message, `number` being how many the user had said until then.
    async fn ground(&self, session: &Session, seq: u32, number: u32) -> Result<Interview, AppError> {
        let revisions = self.store.revisions(&session.id).await?;
        let since = |kept: &&Revision| kept.revision.message_seq.is_some_and(|made_by| made_by >= seq);
        let version = revisions.iter().find(since).map_or(session.version, |kept| kept.version - 1);
        for (_, document) in self.store.snapshots(&session.id, version, LOOKED_AT).await? {
            let interview = read(&document)?;
            if interview.user_messages <= number {
                return Ok(interview);
            }
        }
        Ok(turn::open_in(session.interview.language).0)
    }

    /// All messages as they read now.
    async fn transcript(&self, session: &Session) -> Result<Vec<Message>, AppError> {
        let mut messages = self.store.messages(&session.id, None, ALL_MESSAGES).await?;
        // What was committed since belongs to a later version.
        messages.retain(|message| message.seq < session.message_count);
        session.interview.overlay(&mut messages);
        Ok(messages)
    }
}

impl From<Revision> for RevisionView {
    fn from(kept: Revision) -> RevisionView {
        RevisionView {
            version: kept.version,
            made: maker(kept.revision.cause),
            reason: kept.revision.reason,
            changes: kept.revision.changes,
            at_ms: kept.created_at.timestamp_millis(),
        }
    }
}

fn maker(cause: Cause) -> Maker {
    match cause {
        Cause::Message | Cause::Retell => Maker::Said,
        Cause::Edit | Cause::Keep | Cause::Workflow | Cause::Test => Maker::Edited,
        Cause::Polish => Maker::Generated,
        Cause::Undo | Cause::Redo => Maker::Stepped,
        Cause::Approve | Cause::Reopen => Maker::Decided,
    }
}

fn compare(version: u64, before: &Interview, after: &Interview) -> RevisionDiff {
    let graph = |interview: &Interview| synthesize(&interview.spec, &interview.step_edits).graph;
    let (graph_before, graph_after) = (graph(before), graph(after));
    let text = |interview: &Interview, graph| {
        polish::shown(&interview.spec, graph, PromptFormat::Generic, &interview.polished).system_prompt
    };
    let (old, new) = (text(before, &graph_before), text(after, &graph_after));
    RevisionDiff {
        version,
        fields: changes::between(&before.spec, &after.spec),
        graph: workflow_edit::diff(&graph_before, &graph_after),
        prompt: near_changes(difference(&old, &new)),
    }
}

/// The lines that changed, with those around them.
fn near_changes(lines: Vec<DiffLine>) -> Vec<DiffLine> {
    let changed: Vec<bool> = lines.iter().map(|line| line.change != LineChange::Kept).collect();
    let near = |at: usize| changed[at.saturating_sub(AROUND)..(at + AROUND + 1).min(changed.len())].contains(&true);
    let is_shown =
        |(at, line): &(usize, DiffLine)| near(*at) && !(line.change == LineChange::Kept && line.text.trim().is_empty());
    lines.into_iter().enumerate().filter(is_shown).map(|(_, line)| line).collect()
}
