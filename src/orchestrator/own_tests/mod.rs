//! Acceptance tests: those that follow from the agent's description, and the owner's own, made from runs and played again.

#[cfg(feature = "ssr")]
mod judge;
pub mod models;
#[cfg(feature = "ssr")]
mod run;
#[cfg(feature = "ssr")]
mod service;
