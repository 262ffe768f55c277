//! The tool catalogue, choosing from it, and configuring what was chosen. Pure.

pub mod catalogue;
pub mod custom;
pub mod import;
pub mod matching;
pub mod mentions;
pub mod models;
pub mod phrases;
pub mod ranking;
pub mod selection;
pub mod words;
