//! What the user leaves with: the files of each target, single or as one zip. Pure.

mod acceptance;
pub mod archive;
pub mod export;
mod flow;
mod kit;
pub mod models;
mod neutral;
mod readable;
mod review;
#[cfg(feature = "ssr")]
pub mod schemas;
mod targets;
#[cfg(test)]
mod tests;
mod verified;

pub use kit::File;
