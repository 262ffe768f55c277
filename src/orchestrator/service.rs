//! One turn of an interview from request to answer: load, apply (pure), commit, then answer.

use std::sync::Arc;
use std::time::Instant;

use chrono::Duration;

use crate::error::AppError;
use crate::intent::models::Change;
use crate::language::Language;
use crate::llm::service::Models;
use crate::session::models::{MAX_TURNS, Role, SessionId, Status};
use crate::session::ports::{
    AnsweredRequest, Caller, Cause, Clock, Commit, Committed, NewMessage, NewRequest, NewRevision, NewSession,
    SessionStore, StateCache, Step,
};

use super::answers::{MessageAnswer, SessionCreated, TurnFields};
use super::consulting::Advice;
use super::live::LiveTurn;
use super::models::{Interview, Progress, TurnOutcome};
use super::repeat::{Repeatable, to_json};
use super::state::Session;
use super::{intake, outputs, revising, turn, wording};

/// How often a step is tried again when others change the session at the same time.
const ATTEMPTS: u32 = 64;
/// The longest reason of a revision, in characters.
const REASON_CHARS: usize = 120;

/// The interview as use cases. Cheap to clone.
#[derive(Clone)]
pub struct TurnService {
    pub(super) store: Arc<dyn SessionStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cache: Arc<dyn StateCache<Session>>,
    pub(super) models: Models,
    pub(super) rules: TurnRules,
    pub(super) language: Language,
}

/// What depends on the installation.
#[derive(Clone, Copy, Debug)]
pub struct TurnRules {
    /// How long a session stays active without a turn.
    pub expires_after: Duration,
    /// Whether a cached document may be older than the store: others write too, or the cache outlives the process.
    pub checks_cache: bool,
}

/// A message as it comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    pub text: String,
    /// Makes sending it again harmless.
    pub client_message_id: Option<String>,
    /// The version the sender looked at; refused if it is another one by now.
    pub expected_version: Option<u64>,
}

/// What a step makes of an interview, before it is kept.
pub(super) struct Proposal {
    pub interview: Interview,
    /// What the user said, where the step is a message.
    pub said: Option<String>,
    /// What the interviewer says; nothing if empty.
    pub reply: String,
    pub changes: Vec<Change>,
    /// What led to it and why, in plain words; `None` for a step that is no revision.
    pub cause: Option<(Cause, String)>,
}

impl Proposal {
    pub fn new(outcome: TurnOutcome, cause: Cause, reason: impl Into<String>) -> Proposal {
        let TurnOutcome { interview, reply, changes, .. } = outcome;
        Proposal { interview, said: None, reply, changes, cause: Some((cause, reason.into())) }
    }

    /// A step that changes no field and says nothing.
    pub fn silent(interview: Interview, cause: Option<(Cause, String)>) -> Proposal {
        Proposal { interview, said: None, reply: String::new(), changes: Vec::new(), cause }
    }

    /// The next turn.
    fn message(interview: Interview, text: String) -> Proposal {
        Proposal::of_message(turn::apply(interview, &text), text)
    }

    /// What a message led to.
    pub fn of_message(outcome: TurnOutcome, text: String) -> Proposal {
        let reason = wording::clip(&text, REASON_CHARS);
        Proposal { said: Some(text), ..Proposal::new(outcome, Cause::Message, reason) }
    }
}

/// A step that was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub session: Arc<Session>,
    pub progress: Progress,
    pub reply: String,
    pub changes: Vec<Change>,
}

impl Kept {
    pub fn turn(&self) -> TurnFields {
        TurnFields::new(&self.session, self.progress.clone())
    }
}

/// What a step changes, and under which conditions.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub id: &'a SessionId,
    /// The version the caller looked at; refused if it is another one by now.
    pub expected_version: Option<u64>,
    /// Whether a completed session takes the step.
    pub may_be_completed: bool,
}

/// A step ready to be committed.
struct Prepared {
    kept: Kept,
    step: Step,
    /// How much the store keeps of the session.
    bytes: usize,
}

impl TurnService {
    pub fn new(
        store: Arc<dyn SessionStore>,
        cache: Arc<dyn StateCache<Session>>,
        clock: Arc<dyn Clock>,
        models: Models,
        rules: TurnRules,
    ) -> TurnService {
        TurnService { store, clock, cache, models, rules, language: Language::default() }
    }

    /// The same for somebody who reads this language: new interviews are held in it.
    pub fn speaking(self, language: Language) -> TurnService {
        TurnService { language, ..self }
    }

