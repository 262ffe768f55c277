//! Whole interviews with simulated people, held over the real turn service on SQLite, against the bars of the project.

use std::sync::Arc;

use agentwright::intent::models::{AgentSpec, FieldId, Provenance};
use agentwright::llm::service::Models;
use agentwright::orchestrator::service::{Incoming, TurnRules, TurnService};
use agentwright::server::clock::SystemClock;
use agentwright::session::adapters::memory_cache::MemoryCache;
use agentwright::session::adapters::sqlite::SqliteStore;
use agentwright::session::ports::Caller;
use agentwright::workflow::validator;

use super::case::{self, Case};
use super::metrics::{f1, recall};
use super::user::User;

const MAX_TURNS: usize = 25;

/// Name, bar, and whether more is better.
const BARS: [(&str, f64, bool); 12] = [
    ("agent_type", 0.90, true),
    ("tone_f1", 0.85, true),
    ("use_tools", 0.95, true),
    ("tools_f1", 0.80, true),
    ("goals_recall", 0.90, true),
    ("constraints_recall", 0.80, true),
    ("quotes", 1.0, true),
    ("graph", 1.0, true),
    ("completed", 1.0, true),
    ("reasked", 0.05, false),
    ("repeated", 0.0, false),
    ("turns_median", 10.0, false),
];

struct Outcome {
    id: String,
    transcript: Vec<String>,
    /// In the order of the bars; `None` where the case has nothing to compare with.
    values: Vec<Option<f64>>,
}

async fn hold(service: &TurnService, case: &Case) -> Outcome {
    let caller = Caller::default();
    let id = service.create(&caller, None, None).await.unwrap().turn.session_id;
    let mut user = User::new(case);
    let (mut said, mut transcript) = (Vec::new(), Vec::new());
    let mut next = Some(case.opening.clone());
    let mut completed = false;
    while let Some(text) = next.filter(|_| said.len() < MAX_TURNS && !completed) {
        let answer =
            service.message(&caller, &id, Incoming { text: text.clone(), ..Incoming::default() }).await.unwrap();
        transcript.extend([format!("user: {text}"), format!("interviewer: {}", answer.ai_response)]);
        said.push(text);
        completed = answer.is_complete;
        next = user.reply(answer.turn.progress.stage, answer.turn.progress.asking.as_ref());
    }
    let spec = service.spec(&caller, &id).await.unwrap();
    let graph = service.graph(&caller, &id).await.unwrap();
    let problems = validator::problems(&graph, &spec);
    transcript.extend(problems.iter().map(|problem| format!("workflow: {problem}")));
    let values = measure(case, &spec, &user, &said, completed, problems.is_empty());
    Outcome { id: case.id.clone(), transcript, values }
}

fn measure(
    case: &Case,
    spec: &AgentSpec,
    user: &User<'_>,
    said: &[String],
    completed: bool,
    sound: bool,
) -> Vec<Option<f64>> {
    let gold = &case.gold;
    let values = |field| spec.values(field).collect::<Vec<_>>();
    let yes = |holds: bool| Some(f64::from(u8::from(holds)));
    // A question for more of what is known says what is known and counts apart: only its own bar decides on it.
    let asked_again = |field: &&FieldId| user.came_up.contains(*field) && **field != FieldId::Goals;
    let reasked = (!case.stated.is_empty())
        .then(|| case.stated.iter().filter(asked_again).count() as f64 / case.stated.len() as f64);
    let repeated = user.asked.values().filter(|times| **times >= 3).count() as f64;
    vec![
        yes(spec.agent_type() == Some(&gold.agent_type)),
        (!gold.tone.is_empty()).then(|| f1(&gold.tone, &values(FieldId::Tone))),
        yes(spec.use_tools() == Some(gold.use_tools)),
        Some(f1(&gold.tools, &values(FieldId::Tools))),
        recall(&gold.goals, &values(FieldId::Goals)),
        recall(&gold.constraints, &values(FieldId::Constraints)),
        quotes(spec, said),
        yes(sound),
        yes(completed),
        reasked,
        Some(repeated),
        Some(said.len() as f64),
    ]
}

/// Share of the `said` values whose quote stands in the message they name.
fn quotes(spec: &AgentSpec, said: &[String]) -> Option<f64> {
    let items: Vec<_> =
        spec.filled().flat_map(|(_, slot)| &slot.items).filter(|item| item.provenance == Provenance::Said).collect();
    let holds = |evidence: &agentwright::intent::models::Evidence| {
        said.get(evidence.message as usize)
            .is_some_and(|message| message.contains(&evidence.quote) && !evidence.quote.is_empty())
    };
    let true_quotes = items.iter().filter(|item| item.evidence.as_ref().is_some_and(holds)).count();
    (!items.is_empty()).then(|| true_quotes as f64 / items.len() as f64)
}

fn average(name: &str, values: &mut [f64]) -> f64 {
    if name.ends_with("_median") {
        values.sort_by(f64::total_cmp);
        return values[values.len() / 2];
    }
    values.iter().sum::<f64>() / values.len() as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn interviews_with_simulated_people_keep_the_bars() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&format!("sqlite://{}", folder.path().join("eval.db").display())).await.unwrap();
    let expiry = chrono::Duration::seconds(3600);
    let service = TurnService::new(
        Arc::new(store),
        Arc::new(MemoryCache::new(expiry.to_std().unwrap())),
        Arc::new(SystemClock),
        Models::default(),
        TurnRules { expires_after: expiry, checks_cache: false },
    );
    let cases = case::all();
    assert!(cases.len() >= 30, "{} cases", cases.len());
    let mut outcomes = Vec::new();
    for case in &cases {
        outcomes.push(hold(&service, case).await);
    }
    let mut broken = Vec::new();
    for (index, (name, bar, more_is_better)) in BARS.iter().enumerate() {
        let mut values: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.values[index]).collect();
        let figure = average(name, &mut values);
        let keeps = if *more_is_better { figure >= *bar } else { figure <= *bar };
        println!("{name:20} {figure:6.3}   bar {bar}");
        if !keeps {
            broken.push(format!("{name} = {figure:.3}"));
        }
    }
    if !broken.is_empty() {
        show_worst(&mut outcomes);
    }
    assert!(broken.is_empty(), "broken bars: {}", broken.join(", "));
}

/// Prints the transcripts of the cases with the lowest scores.
fn show_worst(outcomes: &mut [Outcome]) {
    let score = |outcome: &Outcome| {
        outcome.values[..9].iter().flatten().sum::<f64>() / outcome.values[..9].iter().flatten().count() as f64
    };
    outcomes.sort_by(|a, b| score(a).total_cmp(&score(b)));
    for outcome in outcomes.iter().take(5) {
        println!("\n{} {:.2} {:?}\n{}", outcome.id, score(outcome), outcome.values, outcome.transcript.join("\n"));
    }
}
