//! A test played on a model: its user's words, its tools' answers, judged by what was expected.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::bundle::acceptance;
use crate::bundle::models::AcceptanceTest;
use crate::bundle::own_tests::{RunCall, RunMessage, RunRole};
use crate::error::AppError;
use crate::llm::models::{Purpose, Usage};
use crate::orchestrator::preview::Played;
use crate::orchestrator::preview::models::{MAX_MESSAGES, PreviewCall};
use crate::orchestrator::workshop::Workshop;
use crate::prompt::models::PromptFormat;
use crate::session::models::SessionId;
use crate::session::ports::Caller;
use crate::workflow::models::{Node, NodeType};

use super::judge::{Run, judge};
use super::models::{RunTest, TestRun, TestsAnswer};

/// The most answers of the model to one message of the user's.
const MOST_ANSWERS: usize = 5;
/// The most answers of the model in one run, and how long after its beginning the last one may be asked for.
const MOST_OF_ALL: usize = 20;
const LONGEST: Duration = Duration::from_secs(80);

impl Workshop {
    /// All tests of an agent.
    pub async fn tests(&self, caller: &Caller, id: &SessionId) -> Result<TestsAnswer, AppError> {
        let session = self.turns.load(caller, id).await?;
        let tests = acceptance::tests(&session.interview.spec, &session.interview.own_tests);
        Ok(TestsAnswer { tests, can_run: self.can(Purpose::Preview) })
    }

    /// Plays a test. Nothing is kept.
    pub async fn run_test(
        &self,
        caller: &Caller,
        id: &SessionId,
        name: &str,
        how: RunTest,
    ) -> Result<TestRun, AppError> {
        let session = self.turns.load(caller, id).await?;
        if !self.can(Purpose::Preview) {
            return Err(AppError::NoModel);
        }
        let tests = acceptance::tests(&session.interview.spec, &session.interview.own_tests);
        let test = tests.into_iter().find(|test| test.name == name).ok_or(AppError::NotFound)?;
        let played = Played::new(&session, how.format.unwrap_or(PromptFormat::Generic));
        let mut stage = Stage::new(&test);
        let opening = played.opening().message;
        if !opening.trim().is_empty() {
            stage.messages.push(RunMessage::agent(opening));
        }
        let turns = match test.is_own() {
            true => test.messages.iter().filter(|it| it.role == RunRole::User).map(|it| it.content.clone()).collect(),
            false => vec![test.user_says.clone()],
        };
        for text in turns {
            stage.messages.push(RunMessage::user(text));
            if !self.answer(&played, &mut stage).await? {
                return Ok(verdict(&played, &test, stage, false));
            }
        }
        Ok(verdict(&played, &test, stage, true))
    }

    /// Lets the agent answer until it has made no more calls; false when it went on for too long.
    async fn answer(&self, played: &Played<'_>, stage: &mut Stage) -> Result<bool, AppError> {
        for _ in 0..MOST_ANSWERS {
            let is_over = stage.answers == MOST_OF_ALL || stage.began.elapsed() > LONGEST;
            if is_over || stage.messages.len() >= MAX_MESSAGES {
                return Ok(false);
            }
            let turn = self.play(played, &stage.messages).await?;
            stage.answers += 1;
            stage.usage += turn.usage;
            let made = |call: &PreviewCall| RunCall {
                id: call.id.clone(),
                name: call.name.clone(),
                arguments: call.arguments.clone(),
            };
            let calls: Vec<RunCall> = turn.tool_calls.iter().map(made).collect();
            if turn.message.is_empty() && calls.is_empty() {
                return Ok(false);
            }
            stage.messages.push(RunMessage { tool_calls: calls, ..RunMessage::agent(turn.message) });
            if turn.tool_calls.is_empty() {
                return Ok(true);
            }
            for call in turn.tool_calls {
                let recorded = stage.recorded.get_mut(&call.name).and_then(VecDeque::pop_front);
                let answer = recorded.unwrap_or_else(|| call.simulated.to_string());
                stage.messages.push(RunMessage::result(&call.id, answer));
            }
        }
        Ok(false)
    }
}

/// A run while it is played.
struct Stage {
    messages: Vec<RunMessage>,
    /// What each tool answered when the test was made, in order.
    recorded: BTreeMap<String, VecDeque<String>>,
    answers: usize,
    began: Instant,
    usage: Usage,
}

impl Stage {
    fn new(test: &AcceptanceTest) -> Stage {
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut recorded: BTreeMap<String, VecDeque<String>> = BTreeMap::new();
        for message in &test.messages {
            names.extend(message.tool_calls.iter().map(|call| (call.id.as_str(), call.name.as_str())));
            if let Some(name) = message.call_id.as_deref().and_then(|id| names.get(id)) {
                recorded.entry((*name).to_owned()).or_default().push_back(message.content.clone());
            }
        }
        Stage { messages: Vec::new(), recorded, answers: 0, began: Instant::now(), usage: Usage::default() }
    }
}

fn verdict(played: &Played<'_>, test: &AcceptanceTest, stage: Stage, is_whole: bool) -> TestRun {
    let Stage { messages, usage, .. } = stage;
    let path = played.place(&messages).map(|place| place.path).unwrap_or_default();
    let calls = messages.iter().flat_map(|message| &message.tool_calls);
    let called: Vec<&str> = calls.filter_map(|call| played.tool(&call.name)).map(|tool| tool.id.as_str()).collect();
    // Where there is a tool to hand over with, words alone do not.
    let hands_over = |node: &Node| {
        let tool = node.config.tool.as_deref();
        node.kind == NodeType::Handoff && tool.is_none_or(|tool| called.contains(&tool))
    };
    let handed_over = path.iter().filter_map(|id| played.graph.node(id)).any(hands_over);
    let run = Run { messages: &messages, called, handed_over };
    let checks = test.checks.as_ref().map(|expects| judge(expects, &run)).unwrap_or_default();
    let judged = is_whole && !checks.is_empty();
    let note = match () {
        () if !is_whole => Some("The run was stopped: the agent answered nothing, or went on for too long."),
        () if checks.is_empty() => {
            Some("Nothing here can be checked by a program: read the run and judge it yourself.")
        }
        () => None,
    };
    TestRun {
        name: test.name.clone(),
        passed: judged.then(|| checks.iter().all(|check| check.passed)),
        checks,
        path,
        usage,
        note: note.map(str::to_owned),
        messages,
    }
}
