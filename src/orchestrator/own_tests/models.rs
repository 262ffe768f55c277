//! Tests on the wire and for the page. Pure types.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bundle::models::AcceptanceTest;
use crate::bundle::own_tests::{Expectations, RunMessage};
use crate::llm::models::Usage;
use crate::prompt::models::PromptFormat;

/// The most tests of the owner's own.
pub const MAX_TESTS: usize = 50;
/// The longest title of a test, in characters.
pub const MAX_TITLE: usize = 80;
/// The most entries of one list of expectations, and the longest of them, in characters.
pub const MAX_EXPECTED: usize = 20;
pub const MAX_EXPECTED_CHARS: usize = 200;

/// A run to keep as a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveTest {
    /// What it is called; its name in the bundle is made from it.
    #[schema(min_length = 1, max_length = 80, pattern = r"\S")]
    pub name: String,
    /// The run; at least one message is the user's.
    #[schema(min_items = 1, max_items = 60)]
    pub messages: Vec<RunMessage>,
    #[serde(default)]
    pub expects: Expectations,
}

/// All tests of an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestsAnswer {
    /// Those that follow from the description, then the owner's own.
    pub tests: Vec<AcceptanceTest>,
    /// Whether a model can play them.
    pub can_run: bool,
}

/// How to play a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunTest {
    /// Whose prompt the agent has; the generic one if it is left out.
    #[serde(default)]
    pub format: Option<PromptFormat>,
}

/// One thing that was expected of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckResult {
    /// In a sentence.
    pub check: String,
    pub passed: bool,
    /// What the run showed.
    pub because: String,
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestRun {
    pub name: String,
    /// Null where a person has to judge: nothing is there that a program can check, or the run was not finished.
    pub passed: Option<bool>,
    pub checks: Vec<CheckResult>,
    /// The run.
    pub messages: Vec<RunMessage>,
    /// Ids of the workflow's steps it came through.
    pub path: Vec<String>,
    pub usage: Usage,
    /// What to know about the run.
    pub note: Option<String>,
}
