//! First phase: which tools serve which goal, and where the tools go that no goal asks for.

use std::collections::BTreeSet;

use crate::intent::models::FieldId;
use crate::workflow::flow::{self, Role};
use crate::workflow::models::Unmet;
use crate::workflow::words::{self, Phrase};

use super::facts::{Facts, Goal, Tool};

/// How a goal uses a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only looks something up.
    Look,
    /// Looks something up, then acts.
    FindAndAct,
    Act,
}

/// A tool (position in [`Facts::tools`]) as one chain of steps uses it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToolUse {
    pub tool: usize,
    pub mode: Mode,
    /// How plainly the goal asks for it; 0 where it was only put there.
    pub score: f32,
}

impl ToolUse {
    /// A tool that nothing asks for by name.
    pub fn plain(tool: usize, mode: Mode) -> ToolUse {
        ToolUse { tool, mode, score: 0.0 }
    }
}

/// Where every tool goes. Positions are those of [`Facts`].
#[derive(Debug, Default)]
pub struct Assignment {
    /// By goal.
    pub by_goal: Vec<Vec<ToolUse>>,
    /// Tools that get a branch or step of their own.
    pub own: Vec<ToolUse>,
    /// Before the first question.
    pub memory: Vec<usize>,
    /// Where the conversation goes when a tool fails.
    pub fallback: Option<usize>,
    pub gate: Option<usize>,
    pub handoffs: Vec<usize>,
    pub unmet: Vec<Unmet>,
}

/// A phrase of several words, a phrase of one, each further one.
const PHRASE: f32 = 3.0;
const WORD: f32 = 2.0;
const FURTHER: f32 = 0.5;
/// One word in common with what the owner wrote about the tool: of a tool with a table entry, of the owner's own tool.
const COMMON: f32 = 0.4;
const COMMON_OWN: f32 = 1.2;
/// One word in common between the goal and the words the owner named the tool with.
const QUOTED: f32 = 0.6;
const MOST_COMMON: usize = 3;
/// From here on a goal asks for a tool.
const ENOUGH: f32 = 1.2;
/// Tools that fit a goal much worse than its best one do not serve it.
const SHARE_OF_BEST: f32 = 0.6;

pub fn assign(facts: &Facts<'_>) -> Assignment {
    let texts: Vec<BTreeSet<String>> = facts.tools.iter().map(tool_stems).collect();
    let quotes: Vec<BTreeSet<String>> = facts.tools.iter().map(|tool| words::content_stems(tool.quote)).collect();
    let mut result = Assignment { by_goal: vec![Vec::new(); facts.goals.len()], ..Assignment::default() };
    let mut claimed = vec![false; facts.tools.len()];
    let mut scores = vec![vec![0.0; facts.tools.len()]; facts.goals.len()];
    for (g, goal) in facts.goals.iter().enumerate().filter(|(_, goal)| !facts.is_opening(goal)) {
        for (t, tool) in facts.tools.iter().enumerate() {
            scores[g][t] = score(goal, tool, &texts[t], &quotes[t]);
        }
        let system = |t: usize| !matches!(facts.tools[t].flow.role, Role::Gate | Role::Memory);
        let best = (0..facts.tools.len()).filter(|t| system(*t)).map(|t| scores[g][t]).fold(0.0, f32::max);
        for (t, tool) in facts.tools.iter().enumerate() {
            let fits = scores[g][t] >= ENOUGH && scores[g][t] >= best * SHARE_OF_BEST;
            if fits && tool.flow.role != Role::Gate {
                result.by_goal[g].push(ToolUse { tool: t, mode: mode(goal, tool), score: scores[g][t] });
                claimed[t] = true;
            }
        }
        one_messenger(facts, &mut result.by_goal[g], &scores[g], &mut claimed);
    }
    for (t, claimed) in claimed.into_iter().enumerate() {
        match facts.tools[t].flow.role {
            Role::Gate if result.gate.is_none() => result.gate = Some(t),
            Role::Handoff => result.handoffs.push(t),
            _ if claimed => {}
            _ => place(facts, t, &scores, &mut result),
        }
    }
    if facts.shape.steps {
        record_once(facts, &mut result);
    }
    result.unmet = unmet(facts, &result);
    result
}

