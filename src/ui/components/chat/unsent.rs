//! A message that is not in the transcript yet: on its way, or refused with the reason and both ways out.

use leptos::prelude::*;

use crate::ui::components::icon::{Icon, drawn, small};
use crate::ui::state::{OpenSession, Outgoing};

#[component]
pub fn Unsent(outgoing: Outgoing) -> impl IntoView {
    let session = OpenSession::here();
    let Outgoing { id, text, failed } = outgoing;
    let discarded = id.clone();
    let state = match failed {
        None => view! {
            <p class="got sending">{drawn(Icon::LOADER_CIRCLE, "i s spin")} "Sending"</p>
        }
        .into_any(),
        Some(error) => view! {
            <p class="got bad" role="alert">
                {small(Icon::CIRCLE_ALERT)}
                "Not sent. "
                {error.to_string()}
                " "
                <button type="button" class="text-btn" on:click:target=move |_| session.retry(&id)>
                    "Try again"
                </button>
                <span class="sep">"·"</span>
                <button type="button" class="text-btn" on:click:target=move |_| session.discard(&discarded)>
                    "Discard"
                </button>
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="turn unsent">
            <div class="me">
                <span class="vh">"You: "</span>
                {text}
            </div>
            {state}
        </div>
    }
}
