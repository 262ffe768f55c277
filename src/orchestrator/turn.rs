//! One turn of the interview: a message in, the next state and the reply out. Pure.

use serde_json::Value;

use crate::intent::acts::Act;
use crate::intent::assisted::{Combined, Suggestions, combine};
use crate::intent::extract::{Context, Extraction, extract};
use crate::intent::merge;
use crate::intent::models::{Change, FieldId, Item, Provenance, Slot};
use crate::intent::text::Text;
use crate::intent::tool_talk::ToolTalk;
use crate::language::Language;
use crate::session::models::Stage;
use crate::tools::mentions;

use super::commands::{self, Obeyed};
use super::data::{self, phrasing};
use super::models::{Asking, Interview, Progress, ReplyPlan, TurnOutcome};
use super::{amend, ask, changes, defaults, field_values, kind, reply, stages, suggestions, tool_talk};

/// An unanswered question is put so often before a default takes its place.
const TRIES: u32 = 2;

/// The first words of a new interview in English and its state.
pub fn open() -> (Interview, String) {
    open_in(Language::default())
}

/// The first words of a new interview and its state.
pub fn open_in(language: Language) -> (Interview, String) {
    let mut interview = Interview { language, ..Interview::default() };
    interview.asking = Some(ask::about(&interview, FieldId::Goals));
    (interview, phrasing(language, "opening", 0).to_owned())
}

/// Takes the user's next message.
pub fn apply(interview: Interview, text: &str) -> TurnOutcome {
    apply_with(interview, text, None)
}

/// Takes the user's next message with what a model read in it. A reading of another message than this one is left out.
pub fn apply_with(interview: Interview, text: &str, suggested: Option<&Suggestions>) -> TurnOutcome {
    let (language, number) = (interview.language, interview.user_messages);
    let mut outcome = take(interview, &data::understood(language, text), suggested);
    quote_as_said(&mut outcome.interview, number);
    outcome
}

/// What came of a choice quotes it in the words in which it was offered, which are those in the transcript.
fn quote_as_said(interview: &mut Interview, number: u32) {
    let language = interview.language;
    if language.is_default() {
        return;
    }
    for field in FieldId::ALL {
        let Some(mut slot) = interview.spec.get(field).cloned() else { continue };
        let quotes = slot.items.iter_mut().filter_map(|item| item.evidence.as_mut());
        for evidence in quotes.filter(|evidence| evidence.message == number) {
            evidence.quote = data::named(language, &evidence.quote).into_owned();
        }
        interview.spec.set(field, slot);
    }
}

/// Takes a message in the words that are understood.
fn take(interview: Interview, text: &str, suggested: Option<&Suggestions>) -> TurnOutcome {
    let before = interview.clone();
    let mut interview = interview;
    let number = interview.user_messages;
    interview.user_messages += 1;
    let is_opening = is_opening(&before);
    let message = Text::new(text);
    let extraction = read(&before, &message);
    let suggested = suggested.filter(|suggestions| suggestions.message == number);
    let stage_before = stages::stage(&before);
    let mut obeyed = if is_commanded(&extraction) {
        let act = commands::decisive(&extraction.acts.kinds).unwrap_or(Act::Thanks);
        commands::obey(&mut interview, act, text, number)
    } else {
        take_in(&mut interview, &extraction, &message, suggested)
    };
    if !is_opening {
        count_question(&mut interview, &extraction, before.asking.as_ref());
    }
    let reason = text.chars().take(80).collect::<String>();
    let changes = if extraction.acts.has(Act::Undo) || extraction.acts.has(Act::Redo) {
        changes::between(&before.spec, &interview.spec)
    } else {
        changes::record(&before, &mut interview, &reason)
    };
    if obeyed.say.is_empty() && changes.is_empty() && !is_opening {
        let name = if says_something(&extraction) { "known_already" } else { "nothing_understood" };
        obeyed.say = phrasing(interview.language, name, number).to_owned();
    }
    let plan = respond(&mut interview, &obeyed, &changes, stage_before);
    let is_complete = interview.approved;
    TurnOutcome { interview, reply: plan.text(), plan, changes, is_complete }
}

/// Whether there is more to read in a message than the interview takes from it by itself: it is no bare command, no
/// choice that was offered and no change asked for in so many words.
pub fn needs_reading(interview: &Interview, text: &str) -> bool {
    let heard = data::understood(interview.language, text);
    let text = heard.trim();
    let is_choice = |asking: &Asking| {
        let is_offered = |part: &str| asking.choices.iter().any(|choice| choice.value == part);
        is_offered(text) || asking.several && text.split(", ").all(is_offered)
    };
    if interview.asking.as_ref().is_some_and(is_choice) {
        return false;
    }
    let text = Text::new(text);
    let extraction = read(interview, &text);
    let number = interview.user_messages;
    !is_commanded(&extraction) && amend::obey(&mut interview.clone(), &extraction, &text, number).is_none()
}

