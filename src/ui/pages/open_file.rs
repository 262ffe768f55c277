//! An agent that somebody has as a file: chosen or dropped anywhere on the page, it opens as a new interview.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys;
use leptos_router::hooks::use_navigate;

use crate::error::AppError;
use crate::orchestrator::bundle_fns::open_file;
use crate::ui::browser::{self, Content};
use crate::ui::components::icon::{Icon, drawn, icon, small};
use crate::ui::texts::{t, trouble};

/// The largest file, in bytes: on its way it grows by a third, and a request has at most 1 MB.
const LARGEST: f64 = 700_000.0;

/// Why the server did not open it.
fn reason(error: AppError) -> String {
    match error {
        AppError::Offline => t!(open_file.offline).to_owned(),
        AppError::InvalidFields { problems } if problems.len() == 1 && problems[0].field == "document" => {
            format!("It {}.", problems[0].message)
        }
        error => trouble(&error),
    }
}

/// A file on its way to an interview.
#[derive(Clone, Copy)]
struct Opening {
    /// Name of the file that is being opened.
    name: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
    /// Whether a file is held over the page.
    over: RwSignal<bool>,
}

impl Opening {
    fn open(self, file: web_sys::File, go: impl Fn(&str) + 'static) {
        let name = file.name();
        if self.name.get_untracked().is_some() {
            return;
        }
        self.error.set(None);
        if file.size() > LARGEST {
            return self.fail(&name, t!(open_file.too_large));
        }
        self.name.set(Some(name.clone()));
        browser::read_file(&file, Content::Bytes, move |content| {
            let Some(content) = content else { return self.fail(&name, t!(open_file.unreadable)) };
            spawn_local(async move {
                match open_file(content).await {
                    Ok(id) => go(&format!("/s/{id}")),
                    Err(error) => self.fail(&name, &reason(error)),
                }
            });
        });
    }

    fn fail(self, name: &str, reason: &str) {
        self.name.try_set(None);
        self.error.try_set(Some(t!(open_file.not_opened, name = name, reason = reason)));
    }
}

#[component]
pub fn OpenFile() -> impl IntoView {
    let opening = Opening { name: RwSignal::new(None), error: RwSignal::new(None), over: RwSignal::new(false) };
    let navigate = StoredValue::new(use_navigate());
    let open = move |file| {
        opening.open(file, move |path| {
            navigate.try_with_value(|navigate| navigate(path, Default::default()));
        })
    };
    // Dropped beside its place, a file would take the place of the page.
    browser::on_window(leptos::ev::dragover, move |event| {
        if browser::drags_file(&event) {
            event.prevent_default();
            opening.over.set(true);
        }
    });
    browser::on_window(leptos::ev::dragleave, move |event| {
        if event.related_target().is_none() {
            opening.over.set(false);
        }
    });
    browser::on_window(leptos::ev::drop, move |event| {
        if browser::drags_file(&event) {
            event.prevent_default();
            opening.over.set(false);
            if let Some(file) = browser::dropped_file(&event) {
                open(file);
            }
        }
    });
    view! {
        <h2>{t!(open_file.open_an_agent_you)}</h2>
        <div class="open-file" class:over=opening.over>
            {icon(Icon::PACKAGE)}
            <p>
                {t!(open_file.drop_a_bundles_zip)}
                <span>{t!(open_file.up_to_700_kb)}</span>
            </p>
            <label class="btn sm file">
                {move || if opening.name.get().is_some() { drawn(Icon::LOADER_CIRCLE, "i s spin").into_any() } else { small(Icon::UPLOAD).into_any() }}
                {move || match opening.name.get() {
                    None => t!(common.choose_a_file).to_owned(),
                    Some(name) => t!(open_file.opening, name = name),
                }}
                <input
                    type="file"
                    accept=".zip,.json,.yaml,.yml,application/zip,application/json,application/yaml"
                    on:change:target=move |event| {
                        if let Some(file) = browser::take_file(&event.target()) {
                            open(file);
                        }
                    }
                />
            </label>
            {move || opening.error.get().map(|text| view! { <p class="err" role="alert">{text}</p> })}
        </div>
    }
}
