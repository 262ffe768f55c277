//! The agent's workflow: from spec to a valid graph, its layout and its drawings.

pub mod edit;
pub mod models;
pub mod render;
pub mod synthesizer;
pub mod validator;
