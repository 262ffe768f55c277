//! Small texts of the page: what changed, how many, when. Pure.

use crate::intent::models::{Change, FieldId, FieldKind};
use crate::orchestrator::schemas::SessionSummary;
use crate::session::models::{Stage, Status};
use crate::ui::components::primitives::{Dot, Variant};
use crate::ui::texts::t;

/// The longest list of new values that the strip under a message writes out.
const STRIP: usize = 48;

/// `1,234,567`, as the language groups digits.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(t!(words.group));
        }
        text.push(digit);
    }
    text
}

/// What a change made of a field, for the strip under a message: the value, `old → new`, or how many.
pub fn change(change: &Change) -> String {
    let (before, after) = (change.before.join(", "), change.after.join(", "));
    let long_list = matches!(change.field.kind(), FieldKind::Texts | FieldKind::Tools);
    if change.after.is_empty() {
        return t!(words.cleared).to_owned();
    }
    if long_list && !change.before.is_empty() {
        let added = change.after.iter().filter(|it| !change.before.contains(it)).map(|it| format!("+ {it}"));
        let removed = change.before.iter().filter(|it| !change.after.contains(it)).map(|it| format!("− {it}"));
        let all: Vec<String> = added.chain(removed).collect();
        if !all.is_empty() {
            return all.join(", ");
        }
    }
    match (change.before.is_empty(), long_list && after.chars().count() > STRIP) {
        (true, true) => change.after.len().to_string(),
        (true, false) => after,
        (false, _) => format!("{before} → {after}"),
    }
}

/// A field's values in one line, as a sentence would have them.
pub fn joined(field: FieldId, at: usize, text: &str) -> String {
    if field != FieldId::Tone || at == 0 {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map(|first| std::iter::once(first.to_ascii_lowercase()).chain(letters).collect()).unwrap_or_default()
}

/// The five steps of the top bar.
pub fn steps() -> [&'static str; 5] {
    [t!(words.basics), t!(common.tools), t!(words.set_up_tools), t!(common.review), t!(words.done)]
}

/// Which of [`steps`] a stage is.
pub fn step(stage: Stage) -> usize {
    match stage {
        Stage::Initial | Stage::CollectingBasics => 0,
        Stage::ExploringTools => 1,
        Stage::ConfiguringTools => 2,
        Stage::ReviewingWorkflow | Stage::Finalizing => 3,
        Stage::Completed => 4,
    }
}

/// How lists group sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    InProgress,
    InReview,
    Done,
    Paused,
}

impl Group {
    pub const ALL: [Group; 4] = [Group::InProgress, Group::InReview, Group::Done, Group::Paused];

    pub fn of(session: &SessionSummary) -> Group {
        match (session.status, step(session.stage)) {
            (Status::Completed, _) => Group::Done,
            (Status::Abandoned, _) => Group::Paused,
            (Status::Active, 3..) => Group::InReview,
            (Status::Active, _) => Group::InProgress,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Group::InProgress => t!(words.in_progress),
            Group::InReview => t!(words.in_review),
            Group::Done => t!(words.done),
            Group::Paused => t!(words.paused),
        }
    }

    /// What is said where it is empty.
    pub fn none(self) -> &'static str {
        match self {
            Group::InProgress => t!(words.none_in_progress),
            Group::InReview => t!(words.none_in_review),
            Group::Done => t!(words.none_done),
            Group::Paused => t!(words.none_paused),
        }
    }

    pub fn id(self) -> &'static str {
        match self {
            Group::InProgress => "progress",
            Group::InReview => "review",
            Group::Done => "done",
            Group::Paused => "paused",
        }
    }

    pub fn parse(id: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.id() == id)
    }

    /// The class of its dot.
    pub fn class(self) -> &'static str {
        let dot = match self {
            Group::InProgress => Dot::Going,
            Group::InReview => Dot::Review,
            Group::Done => Dot::Done,
            Group::Paused => Dot::Still,
        };
        dot.class()
    }
}

/// The stage of a session in a list.
pub fn stage_name(session: &SessionSummary) -> &'static str {
    match Group::of(session) {
        Group::InProgress => steps()[step(session.stage)],
        group => group.label(),
    }
}

