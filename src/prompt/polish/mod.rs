//! Sections of a prompt in a model's words, taken by the agent's owner: what may be taken, and how the prompt then
//! reads. Pure; nothing here asks a model.
//!
//! The generated section stays the truth: a polished one stands in its place for as long as the generated one beneath
//! is the same, and lapses when that changes.

mod apply;
mod check;
mod data;
mod facts;
pub mod models;
#[cfg(test)]
mod tests;

pub use apply::{body, shown};
pub use check::{Examiner, Refused};
pub use data::{instructions, output_tokens};
