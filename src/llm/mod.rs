//! Language models: what the product asks of one, whoever serves it. The interview works without any.
//!
//! [`models`] says what is asked and what comes back; `ports` is the trait that an adapter fills for one dialect, and
//! `service` the models of a server: which is asked for what, and what happens when it fails.

pub mod models;

#[cfg(feature = "ssr")]
pub mod adapters;
#[cfg(feature = "ssr")]
mod breaker;
#[cfg(feature = "ssr")]
mod cards;
#[cfg(feature = "ssr")]
mod data;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
mod provider;
#[cfg(feature = "ssr")]
pub mod router;
#[cfg(feature = "ssr")]
pub mod schemas;
#[cfg(feature = "ui")]
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod settings;
