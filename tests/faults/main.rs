//! What breaks around the server and what its clients then see: one test for each row of `docs/reliability.md`.
//!
//! Short in `cargo test`; `make faults` raises the rounds and writes the table.

#[path = "../servers/mod.rs"]
mod servers;

mod connections;
mod disk;
mod kills;
mod load;
mod overload;
mod postgres;
mod redis;
mod report;
mod soak;
mod support;
