//! The diagram as an editor: what is drawn by hand, and changes asked for in words, shown before they are made.

use crate::error::{AppError, FieldProblem};
use crate::session::models::{SessionId, Status};
use crate::session::ports::{Caller, Cause};
use crate::workflow::edit::{self, Refusal};
use crate::workflow::gesture::{Foreseen, Gesture, Refused};
use crate::workflow::models::GraphEdit;
use crate::workflow::schemas::{MAX_EDITS, WorkflowAnswer, WorkflowPatch};
use crate::workflow::synthesizer::synthesize;

use super::models::{Interview, TurnOutcome};
use super::outputs;
use super::service::{Kept, Proposal, TurnService};
use super::state::Session;
use super::{intake, reply, requests, wording};

/// The most changes of its graph that one interview keeps.
const MAX_KEPT: usize = 500;
/// The longest reason of a revision, in characters.
const REASON_CHARS: usize = 120;

impl TurnService {
    /// Changes the graph itself: all edits in one step, or none with what is wrong with each.
    pub async fn draw(
        &self,
        caller: &Caller,
        id: &SessionId,
        patch: WorkflowPatch,
    ) -> Result<WorkflowAnswer, AppError> {
        let WorkflowPatch { version, edits } = patch;
        if edits.is_empty() || edits.len() > MAX_EDITS {
            return Err(AppError::field("edits", format!("must hold from 1 to {MAX_EDITS} edits")));
        }
        let reason = match edits.len() {
            1 => "Diagram edited".to_owned(),
            count => format!("Diagram edited: {count} changes"),
        };
        let step = |session: &Session| drawn(session, &edits, &reason);
        let kept = self.step(caller, id, Some(version), step).await?;
        Ok(outputs::workflow_answer(&kept.session))
    }

    /// Does what a person did to the drawing; or says why not and what is legal instead, and nothing is changed.
    pub async fn gesture(
        &self,
        caller: &Caller,
        id: &SessionId,
        version: u64,
        gesture: &Gesture,
    ) -> Result<Result<Kept, Refused>, AppError> {
        let before = self.load(caller, id).await?;
        if before.status == Status::Completed {
            return Err(AppError::Completed);
        }
        let Interview { spec, step_edits, .. } = &before.interview;
        let edits = match edit::edits_of(spec, step_edits, gesture) {
            Ok(edits) => edits,
            Err(refused) => return Ok(Err(refused)),
        };
        let reason = wording::clip(&edit::told(&outputs::synthesis(&before).graph, gesture), REASON_CHARS);
        let step = |session: &Session| drawn(session, &edits, &reason);
        self.step(caller, id, Some(version), step).await.map(Ok)
    }

    /// What a change asked for in words would do. Nothing is kept.
    pub async fn foresee(&self, caller: &Caller, id: &SessionId, text: &str) -> Result<Foreseen, AppError> {
        let session = self.load(caller, id).await?;
        if session.status == Status::Completed {
            return Err(AppError::Completed);
        }
        let text = intake::clean(text)?;
        Ok(foreseen(&session, &text))
    }

    /// Makes a change asked for in words, as it was foreseen at this version.
    pub async fn take_request(
        &self,
        caller: &Caller,
        id: &SessionId,
        version: u64,
        text: &str,
    ) -> Result<Kept, AppError> {
        let text = intake::clean(text)?;
        let step = |session: &Session| {
            if let Some(refused) = foreseen(session, &text).refused {
                return Err(AppError::invalid(refused));
            }
            let (outcome, _) = requests::apply_all(session.interview.clone(), std::slice::from_ref(&text));
            Ok(Proposal::new(outcome, Cause::Workflow, wording::clip(&text, REASON_CHARS)))
        };
        self.step(caller, id, Some(version), step).await
    }
}

fn drawn(session: &Session, edits: &[GraphEdit], reason: &str) -> Result<Proposal, AppError> {
    if session.interview.step_edits.len() + edits.len() > MAX_KEPT {
        let text = format!("would be more than the {MAX_KEPT} changes of the graph that one interview keeps");
        return Err(AppError::field("edits", text));
    }
    let outcome = requests::draw(session.interview.clone(), edits, reason).map_err(refused)?;
    Ok(Proposal::new(outcome, Cause::Workflow, reason.to_owned()))
}

fn refused(found: Vec<Refusal>) -> AppError {
    let problem = |it: Refusal| FieldProblem { field: format!("edits[{}]", it.at), message: it.reason };
    AppError::InvalidFields { problems: found.into_iter().map(problem).collect() }
}

const NOT_UNDERSTOOD: &str = "This was not understood, so nothing would change. \
    Try “add … before …”, “remove …” or “rename … to …”, with the title of a step.";

fn foreseen(session: &Session, text: &str) -> Foreseen {
    let before = outputs::synthesis(session);
    let (outcome, not_understood) = requests::apply_all(session.interview.clone(), &[text.to_owned()]);
    let TurnOutcome { interview, changes, .. } = outcome;
    let after = synthesize(&interview.spec, &interview.step_edits);
    let diff = edit::diff(&before.graph, &after.graph);
    let new = after.skipped.iter().find(|reason| !before.skipped.contains(reason));
    let refused = if !not_understood.is_empty() {
        Some(NOT_UNDERSTOOD.to_owned())
    } else if let Some(reason) = new {
        Some(reason.clone())
    } else if diff.is_empty() && changes.is_empty() {
        Some("The workflow covers that already.".to_owned())
    } else {
        None
    };
    Foreseen {
        version: session.version,
        diff,
        fields: changes.iter().map(|change| reply::describe(session.interview.language, change)).collect(),
        refused,
    }
}