/// Of steps that follow one another and would all be recorded with the same tool, the last one records.
fn record_once(facts: &Facts<'_>, result: &mut Assignment) {
    let records = |use_: &ToolUse| facts.tools[use_.tool].flow.role == Role::Record && use_.mode == Mode::Act;
    for g in 1..result.by_goal.len() {
        let (before, after) = result.by_goal.split_at_mut(g);
        let again = |use_: &ToolUse| after[0].iter().any(|other| other.tool == use_.tool && other.mode == use_.mode);
        before[g - 1].retain(|use_| !(records(use_) && again(use_)));
    }
}

/// A goal that several messengers could serve ("remind them") takes only the best of them; equals stay together.
fn one_messenger(facts: &Facts<'_>, uses: &mut Vec<ToolUse>, scores: &[f32], claimed: &mut [bool]) {
    let messenger = |use_: &ToolUse| facts.tools[use_.tool].flow.role == Role::Notify;
    let best = uses.iter().filter(|use_| messenger(use_)).map(|use_| scores[use_.tool]).fold(0.0, f32::max);
    uses.retain(|use_| {
        let keep = !messenger(use_) || scores[use_.tool] >= best;
        if !keep {
            claimed[use_.tool] = false;
        }
        keep
    });
}

fn tool_stems(tool: &Tool<'_>) -> BTreeSet<String> {
    let config = tool.config;
    let mut text = vec![config.name.as_str(), config.description.as_str(), config.usage_context.as_str()];
    text.extend(config.trigger_conditions.iter().map(String::as_str));
    text.extend(config.required_parameters());
    words::content_stems(&text.join(" "))
}

fn score(goal: &Goal, tool: &Tool<'_>, text: &BTreeSet<String>, quote: &BTreeSet<String>) -> f32 {
    let common = text.intersection(&goal.stems).count().min(MOST_COMMON) as f32;
    let quoted = quote.intersection(&goal.stems).count().min(MOST_COMMON) as f32;
    let per_word = if tool.known { COMMON } else { COMMON_OWN };
    affinity(&tool.flow.words, &goal.tokens) + common * per_word + quoted * QUOTED
}

fn affinity(phrases: &[Phrase], tokens: &[String]) -> f32 {
    let held = phrases.iter().filter(|phrase| phrase.holds(tokens));
    let weights: Vec<f32> = held.map(|phrase| if phrase.weight() > 1 { PHRASE } else { WORD }).collect();
    let best = weights.iter().copied().fold(0.0, f32::max);
    best + FURTHER * weights.len().saturating_sub(1).min(2) as f32
}

fn mode(goal: &Goal, tool: &Tool<'_>) -> Mode {
    let holds = |phrases: &[Phrase]| phrases.iter().any(|phrase| !phrase.is_always() && phrase.holds(&goal.tokens));
    let always = |phrases: &[Phrase]| phrases.iter().any(Phrase::is_always);
    match tool.flow.role {
        Role::Knowledge | Role::Lookup | Role::Gate | Role::Memory => Mode::Look,
        _ if holds(&tool.flow.finds) => Mode::FindAndAct,
        _ if holds(&tool.flow.looks) => Mode::Look,
        _ if always(&tool.flow.finds) => Mode::FindAndAct,
        _ => Mode::Act,
    }
}

