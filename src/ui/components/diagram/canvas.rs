//! The canvas itself: drawing, zoom controls, small map and the inspector over it.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;
use leptos::web_sys;

use crate::ui::browser;
use crate::ui::chunks::{Detail, detail_later};
use crate::ui::components::icon::{Icon, small};
use crate::ui::geometry::{Direction, neighbour, px};
use crate::ui::light::Chosen;
use crate::ui::state::OpenSession;
use crate::ui::texts::{plural, t};

use super::edge::{Edges, Handles};
use super::editor::DiagramEditor;
use super::minimap::MiniMap;
use super::node::Step;
use super::pulling;
use super::view::CanvasView;

/// From how many steps on a small map helps.
const MANY: usize = 12;

#[component]
pub fn Canvas() -> impl IntoView {
    let session = OpenSession::here();
    let (view, editor) = (CanvasView::new(session), DiagramEditor::here());
    let canvas = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            browser::on_resize(&canvas, move |width, height| view.size.set((width, height)));
        }
    });
    browser::on_window(leptos::ev::keydown, move |event| {
        if event.shift_key() && event.code() == "Digit1" && !browser::is_typing() {
            view.fit();
        }
    });
    // What is selected, here, elsewhere or by a run, may be out of sight.
    Effect::new(move || {
        let chosen = session.light.chosen.get();
        let fields = match &chosen {
            Some(Chosen::Field(field)) => vec![*field],
            Some(Chosen::Words(fields)) => fields.clone(),
            Some(Chosen::Node(_)) | None => Vec::new(),
        };
        session.workspace.with_untracked(|it| match chosen {
            Some(Chosen::Node(id)) => it.graph.node(&id).into_iter().for_each(|node| view.show(node)),
            _ => view.show_one(it.graph.nodes.iter().filter(|node| fields.iter().any(|it| node.fields.contains(it)))),
        });
    });
    // What is changed by hand stays where it is, so that one sees what the change did.
    Effect::new(move || {
        if editor.busy.get() {
            view.hold();
        }
    });
    let has_selected = memo(move || session.light.chosen.with(|it| matches!(it, Some(Chosen::Node(_)))));
    let on_click = move |_| {
        if !view.dragging.get_untracked() {
            session.light.clear();
        }
    };
    view! {
        <div
            class="canvas"
            class:dragging=view.dragging
            node_ref=canvas
            on:wheel:target=move |event| {
                if let Some(canvas) = canvas.get_untracked() {
                    view.on_wheel(&event, &canvas);
                }
            }
            on:pointerdown:target=move |event| view.on_down(&event)
            on:pointermove:target=move |event| {
                if let Some(canvas) = canvas.get_untracked()
                    && !pulling::on_move(editor, view, &event, &canvas)
                {
                    view.on_move(&event, &canvas);
                }
            }
            on:pointerup:target=move |event| {
                pulling::on_up(editor);
                view.on_up(&event);
            }
            on:pointercancel:target=move |event| {
                editor.let_go();
                view.on_up(&event);
            }
            on:click:target=on_click
            on:keydown:target=move |event| on_key(session, view, editor, &event)
        >
            <Drawing view=view />
            <Controls view=view />
        </div>
        <p class="vh" role="status">{editor.told}</p>
        <If when=move || has_selected.get()>{detail_later(Detail::Inspector)}</If>
        <If when=move || editor.asking.get() && editor.is_open.get()>{detail_later(Detail::AskedChange)}</If>
    }
}

/// Arrow keys walk from step to step, Enter selects, plus and minus zoom; the editor has keys of its own.
fn on_key(session: OpenSession, view: CanvasView, editor: DiagramEditor, event: &web_sys::KeyboardEvent) {
    let focused = document().active_element().and_then(|it| it.get_attribute("data-node"));
    if focused.as_deref().is_some_and(|node| pulling::on_key(editor, node, event)) {
        event.prevent_default();
        event.stop_propagation();
        return;
    }
    let direction = match event.key().as_str() {
        "ArrowUp" => Direction::Up,
        "ArrowDown" => Direction::Down,
        "ArrowLeft" => Direction::Left,
        "ArrowRight" => Direction::Right,
        "+" | "=" => return view.zoom(1.25),
        "-" => return view.zoom(0.8),
        _ => return,
    };
    let Some(from) = focused else { return };
    event.prevent_default();
    session.workspace.with_untracked(|it| {
        if let Some(node) = neighbour(&it.graph, &from, direction) {
            view.show(node);
            browser::focus(&super::node::element_id(&node.id));
        }
    });
}

