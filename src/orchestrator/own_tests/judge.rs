//! Whether a run did what was expected. Pure, and the same for the same run.

use crate::bundle::acceptance::in_a_sentence;
use crate::bundle::own_tests::{Expectation, Expectations, RunMessage, RunRole};
use crate::workflow::words::{fold, has_whole};

use super::models::CheckResult;

/// A run as it is judged.
pub struct Run<'a> {
    pub messages: &'a [RunMessage],
    /// Ids of the tools that were called, in order.
    pub called: Vec<&'a str>,
    pub handed_over: bool,
}

pub fn judge(expects: &Expectations, run: &Run<'_>) -> Vec<CheckResult> {
    expects.each().map(|expectation| check(expectation, run)).collect()
}

fn check(expectation: Expectation<'_>, run: &Run<'_>) -> CheckResult {
    let called = |tool: &str| run.called.contains(&tool);
    let said = |words: &str| {
        let wanted = fold(words.trim());
        let mut agent = run.messages.iter().filter(|message| message.role == RunRole::Assistant);
        agent.any(|message| has_whole(&fold(&message.content), &wanted))
    };
    let (passed, because) = match expectation {
        Expectation::Calls(tool) if called(tool) => (true, "It was called."),
        Expectation::Calls(_) => (false, "It was not called."),
        Expectation::NeverCalls(tool) if called(tool) => (false, "It was called."),
        Expectation::NeverCalls(_) => (true, "It was not called."),
        Expectation::Says(words) if said(words) => (true, "The agent said it."),
        Expectation::Says(_) => (false, "The agent did not say it."),
        Expectation::NeverSays(words) if said(words) => (false, "The agent said it."),
        Expectation::NeverSays(_) => (true, "The agent did not say it."),
        Expectation::HandsOver(wanted) if run.handed_over => (wanted, "It was handed over."),
        Expectation::HandsOver(wanted) => (!wanted, "It was not handed over."),
    };
    CheckResult { check: in_a_sentence(expectation), passed, because: because.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expectation_can_hold_and_can_fail() {
        let messages = [RunMessage::user("free?"), RunMessage::agent("Nothing is Free here.")];
        let run = Run { messages: &messages, called: vec!["sms"], handed_over: true };
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let good = Expectations {
            calls: list(&["sms"]),
            never_calls: list(&["calendar"]),
            says: list(&["nothing is free"]),
            never_says: list(&["free of charge", "not"]),
            hands_over: Some(true),
        };
        let results = judge(&good, &run);
        assert_eq!(results.len(), 6);
        assert!(results.iter().all(|result| result.passed && !result.check.contains('{')), "{results:#?}");
        let bad = Expectations {
            calls: list(&["calendar"]),
            never_calls: list(&["sms"]),
            says: list(&["fre"]),
            never_says: list(&["FREE"]),
            hands_over: Some(false),
        };
        assert!(judge(&bad, &run).iter().all(|result| !result.passed));
        assert!(judge(&Expectations::default(), &run).is_empty());
    }
}
