//! The server from the outside: every route, and what happens to bad input.

mod access;
mod agents;
mod assisted;
mod documents;
mod drawing;
mod languages;
mod limits;
#[path = "../servers/model.rs"]
mod model;
mod models;
mod outputs;
mod own_tests;
mod ownership;
mod pages;
mod polish;
mod preview;
mod reference;
mod refusals;
mod sessions;
mod support;
mod tools;
mod turns;
