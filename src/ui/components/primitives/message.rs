//! What the page says beside its content.

use leptos::prelude::*;

use crate::ui::components::icon::{Icon, icon};

use super::{Variant, variants};

variants! {
    /// How bad it is.
    BannerTone {
        /// Something is different for a while; nothing is lost.
        Notice => "banner",
        /// Something was not done.
        Failure => "banner danger",
    }
}

impl BannerTone {
    /// A failure interrupts whoever listens, a notice waits.
    fn role(self) -> &'static str {
        match self {
            BannerTone::Notice => "status",
            BannerTone::Failure => "alert",
        }
    }
}

/// A line under the head of what it is about.
#[component]
pub fn Banner(
    #[prop(default = BannerTone::Notice)] tone: BannerTone,
    #[prop(default = Icon::CIRCLE_ALERT)] glyph: Icon,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class() role=tone.role()>
            {icon(glyph)}
            {children()}
        </div>
    }
}

variants! {
    /// How much a note weighs.
    NoteWeight {
        /// It will not work like this.
        Error => "note err",
        /// It works, and not as one would like.
        Warning => "note",
        /// It could be better.
        Hint => "note faint",
    }
}

/// What was just done, with its way back. Floats at the bottom; one at a time.
#[component]
pub fn Toast(children: Children) -> impl IntoView {
    view! { <div class="toast">{children()}</div> }
}

/// Where a list or a picture would be: why there is none yet, and at most one button.
#[component]
pub fn Empty(#[prop(into)] text: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <div class="empty">
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

variants! {
    /// What a dialog holds.
    DialogWidth {
        /// A question with its answers: 440 px.
        Regular => "dialog",
        /// Things to compare: 680 px.
        Wide => "dialog wide",
        /// A search with its list, without a frame around.
        Palette => "dialog palette",
    }
}
