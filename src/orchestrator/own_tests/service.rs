//! Keeping and dropping the owner's own tests, each one step that can be undone.

use std::collections::HashSet;

use crate::bundle::acceptance;
use crate::bundle::own_tests::{Expectations, OwnTest, RunRole};
use crate::error::AppError;
use crate::orchestrator::answers::StepAnswer;
use crate::orchestrator::models::Interview;
use crate::orchestrator::preview;
use crate::orchestrator::repeat::to_json;
use crate::orchestrator::service::{Proposal, Target, TurnService};
use crate::orchestrator::state::Session;
use crate::orchestrator::turn;
use crate::session::models::SessionId;
use crate::session::ports::{Caller, Cause};
use crate::workflow::words;

use super::models::{MAX_EXPECTED, MAX_EXPECTED_CHARS, MAX_TESTS, MAX_TITLE, SaveTest};

impl TurnService {
    /// Keeps a run as a test.
    pub async fn save_test(
        &self,
        caller: &Caller,
        id: &SessionId,
        test: &SaveTest,
        key: Option<&str>,
    ) -> Result<StepAnswer, AppError> {
        check(test)?;
        let title = test.name.trim();
        let reason = format!("Test kept: {title}");
        let step = |session: &Session| {
            let interview = with_test(&session.interview, title, test)?;
            let outcome = turn::settle(session.interview.clone(), interview, &reason);
            Ok(Proposal::new(outcome, Cause::Test, reason.clone()))
        };
        let request = format!("test {}", to_json(test)?);
        self.once(caller, open(id), key, &request, |kept| StepAnswer::from(kept), step).await
    }

    /// Drops one of the owner's own tests.
    pub async fn delete_test(&self, caller: &Caller, id: &SessionId, name: &str) -> Result<StepAnswer, AppError> {
        let step = |session: &Session| {
            let mut interview = session.interview.clone();
            let at = interview.own_tests.iter().position(|test| test.name == name).ok_or_else(nothing)?;
            let reason = format!("Test dropped: {}", interview.own_tests.remove(at).title);
            let outcome = turn::settle(session.interview.clone(), interview, &reason);
            Ok(Proposal::new(outcome, Cause::Test, reason))
        };
        Ok(StepAnswer::from(&self.replace(caller, open(id), None, step).await?))
    }
}

fn nothing() -> AppError {
    AppError::Nothing { message: "None of your own tests has this name.".to_owned() }
}

fn open(id: &SessionId) -> Target<'_> {
    Target { id, expected_version: None, may_be_completed: false }
}

fn check(test: &SaveTest) -> Result<(), AppError> {
    let title = test.name.trim();
    if title.is_empty() || title.chars().count() > MAX_TITLE || title.contains(char::is_control) {
        let text = format!("must be 1 to {MAX_TITLE} characters without control characters");
        return Err(AppError::field("name", text));
    }
    preview::check(&test.messages)?;
    if !test.messages.iter().any(|message| message.role == RunRole::User) {
        return Err(AppError::field("messages", "must hold something that the user says"));
    }
    let Expectations { calls, never_calls, says, never_says, .. } = &test.expects;
    let lists = [("calls", calls), ("never_calls", never_calls), ("says", says), ("never_says", never_says)];
    for (name, list) in lists {
        let sound = |text: &String| {
            !text.trim().is_empty() && text.chars().count() <= MAX_EXPECTED_CHARS && !text.contains(char::is_control)
        };
        if list.len() > MAX_EXPECTED || !list.iter().all(sound) {
            let text = format!("must be at most {MAX_EXPECTED} texts of 1 to {MAX_EXPECTED_CHARS} plain characters");
            return Err(AppError::field(format!("expects.{name}"), text));
        }
    }
    Ok(())
}

fn with_test(interview: &Interview, title: &str, test: &SaveTest) -> Result<Interview, AppError> {
    if interview.own_tests.len() >= MAX_TESTS {
        return Err(AppError::field("name", format!("would be more than {MAX_TESTS} tests; drop one first")));
    }
    for (name, list) in [("calls", &test.expects.calls), ("never_calls", &test.expects.never_calls)] {
        if let Some(foreign) = list.iter().find(|id| interview.spec.tools().all(|tool| tool.id != **id)) {
            return Err(AppError::field(format!("expects.{name}"), format!("“{foreign}” is no tool of this agent")));
        }
    }
    let known = acceptance::tests(&interview.spec, &interview.own_tests);
    let mut taken: HashSet<String> = known.into_iter().map(|test| test.name).collect();
    let mut interview = interview.clone();
    interview.own_tests.push(OwnTest {
        name: words::fresh_id(title, "test", &mut taken),
        title: title.to_owned(),
        messages: test.messages.clone(),
        expects: test.expects.clone(),
    });
    Ok(interview)
}
