//! A turn with a model: what it reads of the message and how it words the reply, told to the listeners as it comes.
//!
//! At most two calls a turn. Whatever fails, breaks off or is stopped, the turn is made with what came until then, and
//! without the model where nothing did.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use serde_json::json;
use tokio::time::timeout;

use crate::error::AppError;
use crate::intent::assisted::{Suggestions, Unusable};
use crate::llm::models::{ChatRequest, Delta, Finish, Purpose};
use crate::llm::ports::{ModelError, Phase};
use crate::llm::service::Models;
use crate::session::models::{MAX_TURNS, Role, SessionId, Status};
use crate::session::ports::Caller;
use crate::workflow::{render, synthesizer};

use super::answers::TurnFields;
use super::consult::reader::{AnswerReader, Piece};
use super::consult::wording::{Worded, Wording};
use super::consult::{self, combined_request, extraction_request, phrasing_request, repair_request};
use super::live::LiveTurn;
use super::models::{ModelUse, TurnOutcome};
use super::service::{Proposal, Target, TurnService};
use super::state::Session;
use super::{turn, view};

/// Why a model was of no help, or of less than hoped for.
#[derive(Debug, thiserror::Error)]
enum Unhelped {
    #[error(transparent)]
    Failed(#[from] ModelError),
    #[error("what the model answered cannot be used: {0}")]
    Unusable(#[from] Unusable),
    #[error("the model would not answer")]
    Refused,
}

/// What came of asking.
#[derive(Debug, Default)]
pub(super) struct Advice {
    /// The version of the session that was asked about.
    version: u64,
    suggestions: Option<Suggestions>,
    /// What the message makes of that version, once it was read.
    outcome: Option<TurnOutcome>,
    worded: Option<Worded>,
    pub(super) used: ModelUse,
    /// Why the built-in interviewer answered, or finished the answer, alone.
    pub(super) degraded_because: Option<String>,
}

impl Advice {
    /// The next turn, also where the session moved on since the model was asked: then the words are ours.
    pub(super) fn proposal(&self, session: &Session, text: String) -> Proposal {
        let is_same = session.version == self.version;
        let mut outcome = self
            .outcome
            .clone()
            .filter(|_| is_same)
            .unwrap_or_else(|| turn::apply_with(session.interview.clone(), &text, self.suggestions.as_ref()));
        if let Some(worded) = self.worded.as_ref().filter(|_| is_same) {
            outcome.reply.clone_from(&worded.reply);
            if let (Some(question), Some(asking)) = (&worded.question, &mut outcome.interview.asking) {
                asking.question.clone_from(question);
            }
        }
        let mut used = self.used.clone();
        used.unaided.extend(self.degraded_because.is_some().then_some(session.interview.user_messages));
        outcome.interview.model_use.add(&used);
        Proposal::of_message(outcome, text)
    }
}

impl TurnService {
    /// Whether messages go to a model first.
    pub fn uses_model(&self) -> bool {
        !self.models.is_empty()
    }

    /// How long a turn may wait for models.
    pub(super) fn longest_wait(&self) -> Duration {
        self.models.total()
    }

    /// What a model makes of the next message; `None` where none is asked: there is none, the message needs none, was
    /// answered before, or will be refused.
    pub(super) async fn advice(
        &self,
        caller: &Caller,
        target: Target<'_>,
        key: Option<&str>,
        text: &str,
        live: &LiveTurn,
    ) -> Result<Option<Advice>, AppError> {
        if self.models.is_empty() {
            return Ok(None);
        }
        let session = self.load(caller, target.id).await?;
        let is_refused = target.expected_version.is_some_and(|version| version != session.version)
            || session.status == Status::Completed
            || session.interview.user_messages >= MAX_TURNS;
        if is_refused || self.is_answered(target.id, key).await? {
            return Ok(None);
        }
        Ok(self.consult(&session, text, live).await)
    }

    async fn is_answered(&self, id: &SessionId, key: Option<&str>) -> Result<bool, AppError> {
        let Some(key) = key else { return Ok(false) };
        Ok(self.store.answer(id, key).await?.is_some())
    }

    /// Asks about a message; `None` where there is no model or nothing for it to do.
    pub(super) async fn consult(&self, session: &Session, text: &str, live: &LiveTurn) -> Option<Advice> {
        if self.models.is_empty() || !turn::needs_reading(&session.interview, text) {
            return None;
        }
        let advice = Advice { version: session.version, ..Advice::default() };
        let session = &session.as_it_reads();
        let mut talk = Talk { models: &self.models, session, text, live, advice, wording: None, is_whole: false };
        // Two calls share the time of one: who asks over REST does not wait longer.
        let in_time = timeout(self.models.total(), talk.hold())
            .map(|held| held.unwrap_or_else(|_| Err(ModelError::TimedOut(Phase::Total).into())));
        if let Some(Err(unhelped)) = live.stopped().run_until_cancelled(in_time).await {
            tracing::warn!(why = %unhelped, "a turn goes on without its model");
            metrics::counter!("agentwright_degraded_turns_total").increment(1);
            talk.advice.degraded_because = Some(unhelped.to_string());
        }
        Some(talk.end())
    }
}

/// One turn's talk with models.
struct Talk<'a> {
    models: &'a Models,
    session: &'a Session,
    text: &'a str,
    live: &'a LiveTurn,
    advice: Advice,
    /// The reply that is being put together.
    wording: Option<Wording>,
    /// Whether the model's words came to their end.
    is_whole: bool,
}

impl Talk<'_> {
    async fn hold(&mut self) -> Result<(), Unhelped> {
        if self.models.route(Purpose::Extraction) == self.models.route(Purpose::Phrasing) {
            self.read_and_word().await
        } else {
            self.read_then_word().await
        }
    }

