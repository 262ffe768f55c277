//! From spec and workflow to each platform's prompt, every line with its source. Pure.

mod brief;
#[cfg(test)]
pub(crate) mod fixtures;
mod formats;
pub mod generator;
mod greeting;
#[cfg(test)]
pub(crate) mod hostile;
pub mod lint;
pub mod models;
mod parts;
pub mod polish;
mod procedures;
#[cfg(feature = "ssr")]
pub mod schemas;
mod sections;
#[cfg(test)]
mod tests;
pub(crate) mod texts;
mod tokens;
pub mod tool_schemas;
mod ways;
pub(crate) mod wording;
