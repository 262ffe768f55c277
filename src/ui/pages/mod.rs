//! One page for each route.

pub mod history;
pub mod not_found;
pub mod settings;
pub mod start;
pub mod workspace;
