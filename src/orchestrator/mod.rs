//! The interview itself: stages, what to ask next, one turn.

#[cfg(feature = "ssr")]
pub mod answers;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
mod edits;
#[cfg(feature = "ssr")]
mod intake;
pub mod models;
#[cfg(feature = "ssr")]
pub mod outputs;
#[cfg(feature = "ssr")]
mod requests;
pub mod schemas;
#[cfg(feature = "ui")]
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod state;
pub mod turn;
#[cfg(feature = "ssr")]
mod view;
