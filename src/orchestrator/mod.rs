//! The interview itself: stages, what to ask next, one turn.

pub mod models;
pub mod schemas;
pub mod turn;
