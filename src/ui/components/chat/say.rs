//! What the person said: the words that count are underlined, and under them stands what was understood.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;

use crate::intent::models::{Change, FieldId};
use crate::orchestrator::schemas::MessageView;
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
            <Understood changes=view.changes can_undo=can_undo />
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

/// One line: what the message changed, and a way to take it back.
#[component]
fn Understood(changes: Vec<Change>, can_undo: Memo<bool>) -> impl IntoView {
    let session = OpenSession::here();
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
    view! {
        <p class="got">
            {parts.collect_view()}
            <If when=move || can_undo.get()>
                <span class="sep">"·"</span>
                <button type="button" class="text-btn" on:click:target=move |_| session.undo()>
                    "undo"
                </button>
            </If>
        </p>
    }
    .into_any()
}
