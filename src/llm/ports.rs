//! The port that a vendor's adapter fills.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use super::models::{ChatRequest, Delta, ModelName};

/// Why there is no answer, or no more of it. Never holds a key or a server's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("the model's server cannot be reached")]
    Unreachable,
    /// Nothing for longer than the limit of this phase.
    #[error("the model did not {0} in time")]
    TimedOut(Phase),
    #[error("the model's server asks to come back later")]
    RateLimited { retry_after: Option<Duration> },
    /// It says that it cannot serve now (5xx).
    #[error("the model's server is overloaded or broken ({status})")]
    Overloaded { status: u16, retry_after: Option<Duration> },
    #[error("the model's server does not accept the key")]
    Unauthorized,
    /// It does not take the request as it is.
    #[error("the model's server refuses the request ({status})")]
    Rejected { status: u16 },
    #[error("the answer broke off")]
    CutOff,
    #[error("the answer is longer than allowed")]
    TooLong,
    #[error("the answer cannot be read")]
    Garbled,
    /// It failed often just now and is left alone for a while.
    #[error("the model is left alone after it failed repeatedly")]
    Resting,
    /// As many requests as allowed are under way.
    #[error("too many requests are with the model already")]
    Busy,
}

/// A stretch of an answer that has its own limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Connect,
    FirstByte,
    Idle,
    Total,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Phase::Connect => "connect",
            Phase::FirstByte => "begin to answer",
            Phase::Idle => "go on",
            Phase::Total => "finish",
        })
    }
}

/// An answer while it comes. Ends after [`Delta::End`] or the first error; dropping it hangs up.
pub type Answer = BoxStream<'static, Result<Delta, ModelError>>;

/// One model of one provider.
#[async_trait]
pub trait ChatModel: Send + Sync {
    fn name(&self) -> &ModelName;

    /// Sends a request once and answers as soon as the server takes it.
    async fn ask(&self, request: &ChatRequest) -> Result<Answer, ModelError>;
}
