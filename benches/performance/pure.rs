//! The pure core: what one turn recomputes, and what a download costs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use agentwright::bundle::export::{self, FileFormat, Source};
use agentwright::orchestrator::models::Interview;
use agentwright::orchestrator::turn;
use agentwright::prompt::generator::generate;
use agentwright::prompt::models::PromptFormat;
use agentwright::workflow::synthesizer::synthesize;
use agentwright::workflow::{raster, render};
use chrono::DateTime;

use crate::report::{Row, median, milliseconds};
use crate::turns::OPENING;

const ROUNDS: usize = 200;
const REPLIES: [&str; 5] = [
    "Calm and warm. Half our patients speak Spanish, so English and Spanish.",
    "Google Calendar for the visits, SMS for reminders, no email",
    "If it is an emergency, put them through to the front desk right away",
    "Never give medical advice, and never discuss bills",
    "Yes, that looks right",
];

pub fn rows() -> Vec<Row> {
    let interview = interview();
    let spec = &interview.spec;
    let drafts = p50(|| {
        let synthesis = synthesize(spec, &interview.step_edits);
        for format in PromptFormat::ALL {
            black_box(generate(spec, &synthesis.graph, format));
        }
    });
    let synthesis = synthesize(spec, &interview.step_edits);
    let bundle = p50(|| {
        let picture = raster::png(&render::svg(&synthesis.graph)).ok();
        let source = Source {
            session_id: "00000000-0000-4000-8000-000000000000",
            spec,
            graph: &synthesis.graph,
            unmet: &synthesis.unmet,
            polished: &interview.polished,
            tests: &interview.own_tests,
            created_at: DateTime::UNIX_EPOCH,
            transcript: &[],
            picture: picture.as_deref(),
        };
        black_box(export::file(&source, FileFormat::Zip, &[], true));
    });
    vec![
        Row {
            what: "workflow synthesis + layout + all prompts, one session",
            measured: format!("p50 {}", milliseconds(drafts)),
            bar: "p50 ≤ 5 ms",
            raw: String::new(),
        },
        Row {
            what: "whole bundle (all targets, zip, with its picture)",
            measured: format!("p50 {}", milliseconds(bundle)),
            bar: "p50 ≤ 20 ms",
            raw: String::new(),
        },
    ]
}

/// An interview of everyday size, near its end.
fn interview() -> Interview {
    let opened = turn::apply(turn::open().0, OPENING).interview;
    REPLIES.iter().fold(opened, |interview, reply| turn::apply(interview, reply).interview)
}

fn p50(mut work: impl FnMut()) -> Duration {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        work();
        times.push(began.elapsed());
    }
    median(&mut times)
}
