//! The interview itself: stages, what to ask next, one turn.
//!
//! [`turn::apply`] takes a message: commands go to [`commands`], requests for changes to [`amend`], everything else is
//! merged into the spec; [`ask`] then chooses the next question and [`reply`] words the answer.

mod amend;
pub mod ask;
mod changes;
mod commands;
mod data;
mod defaults;
mod edits;
mod kind;
pub mod models;
mod reply;
pub mod schemas;
pub mod stages;
mod tool_talk;
pub mod turn;