#[component]
fn Drawing(view: CanvasView) -> impl IntoView {
    let session = OpenSession::here();
    let ids = session.part(|it| it.graph.nodes.iter().map(|node| node.id.clone()).collect::<Vec<_>>());
    let extent = session.part(|it| (it.graph.width, it.graph.height));
    // Until it is measured, the drawing is as large as it is and its style keeps it inside the canvas.
    let size = move || view.drawn.get().map_or_else(|| extent.get(), |_| view.size.get());
    let frame = move || match view.drawn.get() {
        Some(window) => {
            let (width, height) = view.size.get();
            window.view_box(width, height)
        }
        None => format!("0 0 {} {}", px(extent.get().0), px(extent.get().1)),
    };
    let zoom = memo(move || view.drawn.get().map_or(100, |window| (window.zoom * 100.0) as u32));
    let graph = NodeRef::<leptos::svg::Svg>::new();
    let shift = memo(move || view.shift());
    Effect::new(move || {
        if let Some(graph) = graph.get() {
            let _ = graph.style().set_property("transform", &shift.get().unwrap_or_default());
        }
    });
    let summary = move || plural!(diagram_canvas.workflow, ids.with(Vec::len));
    view! {
        <svg
            class="graph"
            class:far=move || zoom.get() < 75
            class:farther=move || zoom.get() < 40
            class:measured=move || view.drawn.with(Option::is_some)
            class:moving=move || shift.with(Option::is_some)
            node_ref=graph
            width=move || px(size().0)
            height=move || px(size().1)
            viewBox=move || frame()
            role="group"
            aria-label=move || summary()
        >
            <Edges view=view />
            <For each=move || ids.get() key=|id| id.clone() children=move |id| view! { <Step id=id view=view /> } />
            <Handles />
        </svg>
        <If when=move || { ids.with(Vec::len) > MANY }>
            <MiniMap view=view />
        </If>
    }
}

/// Changes in words, undo and redo, zoom.
#[component]
fn Controls(view: CanvasView) -> impl IntoView {
    let (session, editor) = (OpenSession::here(), DiagramEditor::here());
    let (can_undo, can_redo) = (session.part(|it| it.can_undo), session.part(|it| it.can_redo));
    view! {
        <div class="float zoom" on:click=|event| event.stop_propagation()>
            <button
                type="button"
                class="icon-btn"
                aria-label=t!(common.change_in_words)
                title=t!(common.change_in_words)
                aria-pressed=move || editor.asking.get().to_string()
                hidden=move || !editor.is_open.get()
                on:click:target=move |_| editor.asking.update(|it| *it = !*it)
            >
                {small(Icon::MESSAGE_SQUARE)}
            </button>
            <button
                type="button"
                class="icon-btn"
                aria-label=t!(diagram_canvas.undo_the_last_change)
                title=t!(diagram_canvas.undo_ctrl_z)
                disabled=move || !can_undo.get()
                on:click:target=move |_| session.undo()
            >
                {small(Icon::UNDO_2)}
            </button>
            <button
                type="button"
                class="icon-btn"
                aria-label=t!(diagram_canvas.redo_the_last_change)
                title=t!(diagram_canvas.redo_ctrl_z)
                disabled=move || !can_redo.get()
                on:click:target=move |_| session.redo()
            >
                {small(Icon::REDO_2)}
            </button>
            <button type="button" class="icon-btn z" aria-label=t!(diagram_canvas.zoom_out) title=t!(diagram_canvas.zoom_out) on:click:target=move |_| view.zoom(0.8)>
                {small(Icon::MINUS)}
            </button>
            <span class="pct num">{move || view.percent()} "%"</span>
            <button type="button" class="icon-btn z" aria-label=t!(diagram_canvas.zoom_in) title=t!(diagram_canvas.zoom_in) on:click:target=move |_| view.zoom(1.25)>
                {small(Icon::PLUS)}
            </button>
            <button type="button" class="icon-btn" aria-label=t!(diagram_canvas.fit) title=t!(diagram_canvas.fit_1) on:click:target=move |_| view.fit()>
                {small(Icon::MAXIMIZE)}
            </button>
        </div>
    }
}

/// Selects a step, or lets go of it.
pub fn select(session: OpenSession, view: CanvasView, id: &str) {
    if view.dragging.get_untracked() {
        return;
    }
    session.see(id);
    session.light.toggle(Chosen::Node(id.to_owned()));
}
