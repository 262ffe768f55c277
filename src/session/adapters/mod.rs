//! The ports' backends.

pub mod memory_cache;
pub mod sqlite;
