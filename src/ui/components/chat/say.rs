//! What the person said: the words that count are underlined, and under them stands what was understood.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;

use crate::intent::models::{Change, FieldId};
use crate::orchestrator::schemas::MessageView;
use crate::session::models::Role;
use crate::ui::components::icon::{Icon, small};
use crate::ui::light::Chosen;
use crate::ui::marks::{Piece, pieces, quotes_of};
use crate::ui::state::OpenSession;
use crate::ui::{browser, words};

#[component]
pub fn Say(number: u32, view: MessageView) -> impl IntoView {
    let session = OpenSession::here();
    let text = view.content.clone();
    let cut = {
        let text = text.clone();
        session.part(move |it| pieces(&text, &quotes_of(&it.fields, number)))
    };
    let quoted = memo(move || {
        cut.with(|cut| cut.iter().flat_map(|piece| piece.fields.iter().copied()).collect::<Vec<FieldId>>())
    });
    let at = memo(move || quoted.with(|fields| fields.iter().any(|field| session.light.leads(*field))));
    let can_undo = session.part(move |it| it.undoes == Some(number));
    let (copied, reused, searched) = (text.clone(), text.clone(), text);
    view! {
        <div class="turn" class:at=at data-message=number hidden=move || session.is_left_out(&searched)>
            <div class="me">
                <span class="vh">"You: "</span>
                {move || cut.get().into_iter().map(|piece| drawn_piece(session, piece)).collect_view()}
                <span class="tools">
                    <button
                        type="button"
                        class="icon-btn"
                        aria-label="Copy"
                        title="Copy"
                        on:click:target=move |_| browser::copy(&copied)
                    >
                        {small(Icon::COPY)}
                    </button>
                    <button
                        type="button"
                        class="icon-btn"
                        aria-label="Write it again"
                        title="Write it again"
                        on:click:target=move |_| session.propose(&reused)
                    >
                        {small(Icon::PENCIL)}
                    </button>
                </span>
            </div>
            {understood(view.changes, view! { <Undo can_undo=can_undo /> }.into_any())}
            {view.unaided.then(|| view! { <Unaided number=number /> })}
        </div>
    }
}

/// A stretch of the message: plain, or underlined and part of the cross-light.
fn drawn_piece(session: OpenSession, piece: Piece) -> AnyView {
    let Some(provenance) = piece.provenance else {
        return piece.text.into_any();
    };
    let light = session.light;
    let (fields, first) = (piece.fields.clone(), piece.fields.first().copied());
    let shown = light.chosen;
    view! {
        <span
            class=provenance.as_str()
            class:lit=move || light.has_any(&fields)
            on:mouseenter:target=move |_| light.hover(first)
            on:mouseleave:target=move |_| light.hover(None)
            on:click:target=move |_| shown.set(first.map(Chosen::Field))
        >
            {piece.text}
        </span>
    }
    .into_any()
}

/// One line: what the message changed; `then` stands behind it.
pub(super) fn understood(changes: Vec<Change>, then: AnyView) -> AnyView {
    if changes.is_empty() {
        return ().into_any();
    }
    let parts = changes.into_iter().enumerate().map(|(at, change)| {
        view! {
            {(at > 0).then(|| view! { <span class="sep">"·"</span> })}
            <b>{change.field.label().to_ascii_lowercase()}":"</b>
            " "
            {words::change(&change)}
        }
    });
    view! { <p class="got">{parts.collect_view()} {then}</p> }.into_any()
}

/// A way to take the message back, while it is the last change.
#[component]
fn Undo(can_undo: Memo<bool>) -> impl IntoView {
    let session = OpenSession::here();
    view! {
        <If when=move || can_undo.get()>
            <span class="sep">"·"</span>
            <button type="button" class="text-btn" on:click:target=move |_| session.undo()>
                "undo"
            </button>
        </If>
    }
}

/// The model was to read this message and did not.
#[component]
fn Unaided(number: u32) -> impl IntoView {
    let session = OpenSession::here();
    let is_last = session
        .part(move |it| it.messages.iter().filter(|view| view.role == Role::User).count() == number as usize + 1);
    // Only the last one's reason is known here, and only until the page is left.
    let because = move || {
        let because = session.because.get_value().filter(|_| is_last.get_untracked());
        because.map(|because| format!(" ({})", because.trim_end_matches('.')))
    };
    view! {
        <p class="got unaided">
            {small(Icon::INFO)} "Answered without the model" {because()} "; nothing is lost."
        </p>
    }
}