    /// Opens an interview; a first message is taken at once.
    /// Sent again under the same key, it answers the same session.
    pub async fn create(
        &self,
        caller: &Caller,
        first_message: Option<String>,
        key: Option<&str>,
    ) -> Result<SessionCreated, AppError> {
        let text = first_message.as_deref().map(intake::clean).transpose()?;
        let Some(key) = key else {
            let id = self.fresh_id()?;
            let opening = self.opening(caller, &id, text).await;
            return Ok(SessionCreated::from(&self.open(caller, id, opening, None).await?));
        };
        let id = intake::session_for(caller, key)?;
        let request = format!("create {}", text.as_deref().unwrap_or_default());
        if let Some(first) = self.first_answer(&id, key, &request).await? {
            return Ok(first);
        }
        let opening = self.opening(caller, &id, text).await;
        let answer = |kept: &Kept| to_json(&SessionCreated::from(kept));
        let repeatable = Repeatable { key, request: &request, answer: &answer };
        match self.open(caller, id.clone(), opening, Some(repeatable)).await {
            Ok(kept) => Ok(SessionCreated::from(&kept)),
            // The same request may have come twice at once.
            Err(refused) => self.first_answer(&id, key, &request).await?.ok_or(refused),
        }
    }

    /// How an interview begins: with its first message, or with the interviewer's greeting.
    async fn opening(&self, caller: &Caller, id: &SessionId, text: Option<String>) -> Proposal {
        let (interview, greeting) = turn::open_in(self.language);
        let Some(text) = text else { return Proposal { reply: greeting, ..Proposal::silent(interview, None) } };
        let blank = Session { interview, ..self.blank(caller, id.clone()) };
        match self.consult(&blank, &text, &LiveTurn::default()).await {
            Some(advice) => advice.proposal(&blank, text),
            None => Proposal::message(blank.interview, text),
        }
    }

    /// Opens an interview in which nothing was said yet, for a first message that follows at once.
    pub async fn create_silent(&self, caller: &Caller) -> Result<SessionId, AppError> {
        let opening = Proposal::silent(turn::open_in(self.language).0, None);
        Ok(self.open(caller, self.fresh_id()?, opening, None).await?.session.id.clone())
    }

    fn blank(&self, caller: &Caller, id: SessionId) -> Session {
        let now = self.clock.now();
        Session {
            id,
            owner: caller.owner.clone(),
            created_at: now,
            updated_at: now,
            completed_at: None,
            version: 0,
            status: Status::Active,
            message_count: 0,
            interview: Interview::default(),
            history: Vec::new(),
            final_prompt: None,
        }
    }

    pub(super) fn fresh_id(&self) -> Result<SessionId, AppError> {
        SessionId::parse(&self.clock.new_id()).ok_or(AppError::Internal)
    }

    /// A new session of the caller's that begins with this step.
    pub(super) async fn open(
        &self,
        caller: &Caller,
        id: SessionId,
        opening: Proposal,
        repeatable: Option<Repeatable<'_>>,
    ) -> Result<Kept, AppError> {
        let blank = self.blank(caller, id);
        let now = blank.created_at;
        let Prepared { kept, step, bytes } = self.prepare(&blank, opening, repeatable.as_ref())?;
        let (id, owner) = (kept.session.id.clone(), caller.owner.clone());
        self.store.create(NewSession { id, owner, created_at: now, step }).await?;
        self.remember(&kept.session, bytes).await;
        Ok(kept)
    }

    /// Takes the user's next message. Sent again under the same `client_message_id`, it gets the first answer.
    pub async fn message(&self, caller: &Caller, id: &SessionId, sent: Incoming) -> Result<MessageAnswer, AppError> {
        self.message_heard(caller, id, sent, &LiveTurn::default()).await
    }

    /// The same, with listeners who hear on the way what a model makes of it, and may stop it.
    pub(super) async fn message_heard(
        &self,
        caller: &Caller,
        id: &SessionId,
        sent: Incoming,
        live: &LiveTurn,
    ) -> Result<MessageAnswer, AppError> {
        let text = intake::clean(&sent.text)?;
        let client_id = intake::client_id(sent.client_message_id)?;
        let target = Target { id, expected_version: sent.expected_version, may_be_completed: false };
        let advice = self.advice(caller, target, client_id.as_deref(), &text, live).await?;
        let step = |session: &Session| {
            if session.interview.user_messages >= MAX_TURNS {
                return Err(AppError::Full);
            }
            Ok(match &advice {
                Some(advice) => advice.proposal(session, text.clone()),
                None => Proposal::message(session.interview.clone(), text.clone()),
            })
        };
        let answer = |kept: &Kept| message_answer(kept, advice.as_ref());
        self.once(caller, target, client_id.as_deref(), &text, answer, step).await
    }

    /// One step on a session that takes changes.
    pub(super) async fn step(
        &self,
        caller: &Caller,
        id: &SessionId,
        expected_version: Option<u64>,
        step: impl Fn(&Session) -> Result<Proposal, AppError>,
    ) -> Result<Kept, AppError> {
        self.replace(caller, Target { id, expected_version, may_be_completed: false }, None, step).await
    }

