//! The tool catalogue, choosing from it, and configuring what was chosen. Pure.

pub mod catalogue;
pub mod models;
pub mod selection;
