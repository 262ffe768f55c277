//! What the person of a case says next.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use agentwright::intent::models::FieldId;
use agentwright::orchestrator::models::Asking;
use agentwright::session::models::Stage;

use super::case::Case;

/// Optional questions a person answers before they have had enough.
const PATIENCE: u32 = 6;
/// How often a person agrees to a finished interview that does not end.
const CONFIRMATIONS: u32 = 4;

pub struct User<'a> {
    case: &'a Case,
    /// How often each question was put and heard.
    pub asked: BTreeMap<FieldId, u32>,
    /// Every field asked about, heard or talked over.
    pub came_up: BTreeSet<FieldId>,
    due: VecDeque<String>,
    waiting: Vec<(FieldId, String)>,
    optional: u32,
    confirmations: u32,
}

impl<'a> User<'a> {
    pub fn new(case: &'a Case) -> User<'a> {
        let waiting = case.followups.iter().map(|one| (one.after_field, one.say.clone())).collect();
        let (asked, came_up) = (BTreeMap::new(), BTreeSet::new());
        let mut user = User { case, asked, came_up, due: VecDeque::new(), waiting, optional: 0, confirmations: 0 };
        for field in &case.stated {
            user.release(*field);
        }
        user
    }

    /// The next message; `None` when the person gives up.
    pub fn reply(&mut self, stage: Stage, asking: Option<&Asking>) -> Option<String> {
        if let Some(asking) = asking {
            self.came_up.insert(asking.field);
        }
        if let Some(say) = self.due.pop_front() {
            return Some(say);
        }
        let Some(asking) = asking else {
            self.confirmations += 1;
            return (self.confirmations <= CONFIRMATIONS && stage != Stage::Completed)
                .then(|| "yes, that looks right".to_owned());
        };
        let times = self.asked.entry(asking.field).or_default();
        *times += 1;
        if !asking.required {
            self.optional += 1;
            if self.optional > PATIENCE {
                return Some("that's all, finish now".to_owned());
            }
        }
        let known = if *times <= 2 { self.answer(asking.field) } else { None };
        self.release(asking.field);
        Some(known.unwrap_or_else(|| self.case.default_answer.clone()))
    }

    fn answer(&self, field: FieldId) -> Option<String> {
        let own = |field| self.case.answers.get(&field).cloned().flatten();
        own(field).or_else(|| (field == FieldId::UseTools).then(|| own(FieldId::Tools)).flatten())
    }

    fn release(&mut self, field: FieldId) {
        let (due, waiting) =
            std::mem::take(&mut self.waiting).into_iter().partition::<Vec<_>, _>(|(after, _)| *after == field);
        self.due.extend(due.into_iter().map(|(_, say)| say));
        self.waiting = waiting;
    }
}
