//! The models that help with an interview: which are connected, how they are, what they were asked for.

use std::time::Duration;

use leptos::prelude::*;

use crate::error::AppError;
use crate::llm::models::{ModelCard, Purpose};
use crate::llm::server_fns::load_models;
use crate::ui::components::icon::{Icon, small};
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::load::load;
use crate::ui::words;

/// How long a look at a provider takes at most, in general.
const LOOK: Duration = Duration::from_secs(3);

/// The variables that connect a provider: its key, its address, its model.
const VARIABLES: [(&str, [&str; 3]); 2] = [
    ("OpenAI, or a server that speaks like it", ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"]),
    ("Anthropic", ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL"]),
];

fn name(provider: &str) -> &'static str {
    if provider == "anthropic" { "Anthropic" } else { "OpenAI-compatible" }
}

fn task(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Extraction => "reads your messages",
        Purpose::Phrasing => "words the replies",
        Purpose::Polish => "polishes prompts",
        Purpose::Preview => "plays your agent",
    }
}

/// Its dot and its words.
fn state(card: &ModelCard) -> (&'static str, &'static str) {
    match card.reachable {
        Some(true) => ("st done", "reachable"),
        Some(false) => ("st bad", "not reachable"),
        None => ("st", "not asked yet"),
    }
}

#[component]
pub fn ModelList() -> impl IntoView {
    let cards = load(|| (), |()| load_models());
    let on_retry = Callback::new(move |()| cards.refetch());
    // The first to ask learns that nobody did; the answer is there a moment later.
    Effect::new(move |asked: Option<bool>| {
        let is_open = |all: &Result<Vec<ModelCard>, AppError>| {
            all.as_ref().is_ok_and(|all| all.iter().any(|card| card.model.is_some() && card.reachable.is_none()))
        };
        let waits = cards.with(|all| all.as_ref().is_some_and(is_open));
        if waits && asked != Some(true) {
            set_timeout(move || cards.refetch(), LOOK);
        }
        waits || asked == Some(true)
    });
    view! {
        <Transition fallback=|| view! { <Lines count=3 /> }>
            {move || Suspend::new(async move {
                match cards.await {
                    Ok(cards) => view! { <Cards cards=cards /> }.into_any(),
                    Err(error) => view! { <LoadFailed error=error on_retry=on_retry /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Cards(cards: Vec<ModelCard>) -> impl IntoView {
    let connected: Vec<ModelCard> = cards.into_iter().filter(|card| card.model.is_some()).collect();
    let intro = if connected.is_empty() {
        "None is connected. The built-in interviewer does it all: it runs on this machine, needs no key and answers the same way every time."
    } else {
        "They help to read and to word. Where none answers, the built-in interviewer does, and says so."
    };
    view! {
        <p>{intro}</p>
        <ul class="models">{connected.into_iter().map(drawn).collect_view()}</ul>
        <HowTo />
    }
}

fn drawn(card: ModelCard) -> impl IntoView {
    let (class, words) = state(&card);
    let tasks = card.purposes.iter().map(|purpose| task(*purpose)).collect::<Vec<_>>().join(", ");
    let tasks = if tasks.is_empty() { "helps out where another fails".to_owned() } else { tasks };
    let used =
        format!("{} in, {} out", words::thousands(card.usage.input_tokens), words::thousands(card.usage.output_tokens));
    view! {
        <li>
            <p class="model-name">
                <b>{name(&card.provider)}</b>
                <code>{card.model}</code>
                <span class="grow"></span>
                <span class=class>{words}</span>
            </p>
            <p>{first_upper(&tasks)} "."</p>
            <p class="meta num">"Tokens since the server started: " {used}</p>
            {card.last_error.map(|error| view! { <p class="model-error">{small(Icon::CIRCLE_ALERT)} " Last: " {error} "."</p> })}
        </li>
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}

/// Keys come from the server's environment alone: the page neither takes nor shows them.
#[component]
fn HowTo() -> impl IntoView {
    let rows = VARIABLES.map(|(provider, names)| {
        let names = names.map(|name| view! { <code>{name}</code> }).into_iter().collect_view();
        view! { <div><dt>{provider}</dt><dd>{names}</dd></div> }
    });
    view! {
        <details class="how">
            <summary>"Connect a model"</summary>
            <p>"Set these in the server’s environment and start it again. Keys are never shown, logged or exported."</p>
            <dl>{rows.into_iter().collect_view()}</dl>
        </details>
    }
}
