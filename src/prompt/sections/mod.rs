//! The parts of a prompt, written from spec, graph and the product's own texts. No platform's markup yet. Pure.

mod conduct;
mod identity;
mod limits;
mod work;

use super::brief::Brief;
use super::parts::{Block, PartId};

/// Writes one part; empty when there is nothing to say.
pub(super) fn part(brief: &Brief<'_>, part: PartId) -> Vec<Block> {
    match part {
        PartId::Identity => identity::identity(brief),
        PartId::Channel => identity::channel(brief),
        PartId::Audience => identity::audience(brief),
        PartId::Knowledge => identity::knowledge(brief),
        PartId::Notes => identity::notes(brief),
        PartId::Goals => identity::goals(brief),
        PartId::Success => identity::success(brief),
        PartId::Tone => conduct::tone(brief),
        PartId::Brand => conduct::brand(brief),
        PartId::Language => conduct::language(brief),
        PartId::Length => conduct::length(brief),
        PartId::Speech => conduct::speech(brief),
        PartId::Writing => conduct::writing(brief),
        PartId::Constraints => limits::constraints(brief),
        PartId::Guardrails => limits::guardrails(brief),
        PartId::EdgeCases => limits::edge_cases(brief),
        PartId::Escalation => limits::escalation(brief),
        PartId::Stop => limits::stop(brief),
        PartId::Plan => work::plan(brief),
        PartId::Opening => work::opening(brief),
        PartId::Flow => work::flow(brief),
        PartId::Method => work::method(brief),
        PartId::Tools => work::tools(brief),
        PartId::ToolRules => work::tool_rules(brief),
        PartId::Examples => work::examples(brief),
    }
}
