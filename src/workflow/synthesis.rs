//! The phases of the synthesis: facts of the spec, tools to goals, chains of steps, the drawn graph, the user's edits.

pub(super) mod by_hand;
pub(super) mod draft;
pub(super) mod escalation;
pub(super) mod facts;
pub(super) mod p1_assign;
pub(super) mod p2_chains;
pub(super) mod p3_draw;
pub(super) mod p4_edits;
pub(super) mod p5_tidy;
pub(super) mod rules;
