//! The lines between steps, with their heads and labels.

use leptos::prelude::*;

use crate::ui::geometry::{edge_paths, label_width, middle, px};
use crate::ui::state::OpenSession;
use crate::workflow::models::Edge;

/// All lines, then all labels: no line crosses a label.
#[component]
pub fn Edges() -> impl IntoView {
    let session = OpenSession::here();
    let edges = session.part(|it| it.graph.edges.clone());
    view! {
        <g aria-hidden="true">
            {move || edges.get().into_iter().map(|edge| drawn(session, edge)).collect_view()}
            {move || edges.get().into_iter().map(|edge| label(session, edge)).collect_view()}
        </g>
    }
}

/// Whether the edge begins or ends at the selected step.
fn lit(session: OpenSession, edge: &Edge) -> impl Fn() -> bool + Clone + Send + 'static + use<> {
    let (source, target) = (edge.source.clone(), edge.target.clone());
    move || session.light.is_selected(&source) || session.light.is_selected(&target)
}

fn drawn(session: OpenSession, edge: Edge) -> Option<impl IntoView> {
    let (line, head) = edge_paths(&edge.points)?;
    let is_lit = lit(session, &edge);
    Some(view! {
        <path class="e" class:fail=edge.is_failure class:lit=is_lit.clone() d=line />
        <path class="head" class:lit=is_lit d=head />
    })
}

fn label(session: OpenSession, edge: Edge) -> Option<impl IntoView> {
    let text = edge.label.clone().filter(|text| !text.is_empty())?;
    let at = edge.label_at.or_else(|| middle(&edge.points))?;
    let width = label_width(&text);
    Some(view! {
        <g class="lb" class:lit=lit(session, &edge)>
            <rect x=px(at.x - width / 2.0) y=px(at.y - 9.0) width=px(width) height="18" rx="4" />
            <text x=px(at.x) y=px(at.y + 4.0)>
                {text}
            </text>
        </g>
    })
}
