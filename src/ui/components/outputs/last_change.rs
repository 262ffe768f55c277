//! The prompt's last change, in place of the prompt: what went and what came, with a line around it.

use leptos::prelude::*;

use crate::error::AppError;
use crate::orchestrator::revision_fns::{load_revision, load_revisions};
use crate::orchestrator::revisions::RevisionDiff;
use crate::ui::components::dialogs::revisions::prompt_lines;
use crate::ui::components::primitives::Empty;
use crate::ui::components::skeleton::{Lines, LoadFailed};
use crate::ui::load::load;
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

/// What the newest revision made otherwise, and why; `None` before the first.
async fn newest(session: String) -> Result<Option<(String, RevisionDiff)>, AppError> {
    match load_revisions(session.clone()).await?.into_iter().next() {
        Some(newest) => Ok(Some((newest.reason, load_revision(session, newest.version).await?))),
        None => Ok(None),
    }
}

#[component]
pub fn LastChange() -> impl IntoView {
    let session = OpenSession::here();
    let version = session.part(|it| it.version);
    let diff = load(move || version.get(), move |_| newest(session.id()));
    let on_retry = Callback::new(move |()| diff.refetch());
    view! {
        <div class="doc" tabindex="0" role="group" aria-label=t!(last_change.label)>
            <Transition fallback=|| view! { <Lines count=5 /> }>
                {move || Suspend::new(async move {
                    match diff.await {
                        Ok(Some((reason, diff))) if !diff.prompt.is_empty() => {
                            view! { <div class="last-change"><p class="meta">{reason}</p> {prompt_lines(diff.prompt)}</div> }
                                .into_any()
                        }
                        Ok(_) => view! { <div class="page"><Empty text=t!(last_change.none) /></div> }.into_any(),
                        Err(error) => view! { <LoadFailed error=error on_retry=on_retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}
