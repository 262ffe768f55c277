//! Language models: which could be used, and whether they are. The interview works without any.

#[cfg(feature = "ssr")]
pub mod router;
