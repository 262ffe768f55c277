//! The only place that asks what time it is and makes random ids.

use chrono::{DateTime, SubsecRound, Utc};

use crate::session::ports::Clock;

/// The machine's clock and the system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(std::time::SystemTime::now()).trunc_subsecs(3)
    }

    #[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
    fn new_id(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}
