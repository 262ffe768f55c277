//! The interview itself: stages, what to ask next, one turn.
//!
//! [`turn::apply`] takes a message: commands go to `commands`, requests for changes to `amend`, everything else is
//! merged into the spec; [`ask`] then chooses the next question and `reply` words the answer.

mod amend;
#[cfg(feature = "ssr")]
pub mod answers;
pub mod ask;
#[cfg(feature = "ssr")]
pub mod bring_back;
#[cfg(feature = "ui")]
pub mod bundle_fns;
#[cfg(feature = "ssr")]
mod bundle_work;
mod changes;
mod commands;
#[cfg(feature = "ssr")]
pub mod consult;
#[cfg(feature = "ssr")]
mod consulting;
mod data;
mod defaults;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
mod drawing;
#[cfg(feature = "ui")]
pub mod drawing_fns;
#[cfg(feature = "ssr")]
mod edits;
mod field_values;
#[cfg(feature = "ssr")]
mod guide;
pub mod hearing;
#[cfg(feature = "ssr")]
pub mod intake;
mod kind;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
mod loading;
pub mod models;
#[cfg(feature = "ssr")]
mod open_file;
#[cfg(feature = "ssr")]
pub mod outputs;
pub mod own_tests;
pub mod own_tools;
#[cfg(feature = "ssr")]
pub mod patch_schema;
pub mod polish;
pub mod preview;
#[cfg(feature = "ssr")]
mod repeat;
mod reply;
#[cfg(feature = "ssr")]
mod requests;
#[cfg(feature = "ssr")]
mod retell;
#[cfg(feature = "ssr")]
mod revising;
#[cfg(feature = "ui")]
pub mod revision_fns;
pub mod revisions;
#[cfg(feature = "ssr")]
pub mod router;
pub mod schemas;
#[cfg(feature = "ui")]
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod service;
pub mod stages;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(feature = "ssr")]
pub mod streams;
mod suggestions;
mod tool_talk;
pub mod turn;
#[cfg(feature = "ssr")]
mod view;
mod wording;
#[cfg(feature = "ssr")]
pub mod workshop;
