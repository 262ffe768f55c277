//! Deleting the open interview: asked first, since there is no page left to undo it on.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use crate::orchestrator::server_fns::delete_session;
use crate::ui::browser;
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

use super::{Dialog, Dialogs, Frame, Leave, TITLE};

#[component]
pub fn DeleteDialog(dialogs: Dialogs) -> impl IntoView {
    let session = OpenSession::here();
    let title = session.part(|it| it.title.clone());
    let navigate = use_navigate();
    let remove = move |_| {
        let navigate = navigate.clone();
        browser::close_dialog();
        spawn_local(async move {
            match delete_session(session.id()).await {
                Ok(()) => navigate("/history", Default::default()),
                Err(error) => session.trouble.set(Some(error)),
            }
        });
    };
    view! {
        <Frame which=Dialog::Delete dialogs=dialogs>
            <h2 id=TITLE>{move || t!(dialogs_delete.title, title = title.get())}</h2>
            <p>{t!(dialogs_delete.the_conversation_the_fields)}</p>
            <footer>
                <Leave text=t!(common.cancel) />
                <button type="button" class="btn danger" on:click:target=remove>
                    {t!(common.delete)}
                </button>
            </footer>
        </Frame>
    }
}
