//! Deleting the open interview: asked first, since there is no page left to undo it on.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use crate::orchestrator::server_fns::delete_session;
use crate::ui::browser;
use crate::ui::state::OpenSession;

pub const ID: &str = "delete-dialog";

#[component]
pub fn DeleteDialog() -> impl IntoView {
    let session = OpenSession::here();
    let title = session.part(|it| it.title.clone());
    let navigate = use_navigate();
    let remove = move |_| {
        let navigate = navigate.clone();
        browser::close_dialog(ID);
        spawn_local(async move {
            match delete_session(session.id()).await {
                Ok(()) => navigate("/history", Default::default()),
                Err(error) => session.trouble.set(Some(error)),
            }
        });
    };
    view! {
        <dialog class="dialog" id=ID aria-labelledby="delete-title">
            <h2 id="delete-title">"Delete “" {title} "”?"</h2>
            <p>"The conversation, the fields and everything made of them go for good."</p>
            <footer>
                <button type="button" class="btn" autofocus on:click:target=move |_| browser::close_dialog(ID)>
                    "Cancel"
                </button>
                <button type="button" class="btn danger" on:click:target=remove>
                    "Delete"
                </button>
            </footer>
        </dialog>
    }
}