/// A place for a tool that no goal asks for in so many words.
fn place(facts: &Facts<'_>, t: usize, scores: &[Vec<f32>], result: &mut Assignment) {
    let role = facts.tools[t].flow.role;
    let act = ToolUse::plain(t, if role <= Role::Lookup { Mode::Look } else { Mode::Act });
    let goals = facts.goals.len();
    let acts = |g: &usize| result.by_goal[*g].iter().any(|use_| facts.tools[use_.tool].flow.role == Role::Write);
    let works = |g: &usize| result.by_goal[*g].iter().any(|use_| facts.tools[use_.tool].flow.role != Role::Handoff);
    let host = match role {
        Role::Memory => {
            result.memory.push(t);
            return;
        }
        Role::Fallback if result.fallback.is_none() => {
            result.fallback = Some(t);
            return;
        }
        // Steps end with what is kept and sent: in a step of its own, after all of them.
        Role::Record | Role::Notify if facts.shape.steps => None,
        Role::Record | Role::Notify => best_of((0..goals).filter(acts), t, scores)
            .or_else(|| best_of((0..goals).filter(|g| facts.goals[*g].gathers), t, scores))
            .or_else(|| best_of((0..goals).filter(works), t, scores)),
        Role::Knowledge => (0..goals)
            .find(|g| result.by_goal[*g].is_empty() && facts.goals[*g].talks)
            .or_else(|| best_of((0..goals).filter(|g| scores[*g][t] > 0.0), t, scores)),
        _ => best_of((0..goals).filter(|g| scores[*g][t] > 0.0), t, scores)
            .or_else(|| (0..goals).find(|g| result.by_goal[*g].is_empty() && is_open(&facts.goals[*g]))),
    };
    match host {
        Some(goal) => {
            let mode = if act.mode == Mode::Look { Mode::Look } else { mode(&facts.goals[goal], &facts.tools[t]) };
            result.by_goal[goal].push(ToolUse::plain(t, mode));
        }
        None => result.own.push(act),
    }
}

/// A goal that neither talks nor asks: something must be done for it.
fn is_open(goal: &Goal) -> bool {
    !goal.talks && !goal.gathers
}

fn best_of(goals: impl Iterator<Item = usize>, tool: usize, scores: &[Vec<f32>]) -> Option<usize> {
    goals.reduce(|best, goal| if scores[goal][tool] > scores[best][tool] { goal } else { best })
}

/// Goals that plainly need a system and have no tool for it.
fn unmet(facts: &Facts<'_>, assignment: &Assignment) -> Vec<Unmet> {
    let without = facts.goals.iter().enumerate().filter(|(g, _)| assignment.by_goal[*g].is_empty());
    without.filter_map(|(_, goal)| need(facts, goal)).collect()
}

fn need(facts: &Facts<'_>, goal: &Goal) -> Option<Unmet> {
    if goal.talks || goal.gathers || facts.is_opening(goal) {
        return None;
    }
    let acts = |role: Role| matches!(role, Role::Lookup | Role::Write | Role::Notify | Role::Record | Role::Handoff);
    let candidates = flow::known_tools().iter().filter(|tool| acts(tool.role));
    let scored = candidates.map(|tool| (affinity(&tool.words, &goal.tokens), tool));
    let (score, tool) = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    if score < WORD {
        return None;
    }
    let name = crate::tools::catalogue::name(&tool.id).map_or_else(|| words::humane(&tool.id), str::to_owned);
    let name = words::lower_first(&name);
    let reason = match facts.spec.use_tools() {
        Some(false) => {
            format!("It needs a tool such as {name}, and the agent uses none: it can only say how it is done.")
        }
        _ => format!("No tool is set up for it: {name} would do. Until then the agent can only talk about it."),
    };
    Some(Unmet { need: goal.text.clone(), reason })
}

/// The fields a step with this goal and tool rests on.
pub fn fields_of(goal: bool, tool: bool) -> Vec<FieldId> {
    let fields = [(goal, FieldId::Goals), (tool, FieldId::Tools)];
    fields.into_iter().filter(|(there, _)| *there).map(|(_, field)| field).collect()
}
