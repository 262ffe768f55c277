//! A moment: the day at first, so that server and browser write the same, then how long ago by the browser's clock.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::ui::{browser, words};

#[component]
pub fn When(time: DateTime<Utc>) -> impl IntoView {
    let text = RwSignal::new(words::day(time));
    Effect::new(move || {
        let (now, offset) = browser::clock();
        text.set(words::ago(time, now, offset));
    });
    view! { <time datetime=time.to_rfc3339()>{text}</time> }.into_any()
}
