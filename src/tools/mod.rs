//! The tool catalogue, choosing from it, and configuring what was chosen. Pure.

#[cfg(feature = "ssr")]
pub mod adapters;
pub mod catalogue;
pub mod custom;
pub mod import;
pub mod matching;
pub mod mentions;
pub mod models;
pub mod needs;
pub mod phrases;
#[cfg(feature = "ssr")]
pub mod ports;
pub mod ranking;
#[cfg(feature = "ssr")]
pub mod router;
#[cfg(feature = "ssr")]
pub mod schemas;
pub mod selection;
#[cfg(feature = "ssr")]
pub mod service;
pub mod simulate;
pub mod words;
