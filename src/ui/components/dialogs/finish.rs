//! "Finish now": what would be assumed, before it is.

use leptos::prelude::*;

use crate::intent::models::{FieldId, Provenance};
use crate::orchestrator::schemas::Workspace;
use crate::ui::browser;
use crate::ui::state::OpenSession;
use crate::ui::texts::{label, plural, t};

use super::{Dialog, Dialogs, Frame, Leave, TITLE};

/// What is sent: the interview understands it like typed text.
pub fn words() -> &'static str {
    t!(common.finish_now)
}

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
    let title = move || {
        if assumed.with(Vec::is_empty) {
            t!(dialogs_finish.finish_now)
        } else {
            t!(dialogs_finish.finish_with_these_assumptions)
        }
    };
    let intro = move || match missing.get() {
        0 if assumed.with(Vec::is_empty) => t!(dialogs_finish.nothing_is_assumed_you).to_owned(),
        0 => t!(dialogs_finish.nobody_said_these_in).to_owned(),
        count => plural!(dialogs_finish.missing, count),
    };
    let rows = move || {
        assumed
            .get()
            .into_iter()
            .map(|(field, value, provenance)| {
                view! { <div><dt>{label(field)}</dt><dd><span class=provenance.as_str()>{value}</span></dd></div> }
            })
            .collect_view()
    };
    let finish = move |_| {
        browser::close_dialog();
        session.send(words().to_owned());
    };
    view! {
        <Frame which=Dialog::Finish dialogs=dialogs>
            <h2 id=TITLE>{move || title()}</h2>
            <p>{move || intro()}</p>
            <dl class="alist" tabindex="0" hidden=move || assumed.with(Vec::is_empty)>
                {move || rows()}
            </dl>
            <footer>
                <Leave text=t!(dialogs_finish.keep_answering) />
                <button type="button" class="btn primary" on:click:target=finish>
                    {t!(common.finish_now)}
                </button>
            </footer>
        </Frame>
    }
}
