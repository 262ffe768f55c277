//! Who and what a conversation is: ids, messages, status, where it is kept.

pub mod models;
#[cfg(feature = "ui")]
pub mod server_fns;
