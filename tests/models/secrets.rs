//! A key goes to its server and nowhere else.

use std::io::Write;
use std::sync::{Arc, Mutex};

use agentwright::llm::models::Purpose;
use tracing::instrument::WithSubscriber;

use crate::model::{Dialect, KEY, ModelServer, Script};
use crate::support::{asked, json_request, models_of};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_key_nor_words_are_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    let work = async {
        for dialect in Dialect::BOTH {
            for script in [
                Script::text("the words of the model"),
                Script::complaint(&format!("the words of the server about {KEY} and response_format")),
                Script::status(500),
                Script::status(401),
                Script::garbage(),
                Script::text("the words of the model").in_chunks(1).cut_after(700),
            ] {
                let server = ModelServer::always(script).await;
                let models = models_of(&server, dialect);
                if let Err(error) = asked(&models, &json_request()).await.1 {
                    let told = format!("{error} {error:?}");
                    assert!(!told.contains(KEY) && !told.contains("the words"), "{told}");
                }
                models.collect(Purpose::Polish, &json_request()).await.ok();
                assert!(!format!("{:?}", models.providers()).contains(KEY));
            }
        }
    };
    work.with_subscriber(subscriber).await;
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("a model did not answer") && log.contains("unauthorized"), "it logs at all: {log}");
    for secret in [KEY, "the words of the", "receptionist", "You are brief"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
