//! What the page says, and what stands over or in place of its content.

use leptos::prelude::*;

use crate::error::AppError;
use crate::intent::models::Provenance;
use crate::ui::components::icon::{Icon, drawn};
use crate::ui::components::primitives::{
    Banner, BannerTone, Button, DialogWidth, Dot, Empty, Look, NoteWeight, StatusDot, TextButton, Toast, Variant,
};
use crate::ui::components::skeleton::{Lines, LoadFailed};

use super::specimen::{Primitive, each, state};

#[component]
pub fn Surfaces() -> impl IntoView {
    view! {
        <h2>"Messages and surfaces"</h2>
        <Sources />
        <Messages />
        <Places />
        <Dialogs />
    }
}

#[component]
fn Sources() -> impl IntoView {
    let marks = [Provenance::Said, Provenance::Inferred, Provenance::Default, Provenance::Edited].map(|source| {
        let name = source.as_str();
        let pen = (source == Provenance::Edited).then(|| drawn(Icon::PENCIL, "i pen"));
        let part = view! {
            <span class=name>"Calm, warm"</span>
            {pen}
        };
        (name, part)
    });
    view! {
        <Primitive
            name="Source"
            when="Where a value comes from. A colour and a line each, the same in chat, fields, diagram and prompt."
            usage="<span class=provenance.as_str()>{value}</span>"
        >
            {marks.into_iter().map(|(name, part)| state(name, part)).collect_view()}
        </Primitive>
        <Primitive
            name="StatusDot"
            when="How an interview, or a model, stands: in a word, with a dot that says it from afar."
            usage="<StatusDot dot=Dot::Done>\"Done\"</StatusDot>"
        >
            {each(|dot: Dot| view! { <StatusDot dot=dot>{dot.name()}</StatusDot> })}
        </Primitive>
    }
}

#[component]
fn Messages() -> impl IntoView {
    view! {
        <Primitive
            name="Banner"
            when="Under the head of what it is about, while it lasts: offline, answered without the model, not done."
            usage="<Banner tone=BannerTone::Failure>{error.to_string()}</Banner>"
        >
            {each(|tone: BannerTone| view! { <Banner tone=tone>"Your answer is kept and goes out when you are back."</Banner> })}
        </Primitive>
        <Primitive
            name="Note"
            when="A finding in the margin of the line it is about: what, why, and a click that mends it."
            usage="<div class=NoteWeight::Warning.class() role=\"note\">…</div>"
        >
            {each(|weight: NoteWeight| {
                view! {
                    <div class=weight.class() role="note">
                        <b>"Says it twice " <span class="meta">{weight.name()}</span></b>
                        <p>"“Opening hours” stands in goals and in constraints."</p>
                    </div>
                }
            })}
        </Primitive>
        <Primitive
            name="Toast"
            when="What was just done, with its way back. Eight seconds, longer under the pointer; one at a time."
            usage="<Toast><span>\"“Mia” deleted\"</span> <TextButton on:click=move |_| undo()>\"Undo\"</TextButton></Toast>"
        >
            {state(
                "in place",
                view! {
                    <Toast>
                        <span>"“Mia” deleted"</span>
                        <TextButton>"Undo"</TextButton>
                    </Toast>
                },
            )}
        </Primitive>
    }
}

#[component]
fn Places() -> impl IntoView {
    view! {
        <Primitive
            name="Empty"
            when="Where nothing is yet: one sentence that says what will be here, at most one button."
            usage="<Empty text=\"No interviews yet.\"><a class=Look::Primary.class() href=\"/\">\"Describe an agent\"</a></Empty>"
        >
            {state("with a way on", view! { <Empty text="No interviews yet."><Button look=Look::Primary>"Describe an agent"</Button></Empty> })}
            {state("alone", view! { <Empty text="The workflow appears with your first goal." /> })}
        </Primitive>
        <Primitive
            name="Lines"
            when="The shape of text that is loading: where it will stand, so that nothing moves when it comes."
            usage="<Lines count=4 />"
        >
            {state("four lines", view! { <Lines count=4 /> })}
        </Primitive>
        <Primitive
            name="LoadFailed"
            when="Where something did not come: why, that nothing is lost, and a way to try again."
            usage="<LoadFailed error=error on_retry=on_retry />"
        >
            {state("offline", view! { <LoadFailed error=AppError::Offline on_retry=Callback::new(|()| ()) /> })}
        </Primitive>
    }
}

#[component]
fn Dialogs() -> impl IntoView {
    let inside = |width: DialogWidth| match width {
        DialogWidth::Palette => {
            view! { <input placeholder="Search commands" aria-label="Search commands" /> }.into_any()
        }
        DialogWidth::Regular | DialogWidth::Wide => view! {
            <h4>"Delete “Mia”?"</h4>
            <p>"The conversation, the fields and everything made of them go for good."</p>
            <footer>
                <Button>"Cancel"</Button>
                <Button look=Look::Danger>"Delete"</Button>
            </footer>
        }
        .into_any(),
    };
    view! {
        <Primitive
            name="Dialog"
            when="A question that has to be answered before anything else. Native: it keeps the focus, Escape leaves."
            usage="<Frame which=Dialog::Delete dialogs=dialogs>…</Frame>"
        >
            {each(move |width: DialogWidth| {
                view! {
                    <dialog open class=width.class() aria-label=width.name()>
                        {inside(width)}
                    </dialog>
                }
            })}
        </Primitive>
    }
}