/// Whether nothing was told yet: the next message describes the whole agent.
fn is_opening(interview: &Interview) -> bool {
    interview.user_messages == 0 || interview.spec.filled().next().is_none() && interview.answered.is_empty()
}

/// What the grammars make of the next message.
fn read(interview: &Interview, text: &Text<'_>) -> Extraction {
    let context = Context {
        asked: interview.asking.as_ref().map(|asking| asking.field),
        previous: interview.answered.last().copied(),
        message: interview.user_messages,
        is_opening: is_opening(interview),
    };
    extract(text, mentions::read(text), context)
}

fn is_commanded(extraction: &Extraction) -> bool {
    extraction.acts.covers || extraction.findings.is_empty() && is_command(extraction)
}

/// Acts that count though the message holds other words too, when those say nothing.
fn is_command(extraction: &Extraction) -> bool {
    let steering = [Act::Finish, Act::Summarise, Act::Back, Act::More, Act::Meta, Act::OffTopic];
    let tools = &extraction.tools;
    let names_tools = !tools.wanted.is_empty() || tools.refusal.is_some();
    // "What's the weather like?" names a tool only where tools are asked about.
    let asks_ours = extraction.acts.has(Act::OffTopic) && !is_about_tools(extraction.answers);
    steering.iter().any(|act| extraction.acts.has(*act)) && (!names_tools || asks_ours)
}

fn is_about_tools(field: Option<FieldId>) -> bool {
    matches!(field, Some(FieldId::Tools | FieldId::UseTools))
}

/// Puts what a message tells into the interview.
fn take_in(
    interview: &mut Interview,
    extraction: &Extraction,
    message: &Text<'_>,
    suggested: Option<&Suggestions>,
) -> Obeyed {
    let text = message.original;
    let (turn, number) = (interview.user_messages, interview.user_messages - 1);
    if let Some(said) = amend::obey(interview, extraction, message, number) {
        return said;
    }
    let known = interview.spec.clone();
    let Combined { findings, tools, disagreements, refused } = match suggested {
        Some(suggested) => combine(&known, text, extraction, &suggestions::open(interview, suggested)),
        None => Combined { findings: extraction.findings.clone(), ..Combined::default() },
    };
    merge::apply(&mut interview.spec, &findings);
    tool_talk::apply(interview, extraction, message, number);
    let refused = refused + tool_talk::suggest(interview, &tools, is_about_tools(extraction.answers));
    suggestions::name_kind(interview, &findings);
    // What is only said again does not count twice.
    if extraction.findings.is_empty() || !changes::between(&known, &interview.spec).is_empty() {
        kind::weigh(interview, extraction, text, number);
    }
    let overruled = refused > 0 || suggested.is_some_and(|suggested| suggested.dropped > 0);
    let obeyed = Obeyed { contested: disagreements.into_iter().next(), overruled, ..Obeyed::default() };
    let Some(field) = extraction.answers else { return obeyed };
    if extraction.says_none {
        interview.settled.insert(field);
        interview.answered.push(field);
        return Obeyed { say: phrasing(interview.language, "none", turn).to_owned(), ..obeyed };
    }
    let is_answered = findings.iter().any(|finding| finding.field == field) || tools_answered(interview, field);
    let is_question = text.trim_end().ends_with('?');
    if !is_answered && !is_question {
        kind::own_words(interview, field, text, number);
    }
    if interview.spec.has(field) {
        interview.answered.push(field);
    }
    obeyed
}

fn tools_answered(interview: &Interview, field: FieldId) -> bool {
    is_about_tools(Some(field)) && interview.spec.has(FieldId::UseTools)
}

/// Counts a question as put when the message answered it or failed to; one talked over by a correction does not count.
fn count_question(interview: &mut Interview, extraction: &Extraction, asked: Option<&Asking>) {
    let Some(Asking { field, required, .. }) = asked else { return };
    let field = *field;
    let talked_over = extraction.answers != Some(field) && !extraction.acts.covers && says_something(extraction);
    let kept = [Act::Summarise, Act::Why, Act::Undo, Act::Redo, Act::Thanks, Act::Greeting, Act::Restart, Act::Back];
    if talked_over || extraction.acts.covers && kept.iter().any(|act| extraction.acts.has(*act)) {
        return;
    }
    let count = interview.asked.entry(field).or_default();
    *count += 1;
    let tries = *count;
    if *required {
        if tries >= TRIES && !interview.spec.has(field) {
            defaults::give_up(interview, field);
        }
    } else {
        interview.optional_asked += u32::from(tries == 1);
        if !interview.spec.has(field) {
            interview.settled.insert(field);
        }
    }
}

fn says_something(extraction: &Extraction) -> bool {
    !extraction.findings.is_empty() || extraction.tools != ToolTalk::default()
}

