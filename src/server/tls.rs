//! The cryptography behind every TLS connection this program opens.

/// Chooses it for the process; to be called before the first HTTP client is made. A second call changes nothing.
pub fn choose_crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
