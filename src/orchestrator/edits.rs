//! Changes made by hand: fields, undo and redo, reopening, resuming, copying; and the workflow's review.

use serde_json::{Map, Value};

use crate::error::{AppError, FieldProblem};
use crate::intent::models::FieldId;
use crate::session::models::{Role, SessionId, Status};
use crate::session::ports::{Caller, Cause};
use crate::session::service::MAX_TITLE_CHARS;
use crate::workflow::edit as workflow_edit;
use crate::workflow::render;
use crate::workflow::schemas::{Regenerate, Review, ReviewAnswer};

use super::answers::StepAnswer;
use super::intake;
use super::models::Interview;
use super::outputs::{self, synthesis};
use super::requests;
use super::service::{Kept, Proposal, Target, TurnService, internal};
use super::state::Session;
use super::turn;

/// The most changes one review may ask for.
const MAX_REQUESTS: usize = 20;

impl TurnService {
    /// Replaces fields by hand, `null` clears one: all of them, or none with what is wrong with each.
    pub async fn patch(
        &self,
        caller: &Caller,
        id: &SessionId,
        expected_version: Option<u64>,
        fields: &Map<String, Value>,
    ) -> Result<Kept, AppError> {
        let edits = read_edits(fields)?;
        if edits.is_empty() {
            return Err(AppError::invalid("The request names no field to change."));
        }
        let names: Vec<&str> = edits.iter().map(|(field, _)| field.label()).collect();
        let reason = format!("Edited: {}", names.join(", "));
        let step = |session: &Session| {
            let outcome = turn::edit(session.interview.clone(), &edits, &reason).map_err(problems)?;
            Ok(Proposal::new(outcome, Cause::Edit, reason.clone()))
        };
        self.step(caller, id, expected_version, step).await
    }

    /// Takes an assumption over as it is.
    pub async fn keep(&self, caller: &Caller, id: &SessionId, field: FieldId) -> Result<Kept, AppError> {
        let reason = format!("Kept as assumed: {}", field.label());
        let step = |session: &Session| {
            let interview = turn::keep(session.interview.clone(), field);
            if interview == session.interview {
                return Err(nothing("There is no assumption to keep in this field."));
            }
            Ok(Proposal::silent(interview, Some((Cause::Keep, reason.clone()))))
        };
        self.step(caller, id, None, step).await
    }

    pub async fn undo(&self, caller: &Caller, id: &SessionId, key: Option<&str>) -> Result<StepAnswer, AppError> {
        let step = |session: &Session| {
            let reason = session.interview.undo.last().map(|step| format!("Undone: {}", step.reason));
            let outcome = turn::undo(session.interview.clone()).ok_or_else(|| nothing("There is nothing to undo."))?;
            Ok(Proposal::new(outcome, Cause::Undo, reason.unwrap_or_default()))
        };
        self.once(caller, open(id), key, "undo", |kept| StepAnswer::from(kept), step).await
    }

    pub async fn redo(&self, caller: &Caller, id: &SessionId, key: Option<&str>) -> Result<StepAnswer, AppError> {
        let step = |session: &Session| {
            let reason = session.interview.redo.last().map(|step| format!("Done again: {}", step.reason));
            let outcome = turn::redo(session.interview.clone()).ok_or_else(|| nothing("There is nothing to redo."))?;
            Ok(Proposal::new(outcome, Cause::Redo, reason.unwrap_or_default()))
        };
        self.once(caller, open(id), key, "redo", |kept| StepAnswer::from(kept), step).await
    }

    /// Opens a completed interview for changes.
    pub async fn reopen(&self, caller: &Caller, id: &SessionId, key: Option<&str>) -> Result<StepAnswer, AppError> {
        let step = |session: &Session| match session.status {
            Status::Completed => {
                let cause = (Cause::Reopen, "Reopened".to_owned());
                Ok(Proposal::silent(turn::reopen(session.interview.clone()), Some(cause)))
            }
            Status::Active | Status::Abandoned => Err(nothing("The interview is open already.")),
        };
        let target = Target { may_be_completed: true, ..open(id) };
        self.once(caller, target, key, "reopen", |kept| StepAnswer::from(kept), step).await
    }

