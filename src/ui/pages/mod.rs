//! One page for each route.

pub mod history;
pub mod not_found;
mod open_file;
pub mod settings;
pub mod start;
pub mod workspace;
