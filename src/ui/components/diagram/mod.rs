//! The workflow: a canvas to pan, zoom, walk with the keys and change by hand, or the same steps as a list.

mod asked;
mod canvas;
mod edge;
mod editor;
mod forms;
mod inspector;
mod list;
mod minimap;
mod node;
mod pulling;
mod view;

use leptos::prelude::*;

use crate::ui::chunks::{Detail, detail_later};
use crate::ui::state::OpenSession;
use crate::ui::texts::t;

pub use asked::AskedChange;
use canvas::Canvas;
pub use editor::DiagramEditor;
pub use inspector::Inspector;
pub use list::StepList;
pub use node::icon_of;

/// `as_list` shows the steps as text.
#[component]
pub fn Diagram(as_list: RwSignal<bool>) -> impl IntoView {
    let session = OpenSession::here();
    let is_empty = session.part(|it| it.graph.nodes.is_empty());
    move || {
        if is_empty.get() {
            view! { <div class="page"><div class="empty"><p>{t!(diagram.the_workflow_appears_with)}</p></div></div> }
                .into_any()
        } else if as_list.get() {
            detail_later(Detail::StepList)
        } else {
            view! { <Canvas /> }.into_any()
        }
    }
}
