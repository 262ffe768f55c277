//! What is clicked.

use leptos::prelude::*;

use crate::ui::components::icon::{Icon, small};

use super::{IconLook, Variant, classes, variants};

variants! {
    /// What a button is for.
    Look {
        /// One way on among others.
        Plain => "btn",
        /// The way on: one a screen at most.
        Primary => "btn primary",
        /// Takes something away.
        Danger => "btn danger",
        /// Beside another button, to leave things as they are.
        Quiet => "btn quiet",
    }
}

variants! {
    /// How high a button is.
    Size {
        /// In dialogs and on pages: 32 px.
        Regular => "",
        /// In bars: 28 px.
        Small => "sm",
        /// Inside rows: 24 px.
        Tiny => "xs",
    }
}

/// A button with words. While it is `busy` a spinner takes its icon's place, and it cannot be clicked again.
#[component]
pub fn Button(
    #[prop(default = Look::Plain)] look: Look,
    #[prop(default = Size::Regular)] size: Size,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let glyph = move || match busy.get() {
        true => Some(IconLook::Spinner.drawn(Icon::LOADER_CIRCLE).into_any()),
        false => icon.map(|icon| small(icon).into_any()),
    };
    view! {
        <button type="button" class=classes(look.class(), size.class()) disabled=move || busy.get() || disabled.get()>
            {move || glyph()}
            {children()}
        </button>
    }
}

variants! {
    /// How large a button that shows an icon alone is.
    IconSize {
        /// In bars: 32 px.
        Regular => "icon-btn",
        /// In the heads of panes: 28 px.
        Small => "icon-btn sm",
    }
}

/// A button that shows an icon alone: its name is its tooltip too.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] name: String,
    #[prop(default = IconSize::Regular)] size: IconSize,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=size.class()
            aria-label=name.clone()
            title=name
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            disabled=disabled
        >
            {IconLook::Regular.drawn(icon)}
        </button>
    }
}

variants! {
    /// How a button inside a sentence shows that it is one.
    TextLook {
        /// At the end of a line.
        Plain => "text-btn",
        /// Among words.
        Underlined => "text-btn lnk",
    }
}

/// A button inside a line of text.
#[component]
pub fn TextButton(#[prop(default = TextLook::Plain)] look: TextLook, children: Children) -> impl IntoView {
    view! {
        <button type="button" class=look.class()>
            {children()}
        </button>
    }
}

variants! {
    /// Who made the answer that a chip stands for.
    ChipLook {
        /// One of the answers offered.
        Choice => "chip",
        /// Left to the interviewer: dashed, like a default.
        Left => "chip soft",
    }
}

/// A suggested answer. With `pressed` it is one of several that can be chosen.
#[component]
pub fn Chip(
    #[prop(default = ChipLook::Choice)] look: ChipLook,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=look.class()
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            disabled=disabled
        >
            {children()}
        </button>
    }
}
