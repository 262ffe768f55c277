//! Agentwright interviews people about the agent they want and hands over its prompt, tools and workflow.
//!
//! Feature folders carry the names of the design; in each, the file name says the layer. Dependencies point one way:
//! `ui → server_fns → orchestrator → {bundle → prompt → workflow → tools → intent}, session`; `server` wires them.
//! Everything named `models` or `schemas` compiles for the server and for the page.

#[cfg(feature = "ui")]
pub mod app;
pub mod bundle;
#[cfg(feature = "ui")]
pub mod error;
pub mod intent;
pub mod orchestrator;
pub mod prompt;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod tools;
pub mod workflow;
