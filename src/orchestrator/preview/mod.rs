//! The agent played: by a model, with made-up answers of its tools, or step by step through its workflow without one.
//! The server keeps nothing of it.

#[cfg(feature = "ssr")]
mod check;
pub mod models;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod walk;

#[cfg(feature = "ssr")]
pub(super) use check::check;
#[cfg(feature = "ssr")]
pub(super) use service::Played;
