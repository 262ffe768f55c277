//! The agent's workflow: from spec to a valid graph, its layout and its drawings.

pub mod edit;
#[cfg(test)]
mod fixtures;
mod flow;
pub mod gesture;
pub mod layout;
pub mod models;
#[cfg(test)]
mod properties;
#[cfg(feature = "ssr")]
pub mod raster;
pub mod render;
#[cfg(feature = "ssr")]
pub mod schemas;
mod synthesis;
pub mod synthesizer;
pub mod track;
pub mod validator;
pub(crate) mod words;
