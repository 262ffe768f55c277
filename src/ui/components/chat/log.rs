//! The transcript. Follows what is new, unless the person reads further up.

use crate::ui::memo::memo;
use leptos::prelude::*;

use crate::orchestrator::schemas::MessageView;
use crate::session::models::Role;
use crate::ui::browser;
use crate::ui::components::icon::{Icon, small};
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

use super::ask::Ask;
use super::say::Say;
use super::spoken::SpokenReply;
use super::unsent::Unsent;
use super::writing::WrittenReply;

/// How far from its end a log still counts as read to the end, in pixels.
const NEAR: i32 = 40;

/// A message with its place: which of the user's it is (counted from 0), or none.
fn numbered(messages: &[MessageView]) -> Vec<(Option<u32>, MessageView)> {
    let mut said = 0;
    messages
        .iter()
        .map(|view| {
            let number = (view.role == Role::User).then(|| {
                said += 1;
                said - 1
            });
            (number, view.clone())
        })
        .collect()
}

#[component]
pub fn Log() -> impl IntoView {
    let session = OpenSession::here();
    let log = NodeRef::<leptos::html::Div>::new();
    let (at_end, cut) = (RwSignal::new(true), RwSignal::new(false));
    let messages = session.part(|it| numbered(&it.messages));
    let last = session.part(|it| it.messages.last().map(|view| view.seq));

    let to_end = move || {
        request_animation_frame(move || {
            if let Some(log) = log.try_get_untracked().flatten() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    };
    Effect::new(move |before: Option<usize>| {
        let unsent = session.outbox.with(Vec::len);
        messages.track();
        session.writing.track();
        // One's own message is always followed.
        if at_end.get_untracked() || before.is_some_and(|before| unsent > before) {
            to_end();
        }
        unsent
    });
    // A keyboard that opens, or a window made narrower, does not hide the end from who reads it.
    Effect::new(move || {
        if let Some(log) = log.get() {
            browser::on_resize(&log, move |_, _| {
                if at_end.get_untracked() {
                    to_end();
                }
            });
        }
    });
    let on_scroll = move |_| {
        if let Some(log) = log.get_untracked() {
            at_end.set(log.scroll_height() - log.scroll_top() - log.client_height() < NEAR);
            cut.set(log.scroll_top() > 0);
        }
    };
    view! {
        <div
            class="log"
            class:cut=cut
            role="log"
            aria-live="polite"
            aria-label=t!(chat_log.conversation)
            tabindex="0"
            node_ref=log
            on:scroll:target=on_scroll
        >
            <For
                each=move || messages.get()
                key=|(_, view)| (view.seq, view.changes.len(), view.content.clone())
                children=move |(number, view)| match number {
                    Some(number) => view! { <Say number=number view=view /> }.into_any(),
                    None => {
                        let seq = view.seq;
                        let is_last = memo(move || last.get() == Some(seq));
                        view! { <Ask text=view.content is_last=is_last /> }.into_any()
                    }
                }
            />
            <For
                each=move || session.outbox.get()
                key=|outgoing| (outgoing.id.clone(), outgoing.failed.is_some())
                children=move |outgoing| view! { <Unsent outgoing=outgoing /> }
            />
            <WrittenReply />
            <SpokenReply />
        </div>
        <button
            type="button"
            class="btn sm jump"
            hidden=move || at_end.get()
            on:click:target=move |_| {
                browser::focus(crate::ui::components::composer::INPUT);
                to_end();
            }
        >
            {small(Icon::ARROW_DOWN)}
            {t!(chat_log.jump_to_latest)}
        </button>
    }
}
