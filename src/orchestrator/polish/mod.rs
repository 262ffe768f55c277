//! A model's words for the sections of a prompt: proposed, taken or refused, dropped again.

pub mod models;
#[cfg(feature = "ssr")]
pub(super) mod service;
