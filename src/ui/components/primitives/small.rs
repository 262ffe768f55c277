//! Marks beside words.

use leptos::prelude::*;

use crate::ui::components::icon::{Icon, drawn};

use super::{Variant, variants};

variants! {
    /// How an icon is drawn.
    IconLook {
        /// 16 px, for controls.
        Regular => "i",
        /// 14 px, for rows and small buttons.
        Small => "i s",
        /// Turns while something is on its way.
        Spinner => "i s spin",
    }
}

impl IconLook {
    pub fn drawn(self, icon: Icon) -> impl IntoView {
        drawn(icon, self.class())
    }
}

variants! {
    /// How something stands.
    Dot {
        /// Nobody knows, or nobody works on it.
        Still => "st",
        Going => "st live",
        /// Nearly there: somebody looks at it.
        Review => "st rev",
        Done => "st done",
        Failed => "st bad",
    }
}

/// How something stands, in a word with a dot.
#[component]
pub fn StatusDot(dot: Dot, children: Children) -> impl IntoView {
    view! { <span class=dot.class()>{children()}</span> }
}

variants! {
    /// Whether a tab's number asks for attention.
    CountTone {
        Plain => "n num",
        Warn => "n num warn",
    }
}

/// A key of the keyboard.
#[component]
pub fn Key(#[prop(into)] cap: String) -> impl IntoView {
    view! { <kbd>{cap}</kbd> }
}
