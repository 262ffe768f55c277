//! What the page asks of whatever renders it: the server reads the request and sets the answer, the browser does neither.

#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(feature = "ssr")]
mod server;

#[cfg(not(feature = "ssr"))]
pub use browser::*;
#[cfg(feature = "ssr")]
pub use server::*;

/// Where a page was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Scheme and host, as the visitor wrote them: `https://agents.example`.
    pub origin: String,
    pub path: String,
}

/// The built files, by their address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    pub script: String,
    pub wasm: String,
    pub style: String,
    /// What the page asked for needs besides, before it works.
    pub chunks: Vec<String>,
}