    /// Makes an abandoned interview active again, with everything it had, and gives any open one its full time. A
    /// completed one stays as it is.
    pub async fn resume(&self, caller: &Caller, id: &SessionId) -> Result<Kept, AppError> {
        let (session, progress) = self.status(caller, id).await?;
        let kept = if session.status == Status::Completed {
            Kept { session, progress, reply: String::new(), changes: Vec::new() }
        } else {
            let step = |session: &Session| Ok(Proposal::silent(session.interview.clone(), None));
            self.step(caller, id, None, step).await?
        };
        let last = kept.session.history.iter().rev().find(|message| message.role == Role::Assistant);
        let reply = last.map(|message| message.content.clone()).unwrap_or_default();
        Ok(Kept { reply, ..kept })
    }

    /// The user's verdict on the workflow: approval completes the interview, requested changes change it.
    pub async fn review(
        &self,
        caller: &Caller,
        id: &SessionId,
        review: Review,
        key: Option<&str>,
    ) -> Result<ReviewAnswer, AppError> {
        let request = format!("review {}", serde_json::to_string(&review).map_err(internal)?);
        let mut requested: Vec<String> = review.requested_changes.map(Into::into).unwrap_or_default();
        if !review.approved {
            // What somebody who does not approve has to say is what they want changed.
            requested = wanted(&requested)?;
            requested.extend(intake::clean_all(review.feedback.as_slice())?);
            return self.change_workflow(caller, id, &requested, key, &request).await;
        }
        if !requested.is_empty() {
            return Err(AppError::field("requested_changes", "cannot come with an approval; ask for them first"));
        }
        let reason = match intake::clean_all(review.feedback.as_slice())?.first() {
            Some(feedback) => format!("Approved: {}", super::wording::clip(feedback, 120)),
            None => "Approved".to_owned(),
        };
        let step = |session: &Session| {
            let missing = turn::progress(&session.interview).missing_required;
            if !missing.is_empty() {
                let labels: Vec<&str> = missing.iter().map(|field| field.label()).collect();
                let text = format!("The interview is not ready to be approved. Still missing: {}.", labels.join(", "));
                return Err(AppError::NotReady { message: text });
            }
            let interview = Interview { approved: true, asking: None, ..session.interview.clone() };
            Ok(Proposal::silent(interview, Some((Cause::Approve, reason.clone()))))
        };
        let approved = "Approved. The agent is ready to download.";
        let answer = |kept: &Kept| review_answer(&kept.session, None, approved.to_owned(), Vec::new());
        self.once(caller, open(id), key, &request, answer, step).await
    }

    /// Draws the workflow again, after changes asked for in words.
    pub async fn regenerate(
        &self,
        caller: &Caller,
        id: &SessionId,
        asked: Regenerate,
        key: Option<&str>,
    ) -> Result<ReviewAnswer, AppError> {
        let request = format!("regenerate {}", asked.changes.join("\n"));
        self.change_workflow(caller, id, &wanted(&asked.changes)?, key, &request).await
    }

    /// Opens a new interview of the caller's about the same agent.
    pub async fn duplicate(&self, caller: &Caller, id: &SessionId) -> Result<Kept, AppError> {
        let original = self.load(caller, id).await?;
        let title = self.store.head(id).await?.ok_or(AppError::NotFound)?.summary.title;
        let interview = requests::copy(original.interview.clone());
        let question = interview.asking.as_ref().map(|asking| format!("\n\n{}", asking.question)).unwrap_or_default();
        let opening =
            format!("This is a copy of “{title}”: everything it knew is here, and changes stay here.{question}");
        let kept = self
            .open(caller, self.fresh_id()?, Proposal { reply: opening, ..Proposal::silent(interview, None) }, None)
            .await?;
        self.store.rename(&kept.session.id, &copy_title(&title)).await?;
        Ok(kept)
    }

