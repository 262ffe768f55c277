//! What the user leaves with: the files of each target, single or as one zip. Pure.

pub mod acceptance;
pub mod archive;
pub mod export;
mod flow;
mod kit;
pub mod models;
mod neutral;
pub mod own_tests;
mod readable;
mod review;
#[cfg(feature = "ssr")]
pub mod schemas;
mod targets;
#[cfg(test)]
mod tests;
mod verified;

pub use kit::File;
