//! The same workflow as text, for those who would rather read or listen.

use leptos::prelude::*;

use crate::ui::components::icon::icon;
use crate::ui::state::OpenSession;
use crate::ui::texts::t;
use crate::workflow::models::{Graph, Node};

use super::node::{icon_of, is_voice, subline};

#[component]
pub fn StepList() -> impl IntoView {
    let session = OpenSession::here();
    let graph = session.part(|it| it.graph.clone());
    let voice = is_voice(session);
    let steps =
        move || graph.with(|graph| graph.nodes.iter().map(|node| step(graph, node, voice.get())).collect_view());
    view! { <div class="page" tabindex="0" role="group" aria-label=t!(diagram_list.workflow_as_a_list)><ol class="step-list">{steps}</ol></div> }
}

fn step(graph: &Graph, node: &Node, is_voice: bool) -> impl IntoView + use<> {
    let next = graph.edges_from(&node.id).map(|edge| {
        let to = graph.node(&edge.target).map(|node| node.label.clone()).unwrap_or_default();
        let when = edge.label.clone().map(|label| format!("{label}: "));
        view! { <li>{when} {t!(diagram_forms.to, step = to)}</li> }
    });
    let next = next.collect_view();
    let say = node.config.say.clone().map(|say| view! { <p class="say">{t!(common.quoted, text = say)}</p> });
    view! {
        <li>
            <h3>{icon(icon_of(node.kind, is_voice))} {node.label.clone()} <span>{subline(node)}</span></h3>
            <p>{node.description.clone()}</p>
            {say}
            <ul>{next}</ul>
        </li>
    }
}
