//! The ports' backends.

mod errors;
pub mod memory_cache;
pub mod postgres;
pub mod redis_cache;
pub mod redis_target;
mod rows;
pub mod sqlite;

/// Puts a text into a LIKE pattern that finds it anywhere, taken literally.
fn like(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}
