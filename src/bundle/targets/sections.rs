//! The flow in sections, for platforms with one agent for several steps: what only one branch leads to is that branch's.

use std::collections::HashSet;

use crate::bundle::flow::{Flow, Way, WayKind};
use crate::workflow::models::NodeType;

/// Steps that one agent goes through; the first is where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub steps: Vec<usize>,
}

impl Section {
    pub fn head(&self) -> usize {
        self.steps.first().copied().unwrap_or_default()
    }

    pub fn has(&self, step: usize) -> bool {
        self.steps.contains(&step)
    }

    /// The ways out of the section, each place they lead to once, with every condition for it.
    pub fn exits(&self, flow: &Flow<'_>) -> Vec<(usize, Vec<String>)> {
        let mut exits: Vec<(usize, Vec<String>)> = Vec::new();
        for way in self.steps.iter().flat_map(|at| &flow.steps[*at].ways).filter(|way| !self.has(way.to)) {
            match exits.iter_mut().find(|(to, _)| *to == way.to) {
                Some((_, when)) if !when.contains(&way.when) => when.push(way.when.clone()),
                Some(_) => {}
                None => exits.push((way.to, vec![way.when.clone()])),
            }
        }
        exits
    }

    /// The steps as numbered instructions; `outside` says how to go on at a step that is not of the section.
    pub fn script(&self, flow: &Flow<'_>, outside: impl Fn(usize) -> String) -> String {
        let mut text = String::new();
        let steps: Vec<usize> =
            self.steps.iter().copied().filter(|at| flow.steps[*at].kind() != NodeType::Start).collect();
        for (at, step) in steps.iter().enumerate() {
            let ways = &flow.steps[*step].ways;
            text.push_str(&format!("{}. {}\n", at + 1, flow.steps[*step].task));
            let next = steps.get(at + 1).copied();
            let goes_on = |way: &&Way| Some(way.to) == next && matches!(way.kind, WayKind::Always | WayKind::Works);
            for way in ways.iter().filter(|way| !goes_on(way)) {
                let place = steps.iter().position(|own| *own == way.to);
                let then = place.map_or_else(|| outside(way.to), |place| format!("Go on with step {}.", place + 1));
                text.push_str(&format!("   - {} {then}\n", way.when));
            }
        }
        text
    }
}

/// The sections of a flow, the one it begins with first; without the greeting, where that is all the first would be: such
/// platforms greet by themselves. A step for which `acts` holds is no step of a section: it is something that any agent
/// does, like ending the call.
pub(super) fn sections(flow: &Flow<'_>, acts: impl Fn(usize) -> bool) -> Vec<Section> {
    let order: Vec<usize> = order(flow).into_iter().filter(|at| *at == 0 || !acts(*at)).collect();
    let mut heads = HashSet::new();
    loop {
        let mut sections = cut(flow, &order, &heads);
        let entered = |at: &usize| {
            let own = sections.iter().find(|section| section.has(*at) && section.head() != *at);
            let led = |from: usize| flow.steps[from].ways.iter().any(|way| way.to == *at);
            own.is_some_and(|own| order.iter().any(|from| led(*from) && !own.has(*from)))
        };
        let before = heads.len();
        heads.extend(order.iter().copied().filter(entered));
        if heads.len() == before {
            if greets_only(flow, &sections) {
                sections.remove(0);
                let first = sections.iter().position(|section| section.head() == second(flow)).unwrap_or_default();
                sections[..=first].rotate_right(1);
            }
            return sections;
        }
    }
}

/// One try: a step belongs to the section of what leads to it, if that is one and the step begins none of its own.
fn cut(flow: &Flow<'_>, order: &[usize], heads: &HashSet<usize>) -> Vec<Section> {
    let mut of: Vec<Option<usize>> = vec![None; flow.steps.len()];
    let mut sections: Vec<Section> = Vec::new();
    for at in order {
        let before = |from: &&usize| of[**from].is_some() && flow.steps[**from].ways.iter().any(|way| way.to == *at);
        let from: Vec<usize> = order.iter().filter(before).copied().collect();
        let parts = from.iter().any(|from| flow.steps[*from].kind() == NodeType::IntentDetection);
        let first = from.first().and_then(|from| of[*from]);
        let one = from.iter().all(|from| of[*from] == first);
        let section = first.filter(|_| one && !parts && !heads.contains(at)).unwrap_or(sections.len());
        if section == sections.len() {
            sections.push(Section { steps: Vec::new() });
        }
        sections[section].steps.push(*at);
        of[*at] = Some(section);
    }
    sections
}

/// Whether the first section is nothing but the start and the greeting, with one way on.
fn greets_only(flow: &Flow<'_>, sections: &[Section]) -> bool {
    let greets = |at: &usize| matches!(flow.steps[*at].kind(), NodeType::Start | NodeType::Greeting);
    let [first, _, ..] = sections else { return false };
    first.steps.iter().all(greets)
        && matches!(first.exits(flow).as_slice(), [(to, _)] if sections.iter().any(|section| section.head() == *to))
        && !sections.iter().skip(1).any(|section| section.exits(flow).iter().any(|(to, _)| first.has(*to)))
}

/// The step after the greeting.
fn second(flow: &Flow<'_>) -> usize {
    let mut at = 0;
    while matches!(flow.steps[at].kind(), NodeType::Start | NodeType::Greeting) {
        let Some(way) = flow.steps[at].ways.first() else { break };
        at = way.to;
    }
    at
}

/// Steps, each after those that lead to it, loops aside.
fn order(flow: &Flow<'_>) -> Vec<usize> {
    let mut seen = vec![false; flow.steps.len()];
    let mut finished = Vec::new();
    let mut stack = vec![(0, flow.steps[0].ways.len())];
    seen[0] = true;
    while let Some((at, left)) = stack.pop() {
        if left == 0 {
            finished.push(at);
            continue;
        }
        stack.push((at, left - 1));
        let next = flow.steps[at].ways[left - 1].to;
        if !seen[next] {
            seen[next] = true;
            stack.push((next, flow.steps[next].ways.len()));
        }
    }
    finished.reverse();
    finished
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prompt::{fixtures, hostile};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_step_is_in_one_section_and_is_entered_at_its_head((spec, graph) in hostile::agent()) {
            let flow = Flow::new(&spec, &graph);
            let ends = |at: usize| flow.steps[at].kind() == NodeType::End;
            let sections = sections(&flow, ends);
            let greets = |at: usize| matches!(flow.steps[at].kind(), NodeType::Start | NodeType::Greeting);
            for at in (0..flow.steps.len()).filter(|at| !greets(*at) && !ends(*at)) {
                prop_assert_eq!(sections.iter().filter(|section| section.has(at)).count(), 1);
            }
            for section in &sections {
                for (to, _) in section.exits(&flow).into_iter().filter(|(to, _)| !ends(*to)) {
                    prop_assert!(sections.iter().any(|other| other.head() == to), "{} is entered in the middle", to);
                }
            }
        }
    }

    #[test]
    fn a_branch_is_a_section() {
        let (spec, graph) = (fixtures::ALL[0].spec(), fixtures::ALL[0].graph());
        let flow = Flow::new(&spec, &graph);
        let sections = sections(&flow, |at| flow.steps[at].kind() == NodeType::End);
        let told: Vec<String> = sections
            .iter()
            .map(|section| section.script(&flow, |to| format!("Hand over to “{}”.", flow.steps[to].title())))
            .collect();
        insta::assert_snapshot!("clinic_sections", told.join("\n"));
    }
}
