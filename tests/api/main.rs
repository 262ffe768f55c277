//! The server from the outside: every route, and what happens to bad input.

mod documents;
mod outputs;
mod ownership;
mod pages;
mod refusals;
mod sessions;
mod support;
mod turns;