    async fn change_workflow(
        &self,
        caller: &Caller,
        id: &SessionId,
        texts: &[String],
        key: Option<&str>,
        request: &str,
    ) -> Result<ReviewAnswer, AppError> {
        let before = self.load(caller, id).await?;
        let (_, not_understood) = requests::apply_all(before.interview.clone(), texts);
        if before.status == Status::Completed && !texts.is_empty() {
            return Err(AppError::Completed);
        }
        if not_understood.len() == texts.len() {
            let message = if texts.is_empty() {
                "Nothing was asked for; this is the workflow as it stands."
            } else {
                NOT_UNDERSTOOD
            };
            return Ok(review_answer(&before, None, message.to_owned(), not_understood));
        }
        let step = |session: &Session| {
            let (outcome, _) = requests::apply_all(session.interview.clone(), texts);
            Ok(Proposal::new(outcome, Cause::Workflow, super::wording::clip(&texts.join("; "), 120)))
        };
        let message = if not_understood.is_empty() {
            "The workflow is changed as you asked.".to_owned()
        } else {
            format!("Changed what was understood. Not understood: {}.", not_understood.join("; "))
        };
        let answer = |kept: &Kept| review_answer(&kept.session, Some(&before), message.clone(), not_understood.clone());
        self.once(caller, open(id), key, request, answer, step).await
    }
}

/// A session that still takes changes, at whatever version.
fn open(id: &SessionId) -> Target<'_> {
    Target { id, expected_version: None, may_be_completed: false }
}

const NOT_UNDERSTOOD: &str = "None of the requested changes was understood, so nothing was changed. \
    Try \"add … before …\", \"remove …\" or \"drop the … step\".";

/// "Front desk (copy)", within the length a title can have.
fn copy_title(title: &str) -> String {
    const MARK: &str = " (copy)";
    let kept: String = title.chars().take(MAX_TITLE_CHARS - MARK.len()).collect();
    format!("{}{MARK}", kept.trim_end())
}

/// The changes that are asked for, as they are kept.
fn wanted(texts: &[String]) -> Result<Vec<String>, AppError> {
    if texts.len() > MAX_REQUESTS {
        return Err(AppError::invalid(format!("At most {MAX_REQUESTS} changes can be asked for at once.")));
    }
    intake::clean_all(texts)
}

fn nothing(message: &str) -> AppError {
    AppError::Nothing { message: message.to_owned() }
}

fn review_answer(
    session: &Session,
    before: Option<&Session>,
    message: String,
    not_understood: Vec<String>,
) -> ReviewAnswer {
    let drawn = synthesis(session);
    let diff = before.map(|before| workflow_edit::diff(&synthesis(before).graph, &drawn.graph)).unwrap_or_default();
    ReviewAnswer {
        session_id: session.id.clone(),
        approved: session.status == Status::Completed,
        message,
        workflow: outputs::workflow_of(session, &drawn),
        mermaid_diagram: render::mermaid(&drawn.graph),
        is_final: session.status == Status::Completed,
        diff,
        not_understood,
    }
}

fn problems(found: Vec<(FieldId, String)>) -> AppError {
    let problem = |(field, message): (FieldId, String)| FieldProblem { field: field.to_string(), message };
    AppError::InvalidFields { problems: found.into_iter().map(problem).collect() }
}

/// The fields a request names, in the order of the spec.
fn read_edits(fields: &Map<String, Value>) -> Result<Vec<(FieldId, Option<Value>)>, AppError> {
    let unknown = fields.keys().filter(|name| FieldId::parse(name).is_none());
    let problem = |name: &String| FieldProblem { field: name.clone(), message: "is no field of the spec".to_owned() };
    let problems: Vec<FieldProblem> = unknown.map(problem).collect();
    if !problems.is_empty() {
        return Err(AppError::InvalidFields { problems });
    }
    let named = FieldId::ALL.into_iter().filter_map(|field| Some((field, fields.get(field.as_str())?)));
    Ok(named.map(|(field, value)| (field, (!value.is_null()).then(|| value.clone()))).collect())
}
