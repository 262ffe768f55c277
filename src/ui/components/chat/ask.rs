//! What the interviewer says: serif, unboxed; under its last words the choices.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::orchestrator::models::{Asking, Choice};
use crate::orchestrator::server_fns::SendMessage;
use crate::session::models::Status;
use crate::ui::components::icon::{Icon, small};
use crate::ui::markdown::{Block, Inline, blocks};
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

#[component]
pub fn Ask(text: String, is_last: Memo<bool>) -> impl IntoView {
    let session = OpenSession::here();
    let (said, searched) = (text.clone(), text.clone());
    let asking = session.part(|it| it.progress.asking.clone().filter(|_| it.status == Status::Active));
    let choices = move || {
        let asking = asking.get().filter(|_| is_last.get())?;
        let why = asking.why.clone().filter(|why| !said.contains(why.as_str()));
        Some(view! {
            {why.map(|why| view! { <p class="why">{why}</p> })}
            <Choices asking=asking />
        })
    };
    // One that was written before eyes was announced sentence by sentence.
    let live = session.was_written.get_value().then_some("off");
    view! { <div class="ask" aria-live=live hidden=move || session.is_left_out(&searched)>{drawn_blocks(&text)} {move || choices()}</div> }
        .into_any()
}

/// A reply as elements: paragraphs, lists and bold, nothing else.
pub(super) fn drawn_blocks(text: &str) -> impl IntoView + use<> {
    blocks(text)
        .into_iter()
        .map(|block| match block {
            Block::Paragraph(words) => view! { <p>{drawn_words(words)}</p> }.into_any(),
            Block::List(numbered, items) => {
                let items = items.into_iter().map(|words| view! { <li>{drawn_words(words)}</li> }).collect_view();
                if numbered { view! { <ol>{items}</ol> }.into_any() } else { view! { <ul>{items}</ul> }.into_any() }
            }
        })
        .collect_view()
}

fn drawn_words(words: Vec<Inline>) -> impl IntoView {
    words
        .into_iter()
        .map(|part| match part {
            Inline::Text(text) => text.into_any(),
            Inline::Bold(text) => view! { <strong>{text}</strong> }.into_any(),
        })
        .collect_view()
}

/// Chips: one is sent at once; several are gathered in the composer. Without the script each is a form of its own.
#[component]
fn Choices(asking: Asking) -> impl IntoView {
    let session = OpenSession::here();
    let several = asking.several;
    let taken = RwSignal::new(Vec::<String>::new());
    let take = move |choice: &Choice| {
        if !several {
            session.send(choice.label.clone());
            return;
        }
        taken.update(|taken| match taken.iter().position(|it| *it == choice.label) {
            Some(at) => drop(taken.remove(at)),
            None => taken.push(choice.label.clone()),
        });
        taken.with_untracked(|taken| session.draft.set(taken.join(", ")));
    };
    // What was gathered is sent or wiped: the chips are free again.
    Effect::new(move || {
        if session.draft.with(String::is_empty) {
            taken.update(Vec::clear);
        }
    });
    // Understood like typed text, in each language.
    let you_decide = t!(chat.you_decide);
    let has_own = asking.choices.iter().any(|choice| choice.label.eq_ignore_ascii_case(you_decide));
    let chips = asking.choices.into_iter().map(|choice| {
        let label = choice.label.clone();
        let pressed = memo(move || several && taken.with(|taken| taken.contains(&label)));
        // What is offered in other words than it is understood in is sent as it is shown: the interview knows its choices.
        let (value, label) = (choice.label.clone(), choice.label.clone());
        view! {
            <button
                class="chip"
                name="text"
                value=value
                aria-pressed=several.then_some(move || if pressed.get() { "true" } else { "false" })
                on:click:target=move |event| {
                    event.prevent_default();
                    take(&choice);
                }
            >
                <If when=move || pressed.get()>{small(Icon::CHECK)}</If>
                {label}
            </button>
        }
    });
    view! {
        <form method="post" action=SendMessage::url()>
            <input type="hidden" name="session_id" value=session.id() />
            <div class="chips" role="group" aria-label=t!(chat_ask.suggested_answers)>
            {chips.collect_view()}
            {(!has_own)
                .then(|| {
                    view! {
                        <button
                            class="chip soft"
                            name="text"
                            value=you_decide
                            on:click:target=move |event| {
                                event.prevent_default();
                                session.send(you_decide.to_owned());
                            }
                        >
                            {you_decide}
                        </button>
                    }
                })}
            </div>
        </form>
    }
}
