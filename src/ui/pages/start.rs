//! The start: one big composer, examples to try, what was worked on last.

use crate::ui::load::load;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;

use crate::error::AppError;
use crate::language::texts::Text;
use crate::language::texts::keys::examples as keys;
use crate::orchestrator::schemas::SessionSummary;
use crate::orchestrator::server_fns::{StartInterview, list_sessions, start_interview};
use crate::session::models::MAX_MESSAGE_CHARS;
use crate::ui::browser;
use crate::ui::components::composer::{Composer, INPUT, Wording};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::site_bar::SiteBar;
use crate::ui::components::when::When;
use crate::ui::pages::open_file::OpenFile;
use crate::ui::texts::{plural, t, text, trouble};
use crate::ui::words::{Group, stage_name};

fn wording() -> Wording {
    Wording { label: t!(start.label), placeholder: t!(start.placeholder), send: t!(start.start), rows: 3 }
}

/// An agent to try: what the button says and what it would have you say.
struct Example {
    icon: Icon,
    name: Text,
    line: Text,
    words: Text,
}

const EXAMPLES: [Example; 6] = [
    Example { icon: Icon::CALENDAR_CHECK, name: keys::clinic, line: keys::clinic_line, words: keys::clinic_words },
    Example { icon: Icon::SHOPPING_BAG, name: keys::orders, line: keys::orders_line, words: keys::orders_words },
    Example {
        icon: Icon::UTENSILS,
        name: keys::restaurant,
        line: keys::restaurant_line,
        words: keys::restaurant_words,
    },
    Example { icon: Icon::HEADSET, name: keys::it, line: keys::it_line, words: keys::it_words },
    Example { icon: Icon::GRADUATION_CAP, name: keys::tutor, line: keys::tutor_line, words: keys::tutor_words },
    Example { icon: Icon::TRUCK, name: keys::delivery, line: keys::delivery_line, words: keys::delivery_words },
];

#[component]
pub fn StartPage() -> impl IntoView {
    view! {
        <Title text="Agentwright" />
        <div class="screen">
            <SiteBar />
            <main class="start" id="main">
                <h1>{t!(start.what_should_your_agent)}</h1>
                <p class="lede">
                    {t!(start.describe_the_job_in)}
                    <span class="said">{t!(provenance.said)}</span> ", " <span class="inferred">{t!(provenance.inferred)}</span> ", "
                    <span class="default">{t!(provenance.default)}</span> {t!(start.or)} <span class="edited">{t!(provenance.edited)}</span> "."
                </p>
                <Opening />
                <OpenFile />
                <Recent />
            </main>
            <footer class="foot">
                <span>{t!(start.runs_on_this_machine)}</span>
                <span class="row">
                    <a class="only-s" href="/settings">
                        {t!(common.settings)}
                    </a>
                    <span class="hide-s">
                        <kbd>"Ctrl"</kbd>
                        " "
                        <kbd>"K"</kbd>
                        {t!(start.commands)}
                    </span>
                    <span class="hide-s">
                        <kbd>"?"</kbd>
                        {t!(start.shortcuts)}
                    </span>
                </span>
            </footer>
        </div>
    }
}

/// The composer and the examples that fill it.
#[component]
fn Opening() -> impl IntoView {
    let draft = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<String>);
    let starting = RwSignal::new(false);
    let navigate = use_navigate();
    let on_send = Callback::new(move |()| {
        let text = draft.get_untracked().trim().to_owned();
        if text.chars().count() > MAX_MESSAGE_CHARS {
            refused.set(Some(trouble(&AppError::TooLong)));
            return;
        }
        if starting.get_untracked() {
            return;
        }
        starting.set(true);
        refused.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            match start_interview(text).await {
                Ok(id) => {
                    draft.set(String::new());
                    browser::keep(STORE, "");
                    navigate(&format!("/s/{id}"), Default::default());
                }
                Err(error) => drop(refused.try_set(Some(trouble(&error)))),
            }
            starting.try_set(false);
        });
    });
    view! {
        <Composer
            wording=wording()
            action=StartInterview::url()
            draft=draft
            store=STORE.to_owned()
            refused=refused
            on_send=on_send
            autofocus=true
        >
            <span class="hint">
                <kbd>"↵"</kbd>
                {t!(start.start_2)}
            </span>
            <span class="hint">
                <kbd>"⇧"</kbd>
                <kbd>"↵"</kbd>
                {t!(common.new_line)}
            </span>
            <span class="tail">{move || if starting.get() { t!(start.starting) } else { t!(start.questions) }}</span>
        </Composer>
        <h2>{t!(start.try_an_example)}</h2>
        <div class="egs">
            {EXAMPLES.into_iter().map(|example| view! { <ExampleForm example=example draft=draft /> }).collect_view()}
        </div>
    }
}

/// Where the browser keeps what is typed here.
const STORE: &str = "agentwright:draft:new";

/// Fills the composer; without the script it begins with its words at once.
#[component]
fn ExampleForm(example: Example, draft: RwSignal<String>) -> impl IntoView {
    view! {
        <form
            method="post"
            action=StartInterview::url()
            on:submit:target=move |event| {
                event.prevent_default();
                draft.set(text(example.words).to_owned());
                browser::focus(INPUT);
            }
        >
            <input type="hidden" name="text" value=text(example.words) />
            <button class="eg">
                {icon(example.icon)} <b>{text(example.name)}</b> <span>{text(example.line)}</span>
            </button>
        </form>
    }
}

/// The three sessions changed last.
#[component]
fn Recent() -> impl IntoView {
    let sessions = load(|| (), |()| list_sessions(String::new(), None));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let sessions = sessions.await.unwrap_or_default();
                (!sessions.is_empty()).then(|| view! { <RecentList sessions=sessions /> })
            })}
        </Suspense>
    }
}

#[component]
fn RecentList(sessions: Vec<SessionSummary>) -> impl IntoView {
    let row = |session: SessionSummary| {
        let left = match (Group::of(&session), session.required_left) {
            (Group::InProgress, 1..) => format!(", {}", plural!(fields.left, session.required_left as usize)),
            _ => String::new(),
        };
        view! {
            <a href=format!("/s/{}", session.id)>
                <b>{session.title.clone()}</b>
                <span class="grow"></span>
                <span class=Group::of(&session).class()>{stage_name(&session)} {left}</span>
                <span class="meta d num">
                    <When ms=session.updated_ms />
                </span>
            </a>
        }
    };
    view! {
        <h2>
            {t!(start.recent)} <a href="/history">{t!(start.all_sessions)}</a>
        </h2>
        <div class="recent">{sessions.into_iter().take(3).map(row).collect_view()}</div>
    }
}
