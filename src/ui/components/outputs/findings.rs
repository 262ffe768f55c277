//! What could be wrong with a prompt, as notes in its margin: how grave, what it is, and a click that mends it where one
//! can.

use crate::ui::memo::If;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::intent::models::FieldId;
use crate::orchestrator::bundle_fns::fix_lint;
use crate::prompt::lint::{Finding, LintReport, Place};
use crate::ui::components::icon::Icon;
use crate::ui::components::primitives::{Button, Size};
use crate::ui::notes;
use crate::ui::pane::Pane;
use crate::ui::state::OpenSession;
use crate::ui::texts::{label_inside, plural, t, trouble};

use super::done::Done;

/// The score, and how many there are.
pub fn summary(report: &LintReport) -> String {
    let found = match report.findings.len() {
        0 => t!(outputs_findings.none).to_owned(),
        count => plural!(outputs_findings.found, count),
    };
    t!(outputs_findings.score, n = report.score, found = found)
}

/// Notes that stand together.
#[component]
pub fn Notes(findings: Vec<Finding>, done: Done) -> impl IntoView {
    let notes = findings.into_iter().map(|finding| view! { <Note finding=finding done=done /> });
    view! { <div class="notes">{notes.collect_view()}</div> }
}

/// One click on a finding.
#[derive(Clone, Copy)]
struct Mend {
    session: OpenSession,
    done: Done,
    /// Rule and place of the finding.
    of: StoredValue<(String, Place)>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
}

impl Mend {
    fn run(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let (rule, place) = self.of.get_value();
        let text = t!(outputs_findings.fixed, what = notes::title(&rule).to_lowercase());
        let place = serde_json::to_string(&place).unwrap_or_default();
        spawn_local(async move {
            let answer = fix_lint(self.session.id(), rule, place).await;
            self.busy.try_set(false);
            match answer {
                Ok(workspace) => self.done.take(workspace, text),
                Err(failed) => drop(self.error.try_set(Some(failed))),
            }
        });
    }
}

#[component]
fn Note(finding: Finding, done: Done) -> impl IntoView {
    let session = OpenSession::here();
    let Finding { rule, severity, message, place, fix, can_fix } = finding;
    let (title, field) = (notes::title(&rule), place.field);
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None));
    let mend = Mend { session, done, of: StoredValue::new((rule, place)), busy, error };
    let name = format!("{}: {title}", notes::severity(severity));
    let fix_name = StoredValue::new(t!(outputs_findings.fix_what, what = title));
    view! {
        <div class=notes::edge(severity) role="note" aria-label=name>
            <b>{title} " " <span class="meta">{notes::severity(severity)}</span></b>
            <p>{message}</p>
            {fix.map(|fix| view! { <p class="how-to">{fix}</p> })}
            <If when=move || !session.is_completed() && (can_fix || field.is_some())>
                <div class="acts">
                    {can_fix.then(|| mend_button(mend, fix_name.get_value()))}
                    {field.map(|field| edit_link(session, field))}
                </div>
            </If>
            {move || error.get().map(|error: AppError| view! { <p class="err" role="alert">{trouble(&error)}</p> })}
        </div>
    }
}

fn mend_button(mend: Mend, name: String) -> impl IntoView {
    view! {
        <Button size=Size::Tiny icon=Icon::CHECK busy=mend.busy attr:aria-label=name on:click=move |_| mend.run()>
            {t!(outputs_findings.fix)}
        </Button>
    }
}

/// Where somebody has to think: the field whose words cause it.
fn edit_link(session: OpenSession, field: FieldId) -> impl IntoView {
    view! {
        <a
            class="btn xs quiet"
            href=Pane::Fields.href()
            data-noscroll
            on:click:target=move |_| session.editing.set(Some(field))
        >
            {t!(outputs_findings.edit, field = label_inside(field))}
        </a>
    }
}
