//! The page. `pages` load, `components` take props, `state` is the one interview that is open.
//!
//! It links models and schemas only: lexicon, catalogue, layout and targets stay on the server.

pub mod browser;
pub mod components;
pub mod geometry;
pub mod host;
pub mod light;
pub mod markdown;
pub mod marks;
pub mod pages;
pub mod pane;
pub mod state;
pub mod words;
