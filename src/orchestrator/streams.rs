//! Turns that are followed while they are made: the sender gets an id at once, the work goes on whoever listens, and
//! its events can be read again from any point.
//!
//! Events live in the server that makes the turn. Any other server answers from the store: the turn is kept under its
//! id as `client_message_id`, so what was answered is there once it is committed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;
use moka::future::Cache;
use serde_json::json;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::error::AppError;
use crate::session::models::{SessionId, Status};
use crate::session::ports::{Caller, Clock};
use crate::session::service::SessionService;

use super::answers::MessageAnswer;
use super::intake;
use super::service::{Incoming, TurnService};

/// How long events can be read again.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// The most turns whose events are kept.
const MOST: u64 = 4_096;
/// How often, and how many times, a turn of another server is looked for in the store.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const LOOKS: usize = 40;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct TurnStreams {
    turns: TurnService,
    sessions: SessionService,
    clock: Arc<dyn Clock>,
    live: Cache<(SessionId, String), Arc<Live>>,
    under_way: TaskTracker,
    stopping: CancellationToken,
}

/// A turn of this server.
struct Live {
    text: String,
    /// Grows until the last event, `done` or `error`.
    events: watch::Sender<Vec<TurnEvent>>,
}

/// Something that happened in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnEvent {
    /// Counts from 1.
    pub id: usize,
    /// `fields`, `workflow`, `token`, then `done` or `error`.
    pub name: &'static str,
    /// JSON.
    pub data: String,
}

impl TurnEvent {
    fn is_last(&self) -> bool {
        matches!(self.name, "done" | "error")
    }
}

/// What a listener gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Event(TurnEvent),
    /// The server stops: connect again and go on from the last id.
    Retry,
}

impl TurnStreams {
    pub fn new(
        turns: TurnService,
        sessions: SessionService,
        clock: Arc<dyn Clock>,
        under_way: TaskTracker,
        stopping: CancellationToken,
    ) -> TurnStreams {
        let live = Cache::builder().max_capacity(MOST).time_to_live(KEPT_FOR).build();
        TurnStreams { turns, sessions, clock, live, under_way, stopping }
    }

    /// Begins a turn and answers its id: the message's `client_message_id`, or a new one. Begun again under the same id
    /// it is the same turn.
    pub async fn start(&self, caller: &Caller, id: &SessionId, sent: Incoming) -> Result<String, AppError> {
        let text = intake::clean(&sent.text)?;
        let turn_id = intake::client_id(sent.client_message_id)?.unwrap_or_else(|| self.clock.new_id());
        if self.sessions.head(caller, id).await?.status == Status::Completed {
            return Err(AppError::Completed);
        }
        let fresh = Arc::new(Live { text: text.clone(), events: watch::Sender::default() });
        let entry = self.live.entry((id.clone(), turn_id.clone())).or_insert(fresh).await;
        if !entry.is_fresh() {
            let is_same = entry.value().text == text;
            return if is_same { Ok(turn_id) } else { Err(intake::other_request()) };
        }
        let live = entry.into_value();
        let (streams, caller, id) = (self.clone(), caller.clone(), id.clone());
        let sent = Incoming { text, client_message_id: Some(turn_id.clone()), expected_version: sent.expected_version };
        let work = async move { streams.make(&caller, &id, sent, &live).await };
        self.under_way.spawn(work.in_current_span());
        Ok(turn_id)
    }

    async fn make(&self, caller: &Caller, id: &SessionId, sent: Incoming, live: &Live) {
        let events = match self.turns.message(caller, id, sent).await {
            Ok(answer) => {
                let drawn = self.turns.workflow(caller, id).await.ok();
                let diagram = drawn.map(
                    |drawn| json!({"mermaid_diagram": drawn.mermaid_diagram, "nodes": drawn.workflow.nodes.len()}),
                );
                told(&answer, diagram)
            }
            Err(error) => numbered(vec![refused(&error)]),
        };
        live.events.send_replace(events);
    }

    /// What happened after the event `after` and what happens from now on, up to the turn's end.
    pub async fn follow(
        &self,
        caller: &Caller,
        id: &SessionId,
        turn_id: &str,
        after: usize,
    ) -> Result<impl Stream<Item = Heard> + Send + use<>, AppError> {
        let events = match self.live(caller, id, turn_id).await? {
            Some(live) => live.events.subscribe(),
            None => self.elsewhere(id, turn_id).await?,
        };
        let stopping = self.stopping.clone();
        Ok(unfold(Some((events, after)), move |place| {
            let stopping = stopping.clone();
            async move {
                let (mut events, after) = place?;
                let next =
                    async { events.wait_for(|kept| kept.len() > after).await.ok().map(|kept| kept[after].clone()) };
                let Some(event) = stopping.run_until_cancelled(next).await else { return Some((Heard::Retry, None)) };
                let event = event?;
                let rest = (!event.is_last()).then_some((events, after + 1));
                Some((Heard::Event(event), rest))
            }
        }))
    }

    /// Asks a turn to stop; what was made of it stays. A turn without a model is made before anybody can ask.
    pub async fn stop(&self, caller: &Caller, id: &SessionId, turn_id: &str) -> Result<(), AppError> {
        if self.live(caller, id, turn_id).await?.is_none() && self.turns.stored_answer(id, turn_id).await?.is_none() {
            return Err(AppError::NotFound);
        }
        Ok(())
    }

    async fn live(&self, caller: &Caller, id: &SessionId, turn_id: &str) -> Result<Option<Arc<Live>>, AppError> {
        self.sessions.head(caller, id).await?;
        Ok(self.live.get(&(id.clone(), turn_id.to_owned())).await)
    }

    /// A turn of another server, as the store has it or will have it soon.
    async fn elsewhere(&self, id: &SessionId, turn_id: &str) -> Result<watch::Receiver<Vec<TurnEvent>>, AppError> {
        for _ in 0..LOOKS {
            if let Some(answer) = self.turns.stored_answer(id, turn_id).await? {
                return Ok(watch::Sender::new(told(&answer, None)).subscribe());
            }
            if self.stopping.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
                break;
            }
        }
        Err(AppError::NotFound)
    }
}

type Told = (&'static str, serde_json::Value);

/// A turn that was kept, in the order in which its parts are known.
pub fn told(answer: &MessageAnswer, diagram: Option<serde_json::Value>) -> Vec<TurnEvent> {
    let mut events = vec![("fields", json!({"turn": answer.turn, "changes": answer.changes}))];
    events.extend(diagram.map(|diagram| ("workflow", diagram)));
    events.push(("token", json!({"text": answer.ai_response})));
    events.push(("done", json!(answer)));
    numbered(events)
}

fn numbered(events: Vec<Told>) -> Vec<TurnEvent> {
    let event = |(id, (name, data)): (usize, Told)| TurnEvent { id, name, data: data.to_string() };
    (1..).zip(events).map(event).collect()
}

fn refused(error: &AppError) -> Told {
    let mut problem = json!({"status": error.status(), "code": error.code(), "detail": error.to_string()});
    if let AppError::Conflict { version } = error {
        problem["version"] = json!(version);
    }
    ("error", problem)
}
