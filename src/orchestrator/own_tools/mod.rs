//! Tools that an owner brings to an agent: described by hand, or chosen from a document.

pub mod models;
#[cfg(feature = "ssr")]
mod service;

#[cfg(feature = "ssr")]
pub use service::read;
