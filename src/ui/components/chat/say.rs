//! What the person said: the words that count are underlined, and under them stands what was understood.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;
use leptos::web_sys;

use crate::intent::models::{Change, FieldId};
use crate::orchestrator::schemas::MessageView;
use crate::session::models::{Role, Status};
use crate::ui::chunks::{Detail, detail_later};
use crate::ui::components::icon::{Icon, small};
use crate::ui::light::{Chosen, Light};
use crate::ui::marks::{Piece, pieces, quotes_of};
use crate::ui::state::OpenSession;
use crate::ui::texts::{label_inside, t};
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
    let seq = view.seq;
    let retelling = memo(move || session.retelling.get() == Some(seq));
    let active = session.part(|it| it.status == Status::Active);
    let (copied, retold, searched) = (text.clone(), text.clone(), text);
    view! {
        <div class="turn" class:at=at data-message=number hidden=move || session.is_left_out(&searched)>
            <If when=move || retelling.get()>{detail_later(Detail::Retell(seq, retold.clone()))}</If>
            <div class="me" hidden=retelling>
                <span class="vh">{t!(common.you)}</span>
                {move || drawn_pieces(session, cut.get())}
                <span class="tools">
                    <button
                        type="button"
                        class="icon-btn"
                        aria-label=t!(common.copy)
                        title=t!(common.copy)
                        on:click:target=move |_| browser::copy(&copied)
                    >
                        {small(Icon::COPY)}
                    </button>
                    <button
                        type="button"
                        class="icon-btn"
                        aria-label=t!(common.edit_the_message)
                        title=t!(common.edit_the_message)
                        hidden=move || !active.get()
                        on:click:target=move |_| session.retelling.set(Some(seq))
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

/// The message in its pieces; of the words that count, the first is on the way of the Tab key.
fn drawn_pieces(session: OpenSession, cut: Vec<Piece>) -> impl IntoView {
    let first = cut.iter().position(|piece| piece.provenance.is_some());
    let pieces = cut.into_iter().enumerate();
    pieces.map(|(at, piece)| drawn_piece(session, piece, first == Some(at))).collect_view()
}

/// Enter selects words that have the focus; arrows go to the other words of the message that count.
fn on_key(light: Light, event: &web_sys::KeyboardEvent, words: Chosen) {
    match event.key().as_str() {
        "Enter" | " " => light.toggle(words),
        "ArrowRight" => browser::focus_beside("data-words", true),
        "ArrowLeft" => browser::focus_beside("data-words", false),
        _ => return,
    }
    event.prevent_default();
}

/// A stretch of the message: plain, or underlined and part of the cross-light.
fn drawn_piece(session: OpenSession, piece: Piece, is_first: bool) -> AnyView {
    let Some(provenance) = piece.provenance else {
        return piece.text.into_any();
    };
    let light = session.light;
    let fields = piece.fields.clone();
    let words = StoredValue::new(Chosen::Words(piece.fields));
    view! {
        <span
            class=provenance.as_str()
            class:lit=move || light.has_any(&fields)
            role="button"
            tabindex=if is_first { "0" } else { "-1" }
            data-words=""
            aria-pressed=move || words.with_value(|words| light.is_chosen(words)).to_string()
            on:pointerenter=move |event| light.point(&event, words.get_value())
            on:pointerleave=move |_| light.hover(None)
            on:focus=move |_| light.hover(Some(words.get_value()))
            on:blur=move |_| light.hover(None)
            on:click:target=move |_| light.toggle(words.get_value())
            on:keydown:target=move |event| on_key(light, &event, words.get_value())
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
            <b>{label_inside(change.field)}":"</b>
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
                {t!(chat_say.undo)}
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
        match because {
            Some(because) => t!(chat_say.unaided_because, reason = because.trim_end_matches('.')),
            None => t!(chat_say.unaided).to_owned(),
        }
    };
    view! {
        <p class="got unaided">
            {small(Icon::INFO)} {because()}
        </p>
    }
}
