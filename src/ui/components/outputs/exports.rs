//! The diagram as files.

use leptos::prelude::*;

use crate::ui::browser;
use crate::ui::components::drop::Drop;
use crate::ui::components::icon::{Icon, icon};
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

/// Ending and name of each file.
const FILES: [(&str, &str); 4] = [("svg", "SVG"), ("png", "PNG"), ("mmd", "Mermaid"), ("dot", "Graphviz DOT")];

#[component]
pub fn DiagramExports() -> impl IntoView {
    let session = OpenSession::here();
    let button = ViewFn::from(|| icon(Icon::DOWNLOAD));
    let links = FILES.map(|(ending, name)| {
        let href = format!("/s/{}/diagram.{ending}", session.id());
        view! {
            <a href=href download="">
                {icon(Icon::DOWNLOAD)}
                {name}
            </a>
        }
    });
    view! {
        <Drop class="icon-btn sm" label=t!(outputs_exports.export_diagram) button=button>
            {links.into_iter().collect_view()}
            <button
                type="button"
                on:click:target=move |_| browser::copy(&session.workspace.with_untracked(|it| it.mermaid.clone()))
            >
                {icon(Icon::COPY)}
                {t!(outputs_exports.copy_as_mermaid)}
            </button>
        </Drop>
    }
}
