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
    /// It ended without a word or a call.
    #[error("the answer is empty")]
    Empty,
    /// It failed often just now and is left alone for a while.
    #[error("the model is left alone after it failed repeatedly")]
    Resting,
    /// As many requests as allowed are under way.
    #[error("too many requests are with the model already")]
    Busy,
    #[error("no model is configured")]
    NotConfigured,
}

impl ModelError {
    /// A word for it, in metrics and on the wire.
    pub fn kind(&self) -> &'static str {
        match self {
            ModelError::Unreachable => "unreachable",
            ModelError::TimedOut(Phase::Connect) => "connect_timeout",
            ModelError::TimedOut(Phase::FirstByte) => "first_byte_timeout",
            ModelError::TimedOut(Phase::Idle) => "idle_timeout",
            ModelError::TimedOut(Phase::Total) => "total_timeout",
            ModelError::RateLimited { .. } => "rate_limited",
            ModelError::Overloaded { .. } => "overloaded",
            ModelError::Unauthorized => "unauthorized",
            ModelError::Rejected { .. } => "rejected",
            ModelError::CutOff => "cut_off",
            ModelError::TooLong => "too_long",
            ModelError::Garbled => "garbled",
            ModelError::Empty => "empty",
            ModelError::Resting => "resting",
            ModelError::Busy => "busy",
            ModelError::NotConfigured => "not_configured",
        }
    }

    /// Whether the same request may well be answered a moment later.
    pub fn is_passing(&self) -> bool {
        use ModelError::{CutOff, Empty, Garbled, Overloaded, RateLimited, TimedOut, Unreachable};
        matches!(
            self,
            Unreachable | TimedOut(Phase::Connect) | RateLimited { .. } | Overloaded { .. } | CutOff | Garbled | Empty
        )
    }

    /// Whether it says something about the server's health, and not about this one request.
    pub fn is_servers_fault(&self) -> bool {
        use ModelError::{Busy, Empty, NotConfigured, Rejected, Resting, TooLong};
        !matches!(self, Rejected { .. } | TooLong | Empty | Busy | Resting | NotConfigured)
    }

    /// The server's own word on when to come back.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            ModelError::RateLimited { retry_after } | ModelError::Overloaded { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
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

    /// Whether the server is there and takes the key. Costs no tokens.
    async fn reach(&self) -> Result<(), ModelError>;
}
