//! The lines between steps, with their heads and labels, and by what they are taken hold of.

use leptos::prelude::*;

use crate::ui::geometry::{edge_paths, label_width, middle, px};
use crate::ui::light::Chosen;
use crate::ui::memo::{If, memo};
use crate::ui::state::OpenSession;
use crate::workflow::models::{Edge, Point};

use super::editor::{Aim, DiagramEditor, Form, Pull, Pulled};
use super::view::CanvasView;

/// All lines, then all labels: no line crosses a label.
#[component]
pub fn Edges(view: CanvasView) -> impl IntoView {
    let session = OpenSession::here();
    let edges = session.part(|it| it.graph.edges.clone());
    view! {
        <g aria-hidden="true">
            {move || edges.get().into_iter().map(|edge| drawn(session, view, edge)).collect_view()}
            {move || edges.get().into_iter().map(|edge| label(session, edge)).collect_view()}
        </g>
    }
}

/// Whether the edge begins or ends at the selected step.
fn lit(session: OpenSession, edge: &Edge) -> impl Fn() -> bool + Clone + Send + 'static + use<> {
    let (source, target) = (edge.source.clone(), edge.target.clone());
    move || session.light.is_selected(&source) || session.light.is_selected(&target)
}

fn drawn(session: OpenSession, view: CanvasView, edge: Edge) -> Option<impl IntoView> {
    let editor = DiagramEditor::here();
    let (line, head) = edge_paths(&edge.points)?;
    let is_lit = lit(session, &edge);
    let (source, target) = (edge.source.clone(), edge.target.clone());
    let is_aimed = {
        let aim = Aim::Edge(source.clone(), target.clone());
        memo(move || editor.aims_at(&aim))
    };
    let on_click = {
        let (source, target) = (source.clone(), target.clone());
        move |event: leptos::ev::MouseEvent| {
            event.stop_propagation();
            if !view.dragging.get_untracked() {
                editor.open(&source, Form::Way { source: source.clone(), target: target.clone() });
            }
        }
    };
    Some(view! {
        <path class="e" class:fail=edge.is_failure class:lit=is_lit.clone() class:aim=is_aimed d=line.clone() />
        <path class="head" class:lit=is_lit d=head />
        <path class="grip" d=line on:click=on_click />
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

/// What stands over the drawing while a step is selected: a plus on each way on, a knob to pull a new way from, one at
/// the end of each way; and the line that is pulled.
#[component]
pub fn Handles() -> impl IntoView {
    let (session, editor) = (OpenSession::here(), DiagramEditor::here());
    let selected = memo(move || match session.light.chosen.get() {
        Some(Chosen::Node(id)) if editor.is_open.get() => Some(id),
        _ => None,
    });
    let shown = memo(move || {
        let id = selected.get()?;
        session.workspace.with(|it| {
            let node = it.graph.node(&id)?;
            let knob = Point { x: node.position.x, y: node.position.y + node.height / 2.0 };
            Some((id.clone(), knob, it.graph.edges_from(&id).cloned().collect::<Vec<_>>()))
        })
    });
    let pulled = move || {
        let pull = editor.pull.get()?;
        let to = pull.at?;
        let from = session.workspace.with(|it| it.graph.node(pull.from()).map(|node| node.position))?;
        Some(view! { <path class="pull" d=format!("M{} {}L{} {}", px(from.x), px(from.y), px(to.x), px(to.y)) /> })
    };
    view! {
        <g aria-hidden="true">
            {move || {
                shown
                    .get()
                    .filter(|_| editor.pull.with(Option::is_none))
                    .map(|(id, knob, ways)| {
                        view! {
                            {ways.into_iter().map(|edge| way_handles(editor, edge)).collect_view()}
                            {knob_at(knob, "knob", move |editor| {
                                editor.pull.set(Some(Pull { what: Pulled::Way { from: id.clone() }, at: Some(knob) }));
                            })}
                        }
                    })
            }}
            <If when=move || editor.pull.with(Option::is_some)>{move || pulled()}</If>
        </g>
    }
}

/// A round thing to pull.
fn knob_at(at: Point, class: &'static str, begin: impl Fn(DiagramEditor) + 'static) -> impl IntoView {
    let editor = DiagramEditor::here();
    view! {
        <circle
            class=class
            cx=px(at.x)
            cy=px(at.y)
            r="6"
            on:pointerdown=move |event| {
                if event.button() == 0 {
                    event.stop_propagation();
                    begin(editor);
                }
            }
        />
    }
}

fn way_handles(editor: DiagramEditor, edge: Edge) -> Option<impl IntoView> {
    let end = *edge.points.last()?;
    let (source, target) = (edge.source.clone(), edge.target.clone());
    let what = Pulled::End { source: source.clone(), target: target.clone() };
    let plus = plus_at(&edge)?;
    let on_plus = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        editor.open(&source, Form::Add { source: source.clone(), target: target.clone() });
    };
    Some(view! {
        {knob_at(end, "knob end", move |editor| editor.pull.set(Some(Pull { what: what.clone(), at: Some(end) })))}
        <g class="plus" transform=format!("translate({} {})", px(plus.x), px(plus.y)) on:click=on_plus>
            <circle r="9" />
            <path d="M-4 0h8M0 -4v8" />
        </g>
    })
}

/// Where the plus of an edge stands: in its middle, beside its label.
fn plus_at(edge: &Edge) -> Option<Point> {
    let at = middle(&edge.points)?;
    let label = edge.label.as_deref().filter(|text| !text.is_empty());
    let Some(width) = label.map(label_width) else { return Some(at) };
    let place = edge.label_at.unwrap_or(at);
    Some(Point { x: place.x + width / 2.0 + 10.0, y: place.y })
}
