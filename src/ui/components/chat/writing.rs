//! The reply while it is written.

use crate::ui::memo::memo;
use leptos::prelude::*;

use crate::ui::state::OpenSession;

use super::ask::drawn_blocks;

/// The words so far, with a caret. Hidden from screen readers, who hear whole sentences.
#[component]
pub fn WrittenReply() -> impl IntoView {
    let session = OpenSession::here();
    let words = memo(move || {
        session.writing.with(|it| it.as_ref().filter(|it| it.changes.is_some()).map(|it| it.words.clone()))
    });
    move || {
        words.get().map(|words| {
            let begins = words.trim().is_empty();
            view! {
                <div class="ask writing" aria-hidden="true">
                    {begins.then(|| view! { <p></p> })}
                    {drawn_blocks(&words)}
                </div>
            }
        })
    }
}
