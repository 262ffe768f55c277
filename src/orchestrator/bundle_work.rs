//! What is done with an agent's files and their lint: opening an exported agent again, mending a finding.

use serde_json::Value;

use crate::error::AppError;
use crate::prompt::lint::{self, Place};
use crate::session::models::SessionId;
use crate::session::ports::{Caller, Cause};

use super::bring_back;
use super::data::phrasing;
use super::models::Interview;
use super::outputs::{self, synthesis};
use super::service::{Kept, Proposal, TurnService};
use super::state::Session;
use super::{turn, wording};

/// The longest reason of a revision, in characters.
const REASON_CHARS: usize = 120;

impl TurnService {
    /// Opens a new interview of the caller's about an agent that was exported before.
    pub async fn import(&self, caller: &Caller, document: &Value) -> Result<Kept, AppError> {
        let interview = bring_back::read(document).map_err(|problems| AppError::InvalidFields { problems })?;
        let interview = turn::reopen(Interview { language: self.language, asking: None, ..interview });
        let question = interview.asking.as_ref().map(|asking| format!("\n\n{}", asking.question)).unwrap_or_default();
        let reply = format!("{}{question}", phrasing(self.language, "brought_back", 0));
        self.open(caller, self.fresh_id()?, Proposal { reply, ..Proposal::silent(interview, None) }, None).await
    }

    /// Does what one click does about a finding, as a revision.
    pub async fn fix(&self, caller: &Caller, id: &SessionId, rule: &str, place: &Place) -> Result<Kept, AppError> {
        let step = |session: &Session| {
            let graph = synthesis(session).graph;
            let prompts = outputs::prompts(session, &graph);
            let Some(spec) = lint::mended(&session.interview.spec, &graph, &prompts, rule, place) else {
                let message = "There is no such finding any more, or none that one click can mend.";
                return Err(AppError::Nothing { message: message.to_owned() });
            };
            let reason = wording::clip(&format!("Mended: {}", rule.replace('_', " ")), REASON_CHARS);
            let mut interview = session.interview.clone();
            interview.spec = spec;
            let outcome = turn::settle(session.interview.clone(), interview, &reason);
            Ok(Proposal::new(outcome, Cause::Edit, reason))
        };
        self.step(caller, id, None, step).await
    }
}
