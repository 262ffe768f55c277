//! What every backend of a port must do: one story each, told to every backend.

mod cache;
#[path = "../servers/mod.rs"]
mod servers;
mod store;
mod tools;
