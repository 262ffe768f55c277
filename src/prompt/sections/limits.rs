//! What the agent must not do, when a person takes over, when it stops.

use crate::intent::models::{FieldId, Provenance};
use crate::prompt::brief::Brief;
use crate::prompt::parts::{Block, Mark, Piece};

use super::identity::{bullets, titled};

pub(super) fn constraints(brief: &Brief<'_>) -> Vec<Block> {
    titled(brief, FieldId::Constraints, &brief.phrases.constraints)
}

pub(super) fn guardrails(brief: &Brief<'_>) -> Vec<Block> {
    let rules = &brief.texts.rules;
    let mut pieces = brief.rules(&brief.kind.guardrails, Mark::Bullet, Some(FieldId::AgentType));
    pieces.extend(brief.rules(rules.grounding(brief.kind.grounding), Mark::Bullet, Some(FieldId::AgentType)));
    pieces.extend(brief.rules(&rules.guardrails, Mark::Bullet, None));
    let after_owner = brief.spec.has(FieldId::Constraints);
    let lead = if after_owner { &brief.phrases.guardrails } else { &brief.phrases.guardrails_alone };
    vec![Block::list(Piece::ours(Mark::Text, lead.as_str(), None), pieces)]
}

pub(super) fn edge_cases(brief: &Brief<'_>) -> Vec<Block> {
    let field = FieldId::EdgeCases;
    let mut pieces = bullets(brief, field);
    if pieces.is_empty() {
        return Vec::new();
    }
    let closing = if brief.is("api") { &brief.phrases.edge_cases_close_api } else { &brief.phrases.edge_cases_close };
    pieces.push(Piece::ours(Mark::Text, closing.as_str(), None));
    vec![Block::list(Piece::of(Mark::Text, &*brief.phrases.edge_cases, field, Provenance::Default), pieces)]
}

pub(super) fn escalation(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = titled(brief, FieldId::EscalationRules, &brief.phrases.escalation);
    let field = if brief.is("handoff") { Some(FieldId::Tools) } else { None };
    blocks.push(Block::plain(brief.rules(&brief.texts.rules.escalation, Mark::Bullet, field)));
    blocks
}

pub(super) fn stop(brief: &Brief<'_>) -> Vec<Block> {
    let pieces = brief.rules(&brief.kind.stop, Mark::Bullet, Some(FieldId::AgentType));
    let lead = Piece::of(Mark::Text, &*brief.phrases.stop, FieldId::AgentType, Provenance::Default);
    vec![Block::list(lead, pieces)]
}
