//! How each dialect is spoken.

mod anthropic;
mod anthropic_stream;
mod openai;
mod openai_stream;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use super::ports::ChatModel;
use super::settings::{ProviderSettings, Vendor};

pub use wire::ClientError;

/// What one request may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connect: Duration,
    /// From sending to the first byte of the answer's body.
    pub first_byte: Duration,
    /// Between two pieces of it.
    pub idle: Duration,
    /// The longest answer, in bytes as they travel.
    pub answer_bytes: usize,
    /// The longest event in it.
    pub event_bytes: usize,
}

/// The models of one provider, which share their connections.
pub struct Provider {
    server: wire::Server,
    vendor: Vendor,
}

impl Provider {
    /// Nothing is sent yet.
    pub fn open(settings: &ProviderSettings, limits: Limits) -> Result<Provider, ClientError> {
        let server = match settings.vendor {
            Vendor::OpenAi => openai::server(settings, limits)?,
            Vendor::Anthropic => anthropic::server(settings, limits)?,
        };
        Ok(Provider { server, vendor: settings.vendor })
    }

    pub fn model(&self, name: &str) -> Arc<dyn ChatModel> {
        let server = self.server.clone();
        match self.vendor {
            Vendor::OpenAi => Arc::new(openai::OpenAi::new(server, name)),
            Vendor::Anthropic => Arc::new(anthropic::Anthropic::new(server, name)),
        }
    }
}
