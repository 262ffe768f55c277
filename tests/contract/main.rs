//! What every backend of a port must do: one story each, told to every backend.

mod cache;
mod store;
