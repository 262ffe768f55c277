//! The whole drawing in small, with a frame around what the canvas shows.

use leptos::prelude::*;

use crate::ui::geometry::{corner, px};
use crate::ui::state::OpenSession;

use super::view::CanvasView;

#[component]
pub fn MiniMap(view: CanvasView) -> impl IntoView {
    let session = OpenSession::here();
    let graph = session.part(|it| it.graph.clone());
    let frame = move || graph.with(|graph| format!("-20 -20 {} {}", px(graph.width + 40.0), px(graph.height + 40.0)));
    let boxes = move || {
        graph.with(|graph| {
            graph
                .nodes
                .iter()
                .map(|node| {
                    let (x, y) = corner(node);
                    let id = node.id.clone();
                    view! {
                        <rect
                            class="m"
                            class:s=move || session.light.is_selected(&id)
                            x=px(x)
                            y=px(y)
                            width=px(node.width)
                            height=px(node.height)
                            rx="8"
                        />
                    }
                })
                .collect_view()
        })
    };
    let seen = move || {
        let (width, height) = view.size.get();
        view.window.get().map(|window| {
            view! {
                <rect
                    class="view"
                    x=px(window.x)
                    y=px(window.y)
                    width=px(width / window.zoom)
                    height=px(height / window.zoom)
                    rx="10"
                    vector-effect="non-scaling-stroke"
                />
            }
        })
    };
    view! {
        <div class="float mini" aria-hidden="true">
            <svg viewBox=move || frame() preserveAspectRatio="xMidYMid meet">
                {move || boxes()}
                {move || seen()}
            </svg>
        </div>
    }
}
