//! The models that help with an interview: which are connected, how they are, what they were asked for.

use std::time::Duration;

use leptos::prelude::*;

use crate::error::AppError;
use crate::llm::models::{ModelCard, Purpose};
use crate::llm::server_fns::load_models;
use crate::ui::components::icon::{Icon, small};
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::load::load;
use crate::ui::texts::t;
use crate::ui::words;

/// How long a look at a provider takes at most, in general.
const LOOK: Duration = Duration::from_secs(3);

/// The variables that connect a provider: its key, its address, its model. The first is a kind of provider, and has no name.
const VARIABLES: [(&str, [&str; 3]); 2] = [
    ("", ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"]),
    ("Anthropic", ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL"]),
];

fn name(provider: &str) -> &'static str {
    if provider == "anthropic" { "Anthropic" } else { t!(settings_models.openai_compatible) }
}

fn task(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Extraction => t!(settings_models.reads),
        Purpose::Phrasing => t!(settings_models.words),
        Purpose::Polish => t!(settings_models.polishes),
        Purpose::Preview => t!(settings_models.plays),
    }
}

/// Its dot and its words.
fn state(card: &ModelCard) -> (&'static str, &'static str) {
    match card.reachable {
        Some(true) => ("st done", t!(settings_models.reachable)),
        Some(false) => ("st bad", t!(settings_models.not_reachable)),
        None => ("st", t!(settings_models.not_asked)),
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
        t!(settings_models.none_is_connected_the)
    } else {
        t!(settings_models.they_help_to_read)
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
    let tasks = if tasks.is_empty() { t!(settings_models.helps_out).to_owned() } else { tasks };
    let used = t!(
        settings_models.tokens,
        input = words::thousands(card.usage.input_tokens),
        output = words::thousands(card.usage.output_tokens)
    );
    view! {
        <li>
            <p class="model-name">
                <b>{name(&card.provider)}</b>
                <code>{card.model}</code>
                <span class="grow"></span>
                <span class=class>{words}</span>
            </p>
            <p>{first_upper(&tasks)} "."</p>
            <p class="meta num">{used}</p>
            {card.last_error.map(|error| view! { <p class="model-error">{small(Icon::CIRCLE_ALERT)} " " {t!(settings_models.last, error = error)}</p> })}
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
        view! { <div><dt>{if provider.is_empty() { t!(settings_models.openai) } else { provider }}</dt><dd>{names}</dd></div> }
    });
    view! {
        <details class="how">
            <summary>{t!(settings_models.connect_a_model)}</summary>
            <p>{t!(settings_models.set_these_in_the)}</p>
            <dl>{rows.into_iter().collect_view()}</dl>
        </details>
    }
}
