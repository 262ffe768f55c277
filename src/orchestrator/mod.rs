//! The interview itself: stages, what to ask next, one turn.

pub mod models;
pub mod schemas;
#[cfg(feature = "ui")]
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod service;
pub mod turn;
