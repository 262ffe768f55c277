//! Native dialogs: they keep the focus inside, close with Escape and give the focus back.

pub mod delete;
pub mod finish;
pub mod keys;
pub mod palette;
