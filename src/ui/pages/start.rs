//! The start: one big composer, examples to try, what was worked on last.

use crate::ui::load::load;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;

use crate::error::AppError;
use crate::orchestrator::schemas::SessionSummary;
use crate::orchestrator::server_fns::{StartInterview, list_sessions, start_interview};
use crate::session::models::MAX_MESSAGE_CHARS;
use crate::ui::browser;
use crate::ui::components::composer::{Composer, INPUT, Wording};
use crate::ui::components::icon::{Icon, icon};
use crate::ui::components::site_bar::SiteBar;
use crate::ui::components::when::When;
use crate::ui::pages::open_file::OpenFile;
use crate::ui::words::{Group, stage_name};

const WORDING: Wording = Wording {
    label: "Describe your agent",
    placeholder: "Someone to answer the phone at our dental clinic, book visits into Google Calendar and put emergencies through to the front desk",
    send: "Start",
    rows: 3,
};

/// An agent to try: what the button says and what it would have you say.
struct Example {
    icon: Icon,
    name: &'static str,
    line: &'static str,
    words: &'static str,
}

const EXAMPLES: [Example; 6] = [
    Example {
        icon: Icon::CALENDAR_CHECK,
        name: "Clinic receptionist",
        line: "Answers calls, books visits, passes emergencies on",
        words: "I run a dental clinic. When the desk is busy I want someone to answer the phone, tell callers our hours and prices, book appointments into our Google Calendar and put emergencies through to the front desk. Call her Mia.",
    },
    Example {
        icon: Icon::SHOPPING_BAG,
        name: "Order support",
        line: "Looks up orders, starts returns, knows the policy",
        words: "A friendly chat assistant for our web shop that looks up orders in Shopify, starts returns, answers questions about the return policy and hands angry customers over to a person.",
    },
    Example {
        icon: Icon::UTENSILS,
        name: "Restaurant host",
        line: "Takes reservations and dietary notes by phone",
        words: "A warm phone host for our restaurant that takes reservations with name, time and number of guests, notes allergies, confirms by SMS and never promises a particular table.",
    },
    Example {
        icon: Icon::HEADSET,
        name: "IT help desk",
        line: "Resets passwords, opens tickets, checks outages",
        words: "An internal IT help desk in Slack that resets passwords after checking who is asking, opens tickets in Zendesk, says whether there is a known outage and stays short and professional.",
    },
    Example {
        icon: Icon::GRADUATION_CAP,
        name: "Language tutor",
        line: "Speaks Spanish at the learner’s level, corrects gently",
        words: "A patient voice tutor that practises Spanish conversation with beginners, corrects mistakes gently, explains in English when asked and needs no tools.",
    },
    Example {
        icon: Icon::TRUCK,
        name: "Delivery updates",
        line: "Calls ahead, changes the slot, leaves a note",
        words: "A polite caller that rings customers before a delivery, confirms the time slot or changes it in our scheduling system, writes a note for the driver and leaves a voicemail when nobody answers.",
    },
];

#[component]
pub fn StartPage() -> impl IntoView {
    view! {
        <Title text="Agentwright" />
        <div class="screen">
            <SiteBar />
            <main class="start" id="main">
                <h1>"What should your agent do?"</h1>
                <p class="lede">
                    "Describe the job in your own words. You get a workflow and a prompt, and every line shows its source: "
                    <span class="said">"said"</span> ", " <span class="inferred">"inferred"</span> ", "
                    <span class="default">"default"</span> " or " <span class="edited">"edited"</span> "."
                </p>
                <Opening />
                <OpenFile />
                <Recent />
            </main>
            <footer class="foot">
                <span>"Runs on this machine. No key needed."</span>
                <span class="row">
                    <a class="only-s" href="/settings">
                        "Settings"
                    </a>
                    <span class="hide-s">
                        <kbd>"Ctrl"</kbd>
                        " "
                        <kbd>"K"</kbd>
                        " commands"
                    </span>
                    <span class="hide-s">
                        <kbd>"?"</kbd>
                        " shortcuts"
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
            refused.set(Some(AppError::TooLong.to_string()));
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
                Err(error) => drop(refused.try_set(Some(error.to_string()))),
            }
            starting.try_set(false);
        });
    });
    view! {
        <Composer
            wording=WORDING
            action=StartInterview::url()
            draft=draft
            store=STORE.to_owned()
            refused=refused
            on_send=on_send
            autofocus=true
        >
            <span class="hint">
                <kbd>"↵"</kbd>
                " start"
            </span>
            <span class="hint">
                <kbd>"⇧"</kbd>
                <kbd>"↵"</kbd>
                " new line"
            </span>
            <span class="tail">{move || if starting.get() { "Starting" } else { "4 to 7 questions" }}</span>
        </Composer>
        <h2>"Try an example"</h2>
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
                draft.set(example.words.to_owned());
                browser::focus(INPUT);
            }
        >
            <input type="hidden" name="text" value=example.words />
            <button class="eg">
                {icon(example.icon)} <b>{example.name}</b> <span>{example.line}</span>
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
            (Group::InProgress, 1..) => format!(", {} left", session.required_left),
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
            "Recent " <a href="/history">"All sessions"</a>
        </h2>
        <div class="recent">{sessions.into_iter().take(3).map(row).collect_view()}</div>
    }
}