    /// One call for both.
    async fn read_and_word(&mut self) -> Result<(), Unhelped> {
        let request = combined_request(&self.session.interview, &self.session.history, self.text);
        let (_, mut answer) = self.models.ask(Purpose::Extraction, &request).await?;
        self.advice.used.calls += 1;
        let (mut reader, mut all) = (AnswerReader::new(), String::new());
        while let Some(delta) = answer.next().await {
            match delta? {
                Delta::Text(text) => {
                    all.push_str(&text);
                    for piece in reader.push(&text) {
                        if let Err(why) = self.take(&piece) {
                            return self.repair(&request, &all, why).await;
                        }
                    }
                }
                Delta::Usage(usage) => self.advice.used.tokens += usage,
                Delta::End(Finish::Refused) if self.wording.is_none() => return Err(Unhelped::Refused),
                Delta::End(_) | Delta::ToolCall(_) => {}
            }
        }
        self.is_whole = reader.finish().is_ok();
        match &self.wording {
            Some(_) if self.is_whole => Ok(()),
            // What was read is read; only words are missing.
            Some(_) => Err(ModelError::CutOff.into()),
            None => match self.read(&all) {
                Ok(suggestions) => {
                    self.understood(suggestions);
                    Ok(())
                }
                Err(why) => self.repair(&request, &all, why).await,
            },
        }
    }

    /// Takes a piece of a combined answer.
    fn take(&mut self, piece: &Piece) -> Result<(), Unusable> {
        if let (None, Piece::Findings(findings)) = (&self.wording, piece) {
            let suggestions = self.read(findings)?;
            let outcome = self.understood(suggestions);
            self.wording = Some(Wording::new(&outcome, self.said()));
        }
        if let Some(wording) = &mut self.wording {
            let words = wording.piece(piece);
            self.tell(&words);
        }
        Ok(())
    }

    /// One model reads, another words the reply once it is decided what counts.
    async fn read_then_word(&mut self) -> Result<(), Unhelped> {
        let request = extraction_request(&self.session.interview, &self.session.history, self.text);
        let collected = self.models.collect(Purpose::Extraction, &request).await?;
        self.advice.used.calls += 1;
        self.advice.used.tokens += collected.usage;
        if collected.finish == Finish::Refused {
            return Err(Unhelped::Refused);
        }
        let suggestions = match self.read(&collected.text) {
            Ok(suggestions) => suggestions,
            Err(why) => return self.repair(&request, &collected.text, why).await,
        };
        let outcome = self.understood(suggestions);
        if !outcome.plan.heard_is_free && !outcome.plan.question_is_free {
            return Ok(());
        }
        let request = phrasing_request(&outcome, &self.session.history, self.text);
        let (_, mut answer) = self.models.ask(Purpose::Phrasing, &request).await?;
        self.advice.used.calls += 1;
        let mut wording = Wording::of_phrasing(&outcome, self.said());
        while let Some(delta) = answer.next().await {
            match delta {
                Ok(Delta::Text(text)) => {
                    let words = wording.text(&text);
                    self.tell(&words);
                    // Kept at each step: a stop may come at any.
                    self.wording = Some(wording.clone());
                }
                Ok(Delta::Usage(usage)) => self.advice.used.tokens += usage,
                Ok(Delta::End(_) | Delta::ToolCall(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.is_whole = true;
        Ok(())
    }

    /// The second and last call of a turn whose first answer could not be used. The words are ours.
    async fn repair(&mut self, first: &ChatRequest, answer: &str, why: Unusable) -> Result<(), Unhelped> {
        let request = repair_request(first, answer, &why);
        let collected = self.models.collect(Purpose::Extraction, &request).await?;
        self.advice.used.calls += 1;
        self.advice.used.tokens += collected.usage;
        let suggestions = self.read(&collected.text)?;
        self.understood(suggestions);
        Ok(())
    }

    fn read(&self, answer: &str) -> Result<Suggestions, Unusable> {
        consult::read(answer, &self.session.interview, &self.session.history, self.text)
    }

    /// What the message makes of the interview, told to the listeners.
    fn understood(&mut self, suggestions: Suggestions) -> TurnOutcome {
        let outcome = turn::apply_with(self.session.interview.clone(), self.text, Some(&suggestions));
        if self.live.is_heard() {
            self.show(&outcome);
        }
        self.advice.suggestions = Some(suggestions);
        self.advice.outcome = Some(outcome.clone());
        outcome
    }

    /// What is there before it is kept.
    fn show(&self, outcome: &TurnOutcome) {
        let turn = TurnFields {
            session_id: self.session.id.clone(),
            progress: turn::progress(&outcome.interview),
            version: self.session.version + 1,
        };
        let drawn = synthesizer::synthesize(&outcome.interview.spec, &outcome.interview.step_edits);
        let drafted = Session { interview: outcome.interview.clone(), ..self.session.clone() };
        self.live.set_draft(view::workspace(&drafted, String::new(), Vec::new(), &[], drawn.clone()));
        self.live.fields(json!(turn), json!(outcome.changes));
        self.live.workflow(&render::mermaid(&drawn.graph), drawn.graph.nodes.len());
    }

    /// What the user said, the new message with it.
    fn said(&self) -> impl Iterator<Item = &str> {
        let earlier = self.session.history.iter().filter(|message| message.role == Role::User);
        earlier.map(|message| message.content.as_str()).chain([self.text])
    }

    fn tell(&self, words: &str) {
        if !words.is_empty() {
            self.live.words(words);
        }
    }

    fn end(mut self) -> Advice {
        if let Some(wording) = self.wording.take() {
            let worded = wording.finish(self.is_whole);
            self.tell(&worded.rest);
            self.advice.worded = Some(worded);
        }
        self.advice
    }
}
