//! A message that is not in the transcript yet: on its way, read, or refused with the reason and both ways out.

use crate::ui::memo::memo;
use leptos::prelude::*;

use crate::ui::components::icon::{Icon, drawn, small};
use crate::ui::state::{OpenSession, Outgoing};
use crate::ui::texts::{t, trouble};

use super::say::understood;

#[component]
pub fn Unsent(outgoing: Outgoing) -> impl IntoView {
    let session = OpenSession::here();
    let Outgoing { id, text, failed, .. } = outgoing;
    let (discarded, answered) = (id.clone(), id.clone());
    // What it changed, once it is read.
    let changes = memo(move || {
        session.writing.with(|it| it.as_ref().filter(|it| it.turn_id == answered).and_then(|it| it.changes.clone()))
    });
    let on_its_way = move || match changes.get() {
        Some(changes) => understood(changes, ().into_any()),
        None => view! { <p class="got sending">{drawn(Icon::LOADER_CIRCLE, "i s spin")} {t!(chat_unsent.sending)}</p> }
            .into_any(),
    };
    let state = match failed {
        None => on_its_way.into_any(),
        Some(error) => view! {
            <p class="got bad" role="alert">
                {small(Icon::CIRCLE_ALERT)}
                {t!(chat_unsent.not_sent)}
                {trouble(&error)}
                " "
                <button type="button" class="text-btn" on:click:target=move |_| session.retry(&id)>
                    {t!(common.try_again)}
                </button>
                <span class="sep">"·"</span>
                <button type="button" class="text-btn" on:click:target=move |_| session.discard(&discarded)>
                    {t!(chat_unsent.discard)}
                </button>
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="turn unsent">
            <div class="me">
                <span class="vh">{t!(common.you)}</span>
                {text}
            </div>
            {state}
        </div>
    }
}
