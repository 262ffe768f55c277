//! From a person's words to fields: lexicon, grammars, corrections. Pure.
//!
//! A message becomes [`text::Text`], [`acts`] say what it does, [`extract`] asks one [`grammar`] per field what it tells,
//! and [`merge`] puts that into the [`models::AgentSpec`].

pub mod acts;
pub mod assisted;
pub(crate) mod clause;
mod common;
pub mod extract;
mod field;
pub mod grammar;
mod language;
pub mod lexicon;
pub(crate) mod matcher;
pub mod merge;
pub mod models;
#[cfg(feature = "ssr")]
pub mod schemas;
pub mod spec_schema;
pub mod text;
pub mod tool_config;
pub mod tool_talk;
pub mod vocabulary;
