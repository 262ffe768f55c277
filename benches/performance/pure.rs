//! The pure core: what one turn recomputes, and what a download costs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use agentwright::bundle::export::{self, FileFormat, Source};
use agentwright::orchestrator::models::Interview;
use agentwright::orchestrator::turn;
use agentwright::prompt::generator::generate;
use agentwright::prompt::models::PromptFormat;
use agentwright::workflow::layout::lay_out;
use agentwright::workflow::models::{Edge, Graph, Node};
use agentwright::workflow::synthesizer::synthesize;
use agentwright::workflow::{raster, render};
use chrono::DateTime;

use crate::report::{Row, median, milliseconds};
use crate::turns::OPENING;

const ROUNDS: usize = 200;
/// Steps of a large workflow, and how often it is laid out.
const STEPS: usize = 500;
const LAYOUTS: usize = 9;
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
    let layout = (0..LAYOUTS).map(|_| {
        let mut graph = large(&synthesis.graph);
        let began = Instant::now();
        lay_out(&mut graph);
        black_box(&graph);
        began.elapsed()
    });
    let layout = median(&mut layout.collect::<Vec<_>>());
    vec![
        Row {
            what: "layout of a workflow of 500 steps",
            measured: format!("p50 {}", milliseconds(layout)),
            bar: "p50 ≤ 1,000 ms",
            raw: String::new(),
        },
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

/// A flow of [`STEPS`] steps made of this one's: rows of ten that leave one choice and end in one step.
fn large(graph: &Graph) -> Graph {
    let step = |at: usize| Node { id: format!("step_{at}"), ..graph.nodes[1 + at % (graph.nodes.len() - 2)].clone() };
    let way = |from: usize, to: usize| {
        let edge = graph.edges[from % graph.edges.len()].clone();
        Edge { source: format!("step_{from}"), target: format!("step_{to}"), ..edge }
    };
    let row = |at: usize| if at % 10 == 1 { way(0, at) } else { way(at - 1, at) };
    let ends = (1..STEPS - 1).filter(|at| at % 10 == 0 || *at == STEPS - 2).map(|at| way(at, STEPS - 1));
    Graph {
        nodes: (0..STEPS).map(step).collect(),
        edges: (1..STEPS - 1).map(row).chain(ends).collect(),
        ..Graph::default()
    }
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
