//! Language models: what the product asks of one, whoever serves it. The interview works without any.
//!
//! [`models`] says what is asked and what comes back; `ports` is the trait that a vendor's adapter fills.

pub mod models;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
pub mod router;
