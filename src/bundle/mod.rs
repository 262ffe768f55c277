//! What the user leaves with: the files of each target, single or as one zip. Pure.

pub mod export;
pub mod models;
#[cfg(feature = "ui")]
pub mod server_fns;