const MINUTES_OF_DAY: i64 = 24 * 60;

/// A day, as both sides write it before the browser knows better; `minutes` since 1970.
pub fn day(minutes: i64) -> String {
    let (_, month, day) = date(minutes.div_euclid(MINUTES_OF_DAY));
    let month = t!(words.months).split(' ').nth(month).unwrap_or_default();
    t!(words.day, day = day, month = month)
}

/// The day for machines: `2026-11-23`.
pub fn iso_day(minutes: i64) -> String {
    let (year, month, day) = date(minutes.div_euclid(MINUTES_OF_DAY));
    format!("{year:04}-{:02}-{day:02}", month + 1)
}

/// Year, month (from 0) and day of the month, by days since 1970: `civil_from_days` of Howard Hinnant's "chrono-Compatible
/// Low-Level Date Algorithms".
fn date(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // Years begin in March here.
    let month = (5 * of_year + 2) / 153;
    let year = 400 * era + year + i64::from(month >= 10);
    (year, ((month + 2) % 12) as usize, of_year - (153 * month + 2) / 5 + 1)
}

/// How long ago, seen from the browser's clock; `offset` is what its local time is ahead of UTC, in minutes.
pub fn ago(ms: i64, now_ms: i64, offset: i32) -> String {
    let (then, now) = (ms.div_euclid(60_000), now_ms.div_euclid(60_000));
    let minutes = (now_ms - ms).div_euclid(60_000).max(0);
    if minutes < 1 {
        return t!(words.just_now).to_owned();
    }
    if minutes < 60 {
        return t!(words.minutes_ago, n = minutes);
    }
    let (then, now) = (then + i64::from(offset), now + i64::from(offset));
    match now.div_euclid(MINUTES_OF_DAY) - then.div_euclid(MINUTES_OF_DAY) {
        0 => t!(words.hours_ago, n = minutes / 60),
        1 => {
            let time = then.rem_euclid(MINUTES_OF_DAY);
            t!(words.yesterday, time = format!("{:02}:{:02}", time / 60, time % 60))
        }
        _ => day(then),
    }
}

/// A file's size.
pub fn size(bytes: u64) -> String {
    if bytes < 1000 { format!("{bytes} B") } else { format!("{} KB", bytes.div_ceil(1024).max(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(field: FieldId, before: &[&str], after: &[&str]) -> String {
        let texts = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        change(&Change { field, before: texts(before), after: texts(after) })
    }

    #[test]
    fn changes_read_like_a_note() {
        assert_eq!(changed(FieldId::Tone, &[], &["calm", "warm"]), "calm, warm");
        assert_eq!(changed(FieldId::Tone, &["calm"], &["formal"]), "calm → formal");
        assert_eq!(changed(FieldId::Tone, &["calm"], &[]), "cleared");
        assert_eq!(changed(FieldId::Tools, &["Email"], &["SMS"]), "+ SMS, − Email");
        let goals = ["Tell callers the hours and the prices", "Book appointments"];
        assert_eq!(changed(FieldId::Goals, &[], &goals), "2");
    }

    #[test]
    fn large_numbers_come_in_groups() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn times_read_like_speech() {
        let at = |minutes: f64| 1_700_000_000_000 + (minutes * 60_000.0) as i64;
        assert_eq!(ago(at(0.0), at(0.5), 0), "Just now");
        assert_eq!(ago(at(0.0), at(12.0), 0), "12 min ago");
        assert_eq!(ago(at(0.0), at(90.0), 0), "1 h ago");
        assert_eq!(ago(at(0.0), at(60.0 * 20.0), 0), "Yesterday, 22:13");
        assert_eq!(ago(at(0.0), at(60.0 * 20.0), 120), "20 h ago");
        assert_eq!(ago(at(0.0), at(60.0 * 72.0), 0), "14 Nov");
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for days in (-800..80_000).step_by(7) {
            let date = chrono::DateTime::from_timestamp(days * 86_400, 0).expect("a time").date_naive();
            assert_eq!(iso_day(days * MINUTES_OF_DAY), date.to_string());
        }
    }
}
