//! What a turn with a model costs beside the model: its own answers come at once.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::Error;
use crate::load::{Call, Client};
use crate::model_server::{Dialect, ModelServer, Script};
use crate::report::{Row, median, milliseconds};
use crate::server::Server;
use crate::turns::create;

/// Turns of one session, of each kind.
const ROUNDS: usize = 200;
/// Nothing that is a command: each goes to the model.
const SAID: [&str; 2] =
    ["It should sound calm and warm to everybody who calls", "Actually, make the tone formal for callers"];

pub async fn rows() -> Result<Vec<Row>, Error> {
    let answer = json!({"findings": [], "heard": "Noted.", "question": {"field": "none", "text": ""}});
    let model = ModelServer::always(Script::json(answer)).await;
    let address = model.base.trim_start_matches("http://").to_owned();
    let base_url = model.base_url(Dialect::OpenAi);
    let server = Server::start_with(&[("OPENAI_BASE_URL", &base_url), ("OPENAI_MODEL", "none")]).await?;
    let turns = turns(&server.address).await?;
    // The same request as the server sends, straight to the model.
    let request = model.requests().pop().ok_or("no turn came to the model")?;
    let mut client = Client::connect(&address).await?;
    let mut raw = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        client.call(&Call::post(request.path.clone(), request.body.clone())).await?;
        raw.push(began.elapsed());
    }
    let raw = median(&mut raw);
    Ok(vec![Row {
        what: "added around a model that answers at once, one client",
        measured: format!("p50 {}", milliseconds(turns.saturating_sub(raw))),
        bar: "p50 ≤ 2 ms",
        raw: format!("{} for the model's answer alone", milliseconds(raw)),
    }])
}

async fn turns(address: &str) -> Result<Duration, Error> {
    let mut client = Client::connect(address).await?;
    let session = create(address, 1).await?.remove(0);
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let said = json!({"message": SAID[round % SAID.len()]});
        let began = Instant::now();
        client.json(&Call::post(format!("/api/v1/sessions/{session}/message"), said)).await?;
        times.push(began.elapsed());
    }
    Ok(median(&mut times))
}