/// Chooses the next question and puts the reply together.
fn respond(interview: &mut Interview, obeyed: &Obeyed, changed: &[Change], stage_before: Stage) -> ReplyPlan {
    let mut plan = ReplyPlan { heard: obeyed.say.clone(), overruled: obeyed.overruled, ..ReplyPlan::default() };
    if interview.approved {
        interview.asking = None;
        return plan;
    }
    interview.asking = match (obeyed.ask_about, &obeyed.contested) {
        (Some(field), _) => Some(ask::about(interview, field)),
        (None, Some(contested)) => Some(ask::between(interview, contested)),
        (None, None) => ask::next(interview),
    };
    let turn = interview.user_messages;
    if obeyed.say.is_empty() {
        // A question for more of a field says itself what is known of it.
        let asked_for_more = interview.asking.as_ref().filter(|it| !it.required).map(|it| it.field);
        let told: Vec<_> = changed.iter().filter(|change| Some(change.field) != asked_for_more).cloned().collect();
        plan.heard = reply::acknowledge(interview.language, &told, turn);
        plan.heard_is_free = !changed.is_empty();
    }
    if obeyed.is_final && obeyed.ask_about.is_some() {
        return plan;
    }
    let reviewing = stages::missing_required(interview).is_empty();
    if reviewing && stage_before < Stage::ReviewingWorkflow {
        plan.review = reply::review(interview);
    }
    plan.question = match &interview.asking {
        Some(asking) => asking.question.clone(),
        None if !obeyed.is_final => phrasing(interview.language, "ask_approval", turn).to_owned(),
        None => String::new(),
    };
    plan.question_is_free = interview.asking.is_some() && obeyed.contested.is_none();
    plan
}

/// Replaces or clears (`None`) fields by hand, in one step: provenance `edited`. The error says what is wrong with each.
pub fn edit(
    before: Interview,
    edits: &[(FieldId, Option<Value>)],
    reason: &str,
) -> Result<TurnOutcome, Vec<(FieldId, String)>> {
    let mut interview = before.clone();
    let mut problems = Vec::new();
    for (field, value) in edits {
        if let Err(message) = field_values::set(&mut interview, *field, value.clone()) {
            problems.push((*field, message));
        }
    }
    let sent = edits.iter().find(|(field, _)| *field == FieldId::UseTools).and_then(|(_, value)| value.as_ref());
    if sent.and_then(Value::as_bool).is_some_and(|uses| interview.spec.use_tools() != Some(uses)) {
        problems.push((FieldId::UseTools, "contradicts the tools sent with it".to_owned()));
    }
    if problems.is_empty() { Ok(settle(before, interview, reason)) } else { Err(problems) }
}

/// Turns an assumption (inferred or default) into an edited value, unchanged.
pub fn keep(interview: Interview, field: FieldId) -> Interview {
    let before = interview.clone();
    let mut interview = interview;
    let mut slot = interview.spec.get(field).cloned().unwrap_or_default();
    for item in slot.items.iter_mut().filter(|item| item.provenance.is_assumption()) {
        *item = Item { provenance: Provenance::Edited, ..item.clone() };
    }
    interview.spec.set(field, slot);
    settle(before, interview, &format!("kept {}", field.label().to_lowercase())).interview
}

/// Takes the last step back; `None` when there is none.
pub fn undo(interview: Interview) -> Option<TurnOutcome> {
    let mut interview = interview;
    interview.approved = false;
    let changes = changes::undo(&mut interview)?;
    Some(refresh(interview, changes))
}

/// Does again what was taken back last; `None` when there is nothing.
pub fn redo(interview: Interview) -> Option<TurnOutcome> {
    let mut interview = interview;
    let changes = changes::redo(&mut interview)?;
    Some(refresh(interview, changes))
}

/// A completed interview, open for changes again.
pub fn reopen(interview: Interview) -> Interview {
    refresh(Interview { approved: false, ..interview }, Vec::new()).interview
}

/// Records what a change that was no message did.
pub(super) fn settle(before: Interview, mut interview: Interview, reason: &str) -> TurnOutcome {
    let changes = changes::record(&before, &mut interview, reason);
    refresh(interview, changes)
}

/// Asks what fits the state now, after a change that was no message.
fn refresh(mut interview: Interview, changes: Vec<Change>) -> TurnOutcome {
    if !interview.approved {
        let still_open = interview
            .asking
            .take()
            .filter(|asking| !interview.spec.has(asking.field) && !interview.settled.contains(&asking.field));
        interview.asking = still_open.or_else(|| ask::next(&interview));
    }
    let is_complete = interview.approved;
    TurnOutcome { interview, reply: String::new(), plan: ReplyPlan::default(), changes, is_complete }
}

/// How far the interview is.
pub fn progress(interview: &Interview) -> Progress {
    stages::progress(interview)
}

/// What "finish now" would assume for the fields that are missing: field and value in plain words.
pub fn finish_assumptions(interview: &Interview) -> Vec<(FieldId, String)> {
    defaults::finish_assumptions(interview)
}

/// A slot of edited values.
pub(super) fn edited(values: Vec<String>) -> Slot {
    Slot { items: values.into_iter().map(Item::edited).collect() }
}
