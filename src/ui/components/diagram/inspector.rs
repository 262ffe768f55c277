//! What a selected step is: what the agent says there, what it rests on, when it comes, what it needs.

use crate::ui::memo::memo;
use leptos::prelude::*;

use crate::intent::models::FieldId;
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::pane::Pane;
use crate::ui::state::OpenSession;
use crate::workflow::models::{Graph, Node};

use super::node::{icon_of, is_voice};

/// A step with what is around it.
#[derive(Clone, PartialEq)]
struct Inspected {
    node: Node,
    /// Counted from 1.
    number: usize,
    of: usize,
    /// When it is reached, as the edges to it say.
    when: Vec<String>,
}

fn inspected(graph: &Graph, id: &str) -> Option<Inspected> {
    let at = graph.nodes.iter().position(|node| node.id == id)?;
    let mut when: Vec<String> = Vec::new();
    for edge in graph.edges.iter().filter(|edge| edge.target == id) {
        let reason = edge.condition.clone().or_else(|| edge.label.clone()).unwrap_or_default();
        if !reason.is_empty() && !when.contains(&reason) {
            when.push(reason);
        }
    }
    Some(Inspected { node: graph.nodes[at].clone(), number: at + 1, of: graph.nodes.len(), when })
}

#[component]
pub fn Inspector() -> impl IntoView {
    let session = OpenSession::here();
    let shown = memo(move || {
        let id = session.light.chosen.get().and_then(|chosen| match chosen {
            crate::ui::light::Chosen::Node(id) => Some(id),
            crate::ui::light::Chosen::Field(_) => None,
        })?;
        session.workspace.with(|it| inspected(&it.graph, &id))
    });
    move || shown.get().map(|shown| view! { <Card shown=shown /> })
}

#[component]
fn Card(shown: Inspected) -> impl IntoView {
    let session = OpenSession::here();
    let voice = is_voice(session);
    let Inspected { node, number, of, when } = shown;
    let kind = node.kind;
    let inputs = node.config.collects.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(", ");
    let fact = |name: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{name}</dt><dd>{text}</dd> });
    let say = node.config.say.clone().unwrap_or_default();
    let text = if say.is_empty() { node.description.clone() } else { format!("“{say}”") };
    let spoken = if say.is_empty() { "does" } else { "say" };
    view! {
        <aside class="float insp" aria-label="Selected step">
            <header>
                <h3>{node.label.clone()}</h3>
                <button
                    type="button"
                    class="icon-btn sm"
                    aria-label="Close"
                    title="Close  Esc"
                    on:click:target=move |_| session.light.clear()
                >
                    {icon(Icon::X)}
                </button>
            </header>
            <p class="kind">
                {move || small(icon_of(kind, voice.get()))} {kind.label()} <span>"·"</span> "step " {number} " of " {of}
            </p>
            <p class=spoken>{text}</p>
            <dl>
                {(!node.fields.is_empty()).then(|| view! { <dt>"From"</dt><dd>{from(session, &node)}</dd> })}
                {fact("When", when.join(", or "))}
                {fact("Tool", node.config.tool_name.clone().unwrap_or_default())}
                {fact("Asks for", inputs)}
            </dl>
            <Requests node=node.label />
        </aside>
    }
}

/// The fields a step rests on; each leads to its row.
fn from(session: OpenSession, node: &Node) -> impl IntoView + use<> {
    let name = move |field: FieldId| {
        let provenance = session.field(field);
        let class = move || provenance.with(|view| view.as_ref().and_then(|it| it.provenance()).map(|it| it.as_str()));
        view! {
            <a href=Pane::Fields.href() data-noscroll class=move || class() class:lit=move || session.light.has(field)>
                {field.label()}
            </a>
        }
    };
    node.fields.iter().enumerate().map(|(at, field)| view! { {(at > 0).then_some(", ")} {name(*field)} }).collect_view()
}

/// Changes are asked for in the chat, which checks them and says what became of them.
#[component]
fn Requests(node: String) -> impl IntoView {
    let session = OpenSession::here();
    let (rename, add, remove) = (
        format!("Rename the step “{node}” to "),
        format!("After “{node}”, add a step that "),
        format!("Remove the step “{node}”"),
    );
    view! {
        <footer>
            <button type="button" class="btn xs" on:click:target=move |_| session.propose(&rename)>
                "Rename"
            </button>
            <button type="button" class="btn xs" on:click:target=move |_| session.propose(&add)>
                "Add after"
            </button>
            <button type="button" class="btn xs danger" on:click:target=move |_| session.propose(&remove)>
                "Remove"
            </button>
        </footer>
    }
}
