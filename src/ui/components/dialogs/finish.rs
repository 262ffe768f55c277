//! "Finish now": what would be assumed, before it is.

use leptos::prelude::*;

use crate::intent::models::{FieldId, Provenance};
use crate::orchestrator::schemas::Workspace;
use crate::ui::browser;
use crate::ui::state::OpenSession;
use crate::ui::words;

use super::{Dialog, Dialogs, Frame, Leave, TITLE};

/// What is sent: the interview understands it like typed text.
pub const WORDS: &str = "Finish now";

/// What nobody said: label, value, where it comes from.
fn assumptions(workspace: &Workspace) -> Vec<(FieldId, String, Provenance)> {
    let missing =
        workspace.finish_assumptions.iter().map(|(field, value)| (*field, value.clone(), Provenance::Default));
    let assumed = workspace.fields.iter().filter_map(|view| {
        let provenance = view.provenance().filter(|it| it.is_assumption())?;
        let texts: Vec<&str> = view.items.iter().map(|item| item.text.as_str()).collect();
        Some((view.field, texts.join(", "), provenance))
    });
    missing.chain(assumed).collect()
}

#[component]
pub fn FinishDialog(dialogs: Dialogs) -> impl IntoView {
    let session = OpenSession::here();
    let assumed = session.part(assumptions);
    let missing = session.part(|it| it.progress.missing_required.len());
    let title = move || if assumed.with(Vec::is_empty) { "Finish now?" } else { "Finish with these assumptions?" };
    let intro = move || match missing.get() {
        0 if assumed.with(Vec::is_empty) => "Nothing is assumed: you said it all.".to_owned(),
        0 => "Nobody said these in so many words.".to_owned(),
        count => format!(
            "{} still missing. The agent would go out like this.",
            if count == 1 { "1 answer is".to_owned() } else { format!("{} are", words::count(count, "answer")) }
        ),
    };
    let rows = move || {
        assumed
            .get()
            .into_iter()
            .map(|(field, value, provenance)| {
                view! { <div><dt>{field.label()}</dt><dd><span class=provenance.as_str()>{value}</span></dd></div> }
            })
            .collect_view()
    };
    let finish = move |_| {
        browser::close_dialog();
        session.send(WORDS.to_owned());
    };
    view! {
        <Frame which=Dialog::Finish dialogs=dialogs>
            <h2 id=TITLE>{move || title()}</h2>
            <p>{move || intro()}</p>
            <dl class="alist" tabindex="0" hidden=move || assumed.with(Vec::is_empty)>
                {move || rows()}
            </dl>
            <footer>
                <Leave text="Keep answering" />
                <button type="button" class="btn primary" on:click:target=finish>
                    "Finish now"
                </button>
            </footer>
        </Frame>
    }
}
