//! The agent's workflow: from spec to a valid graph, its layout and its drawings.

pub mod edit;
#[cfg(test)]
mod fixtures;
mod flow;
pub mod layout;
pub mod models;
#[cfg(test)]
mod properties;
pub mod render;
mod synthesis;
pub mod synthesizer;
pub mod validator;
mod words;
