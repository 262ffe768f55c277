//! Turns that are followed while they are made: the sender gets an id at once, the work goes on whoever listens, and
//! its events can be read again from any point.
//!
//! Events live in the server that makes the turn. Any other server answers from the store: the turn is kept under its
//! id as `client_message_id`, so what was answered is there once it is committed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;
use moka::future::Cache;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::error::AppError;
use crate::session::models::{SessionId, Status};
use crate::session::ports::{Caller, Clock};
use crate::session::service::SessionService;

use super::intake;
use super::live::{LiveTurn, TurnEvent};
use super::schemas::{RunningTurn, Workspace};
use super::service::{Incoming, TurnService};

/// How long events can be read again.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// The most turns whose events are kept.
const MOST: u64 = 4_096;
/// How often a turn of another server is looked for in the store, and how long beside what its model may take.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(5);

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct TurnStreams {
    turns: TurnService,
    sessions: SessionService,
    clock: Arc<dyn Clock>,
    heard: Cache<(SessionId, String), Arc<Begun>>,
    /// The newest turn of each session that is being made here.
    running: Arc<Mutex<HashMap<SessionId, RunningTurn>>>,
    under_way: TaskTracker,
    stopping: CancellationToken,
}

/// A turn that was begun here.
struct Begun {
    text: String,
    live: LiveTurn,
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
        let heard = Cache::builder().max_capacity(MOST).time_to_live(KEPT_FOR).build();
        TurnStreams { turns, sessions, clock, heard, running: Arc::default(), under_way, stopping }
    }

    /// Begins a turn and answers its id: the message's `client_message_id`, or a new one. Begun again under the same id
    /// it is the same turn.
    pub async fn start(&self, caller: &Caller, id: &SessionId, sent: Incoming) -> Result<String, AppError> {
        let text = intake::clean(&sent.text)?;
        let turn_id = intake::client_id(sent.client_message_id)?.unwrap_or_else(|| self.clock.new_id());
        if self.sessions.head(caller, id).await?.status == Status::Completed {
            return Err(AppError::Completed);
        }
        let fresh = Arc::new(Begun { text: text.clone(), live: LiveTurn::heard() });
        let entry = self.heard.entry((id.clone(), turn_id.clone())).or_insert(fresh).await;
        if !entry.is_fresh() {
            let is_same = entry.value().text == text;
            return if is_same { Ok(turn_id) } else { Err(intake::other_request()) };
        }
        let begun = entry.into_value();
        let running = RunningTurn { turn_id: turn_id.clone(), text: text.clone() };
        self.running().insert(id.clone(), running.clone());
        let (streams, caller, id) = (self.clone(), caller.clone(), id.clone());
        let sent = Incoming { text, client_message_id: Some(turn_id.clone()), expected_version: sent.expected_version };
        let work = async move {
            streams.make(&caller, &id, sent, &begun.live).await;
            streams.running().retain(|session, turn| *session != id || *turn != running);
        };
        self.under_way.spawn(work.in_current_span());
        Ok(turn_id)
    }

    async fn make(&self, caller: &Caller, id: &SessionId, sent: Incoming, live: &LiveTurn) {
        match self.turns.message_heard(caller, id, sent, live).await {
            Ok(answer) => {
                let drawn = self.turns.workflow(caller, id).await.ok();
                live.finish(&answer, drawn.as_ref().map(|it| (it.mermaid_diagram.as_str(), it.workflow.nodes.len())));
            }
            Err(error) => live.fail(&error),
        }
    }

    /// The turn of a session that is being made here, for whoever may open the session.
    pub fn running_turn(&self, id: &SessionId) -> Option<RunningTurn> {
        self.running().get(id).cloned()
    }

    fn running(&self) -> MutexGuard<'_, HashMap<SessionId, RunningTurn>> {
        // Whoever panicked with it held left a map all the same.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happened after the event `after` and what happens from now on, up to the turn's end.
    pub async fn follow(
        &self,
        caller: &Caller,
        id: &SessionId,
        turn_id: &str,
        after: usize,
    ) -> Result<impl Stream<Item = Heard> + Send + use<>, AppError> {
        let events = match self.begun(caller, id, turn_id).await? {
            Some(begun) => begun.live.follow(),
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

    /// Asks a turn to stop; what was made of it is kept. One that is made already stays as it is.
    pub async fn stop(&self, caller: &Caller, id: &SessionId, turn_id: &str) -> Result<(), AppError> {
        match self.begun(caller, id, turn_id).await? {
            Some(begun) => begun.live.stop(),
            None if self.turns.stored_answer(id, turn_id).await?.is_none() => return Err(AppError::NotFound),
            None => {}
        }
        Ok(())
    }

    /// What a turn makes of the interview, for the page; `None` before the message is read and once the turn is kept.
    pub async fn draft(&self, caller: &Caller, id: &SessionId, turn_id: &str) -> Result<Option<Workspace>, AppError> {
        Ok(self.begun(caller, id, turn_id).await?.and_then(|begun| begun.live.draft()))
    }

    async fn begun(&self, caller: &Caller, id: &SessionId, turn_id: &str) -> Result<Option<Arc<Begun>>, AppError> {
        self.sessions.head(caller, id).await?;
        Ok(self.heard.get(&(id.clone(), turn_id.to_owned())).await)
    }

    /// A turn of another server, as the store has it or will have it soon.
    async fn elsewhere(&self, id: &SessionId, turn_id: &str) -> Result<watch::Receiver<Vec<TurnEvent>>, AppError> {
        let until = Instant::now() + PATIENCE + self.turns.longest_wait();
        while Instant::now() < until {
            if let Some(answer) = self.turns.stored_answer(id, turn_id).await? {
                return Ok(LiveTurn::of(&answer).follow());
            }
            if self.stopping.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
                break;
            }
        }
        Err(AppError::NotFound)
    }
}
