//! A moment: the day at first, so that server and browser write the same, then how long ago by the browser's clock.

use leptos::prelude::*;

use crate::ui::{browser, words};

/// `ms` since 1970.
#[component]
pub fn When(ms: i64) -> impl IntoView {
    let minutes = ms.div_euclid(60_000);
    let text = RwSignal::new(words::day(minutes));
    Effect::new(move || {
        let (now, offset) = browser::clock();
        text.set(words::ago(ms, now, offset));
    });
    view! { <time datetime=words::iso_day(minutes)>{text}</time> }
}
