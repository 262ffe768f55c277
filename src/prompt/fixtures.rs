//! Six agents of different kinds. For tests only.

use crate::intent::models::AgentSpec;
use crate::workflow::models::Graph;
use crate::workflow::synthesizer::synthesize;

/// One of the specs in `tests/fixtures/specs`.
pub(crate) struct Fixture {
    pub name: &'static str,
    document: &'static str,
}

macro_rules! fixture {
    ($name:literal) => {
        Fixture { name: $name, document: include_str!(concat!("../../tests/fixtures/specs/", $name, ".json")) }
    };
}

/// A phone receptionist with three tools, order support without any, an SQL analyst behind an API, a Spanish cinema on
/// WhatsApp, a bedtime story-teller and a German tutor.
pub(crate) const ALL: [Fixture; 6] = [
    fixture!("clinic"),
    fixture!("orders"),
    fixture!("analyst"),
    fixture!("cinema"),
    fixture!("dragon"),
    fixture!("tutor"),
];

impl Fixture {
    pub fn spec(&self) -> AgentSpec {
        // A test that cannot read its fixture has failed.
        serde_json::from_str(self.document).unwrap()
    }

    /// The workflow the product draws for it.
    pub fn graph(&self) -> Graph {
        synthesize(&self.spec(), &[]).graph
    }
}
