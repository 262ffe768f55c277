//! Who and what a conversation is: ids, messages, status, where it is kept.

#[cfg(feature = "ssr")]
pub mod adapters;
#[cfg(feature = "ssr")]
mod cause;
pub mod models;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
pub mod schemas;
#[cfg(feature = "ssr")]
pub mod service;
