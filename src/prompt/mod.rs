//! From spec and workflow to each platform's prompt, every line with its source. Pure.

pub mod generator;
pub mod models;
#[cfg(feature = "ssr")]
pub mod router;
#[cfg(feature = "ssr")]
pub mod schemas;
#[cfg(feature = "ui")]
pub mod server_fns;
