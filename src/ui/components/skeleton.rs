//! What stands where something is loading: the shape of it, and what could be done when it did not come.

use leptos::prelude::*;

use crate::error::AppError;
use crate::ui::texts::{t, trouble};

use super::icon::{Icon, icon};

/// So many lines of text to come.
#[component]
pub fn Lines(count: usize) -> impl IntoView {
    const WIDTHS: [&str; 4] = ["sk w-3/5", "sk w-4/5", "sk w-1/2", "sk w-2/3"];
    view! {
        <div class="sk-lines" aria-busy="true">
            <span class="vh">{t!(skeleton.loading)}</span>
            {(0..count).map(|at| view! { <span class=WIDTHS[at % WIDTHS.len()]></span> }).collect_view()}
        </div>
    }
}

/// Loading failed: why, and a way to try again.
#[component]
pub fn LoadFailed(error: AppError, on_retry: Callback<()>) -> impl IntoView {
    let reason = match error {
        AppError::Offline => t!(skeleton.the_server_cannot_be).to_owned(),
        error => trouble(&error),
    };
    view! {
        <div class="failed" role="alert">
            {icon(Icon::CIRCLE_ALERT)} <p>{reason}</p>
            <button type="button" class="btn sm" on:click:target=move |_| on_retry.run(())>
                {t!(common.try_again)}
            </button>
        </div>
    }
}