    /// Loads, steps, commits; again from the start when another step came between, unless the caller named a version.
    pub(super) async fn replace(
        &self,
        caller: &Caller,
        target: Target<'_>,
        repeatable: Option<Repeatable<'_>>,
        step: impl Fn(&Session) -> Result<Proposal, AppError>,
    ) -> Result<Kept, AppError> {
        let Target { id, expected_version, may_be_completed } = target;
        let began = Instant::now();
        let mut session = self.load(caller, id).await?;
        record("load", began);
        if expected_version.is_some_and(|version| version != session.version) {
            session = self.reload(caller, id).await?;
        }
        for _ in 0..ATTEMPTS {
            if expected_version.is_some_and(|version| version != session.version) {
                return Err(AppError::Conflict { version: session.version });
            }
            if session.status == Status::Completed && !may_be_completed {
                return Err(AppError::Completed);
            }
            let began = Instant::now();
            let (version, proposal) = (session.version, step(&session)?);
            let Prepared { kept, step, bytes } = self.prepare(&session, proposal, repeatable.as_ref())?;
            record("apply", began);
            let began = Instant::now();
            let committed = self.store.commit(Commit { id: id.clone(), from_version: version, step }).await?;
            record("commit", began);
            match committed {
                Committed::Done { .. } => {
                    let began = Instant::now();
                    self.remember(&kept.session, bytes).await;
                    record("cache", began);
                    metrics::counter!("agentwright_turns_total").increment(1);
                    return Ok(kept);
                }
                Committed::Conflict { .. } => {
                    metrics::counter!("agentwright_turn_conflicts_total").increment(1);
                    session = self.reload(caller, id).await?;
                }
                // The caller looks the first answer up.
                Committed::Repeated => return Err(AppError::Conflict { version }),
                Committed::Gone => return Err(AppError::NotFound),
            }
        }
        Err(AppError::Conflict { version: session.version })
    }

    /// The next session, its new messages and its revision.
    fn prepare(
        &self,
        session: &Session,
        step: Proposal,
        repeatable: Option<&Repeatable<'_>>,
    ) -> Result<Prepared, AppError> {
        let redrawn = session.interview.step_edits != step.interview.step_edits;
        let mut next = session.next(step.interview, self.clock.now());
        let progress = turn::progress(&next.interview);
        let said = step.said.map(|text| next.push(Role::User, text));
        let replied = (!step.reply.trim().is_empty()).then(|| next.push(Role::Assistant, step.reply.clone()));
        let finals = outputs::settle(&mut next, &progress).map_err(internal)?;
        let revises = redrawn || !step.changes.is_empty();
        let revision = step.cause.and_then(|(cause, reason)| {
            let plain = matches!(cause, Cause::Message | Cause::Edit);
            let message_seq = said.as_ref().map(|message| message.seq);
            let changes = step.changes.clone();
            (revises || !plain).then_some(NewRevision { cause, reason, changes, message_seq })
        });
        let state = next.to_store(&progress, finals, self.rules.expires_after).map_err(internal)?;
        let bytes = state.bytes();
        let kept = Kept { session: Arc::new(next), progress, reply: step.reply, changes: step.changes };
        let said = said.map(|message| NewMessage {
            message,
            client_message_id: repeatable.map(|repeatable| repeatable.key.to_owned()),
        });
        let messages = said.into_iter().chain(replied.map(NewMessage::from)).collect();
        let request = repeatable.map(|Repeatable { key, request, answer }| {
            let answered = AnsweredRequest { request: (*request).to_owned(), answer_json: answer(&kept)? };
            Ok::<_, AppError>(NewRequest { key: (*key).to_owned(), answered })
        });
        let snapshot = revision.as_ref().map(|_| revising::snapshot(&kept.session.interview)).transpose();
        let snapshot = snapshot.map_err(internal)?;
        Ok(Prepared { kept, step: Step { state, messages, revision, snapshot, request: request.transpose()? }, bytes })
    }
}

fn message_answer(kept: &Kept, advice: Option<&Advice>) -> MessageAnswer {
    let is_complete = kept.session.status == Status::Completed;
    MessageAnswer {
        turn: kept.turn(),
        ai_response: kept.reply.clone(),
        is_complete,
        changes: kept.changes.clone(),
        degraded: advice.is_some_and(|advice| advice.degraded_because.is_some()),
        degraded_because: advice.and_then(|advice| advice.degraded_because.clone()),
        model_use: advice.map(|advice| advice.used.clone()),
        final_prompt: kept.session.final_prompt.clone(),
        workflow: is_complete.then(|| outputs::workflow(&kept.session)),
    }
}

/// How long a phase of a turn took.
fn record(phase: &'static str, began: Instant) {
    metrics::histogram!("agentwright_turn_seconds", "phase" => phase).record(began.elapsed().as_secs_f64());
}

/// Logs what only we can mend.
pub(super) fn internal(error: impl std::fmt::Display) -> AppError {
    tracing::error!(%error, "internal");
    AppError::Internal
}
