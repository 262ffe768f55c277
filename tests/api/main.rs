//! The server from the outside: every route, and what happens to bad input.

mod access;
mod agents;
mod documents;
mod drawing;
mod limits;
mod outputs;
mod ownership;
mod pages;
mod reference;
mod refusals;
mod sessions;
mod support;
mod tools;
mod turns;
