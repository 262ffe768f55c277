//! The page. `pages` load, `components` take props, `state` is the one interview that is open.
//!
//! It links models and schemas only: lexicon, catalogue, layout and targets stay on the server.

#![allow(
    clippy::redundant_closure,
    reason = "`{move || text()}` shares its code with other closures, `{text}` has its own"
)]

pub mod browser;
pub mod chunks;
pub mod components;
pub mod drawing;
pub mod geometry;
pub mod host;
pub mod identity;
pub mod light;
pub mod live;
pub mod load;
pub mod markdown;
pub mod marks;
pub mod memo;
pub mod notes;
pub mod pages;
pub mod pane;
pub mod state;
#[cfg(feature = "ssr")]
pub mod styleguide;
pub mod texts;
pub mod words;
