//! What a selected step is: what the agent says there, what it rests on, when it comes, what it needs, where it leads;
//! and what can be done with it.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;

use crate::intent::models::FieldId;
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::pane::Pane;
use crate::ui::state::OpenSession;
use crate::ui::texts::{self, t};
use crate::workflow::gesture::Gesture;
use crate::workflow::models::{Edge, Graph, Node, NodeType};

use super::editor::{DiagramEditor, Form};
use super::forms::{OpenForm, Refusal};
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
    /// The ways out of it.
    ways: Vec<Edge>,
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
    let ways = graph.edges_from(id).map(|edge| Edge { points: Vec::new(), label_at: None, ..edge.clone() }).collect();
    Some(Inspected { node: graph.nodes[at].clone(), number: at + 1, of: graph.nodes.len(), when, ways })
}

#[component]
pub fn Inspector() -> impl IntoView {
    let session = OpenSession::here();
    let shown = memo(move || {
        let id = session.light.chosen.get().and_then(|chosen| match chosen {
            crate::ui::light::Chosen::Node(id) => Some(id),
            crate::ui::light::Chosen::Field(_) | crate::ui::light::Chosen::Words(_) => None,
        })?;
        session.workspace.with(|it| inspected(&it.graph, &id))
    });
    move || shown.get().map(|shown| view! { <Card shown=shown /> })
}

#[component]
fn Card(shown: Inspected) -> impl IntoView {
    let (session, editor) = (OpenSession::here(), DiagramEditor::here());
    let voice = is_voice(session);
    let is_idle = memo(move || editor.form.with(|form| *form == Form::None) && editor.refused.with(Option::is_none));
    let graph = session.workspace.with_untracked(|it| it.graph.clone());
    let Inspected { node, number, of, when, ways } = shown;
    let kind = node.kind;
    let inputs = node.config.collects.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(", ");
    let fact = |name: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{name}</dt><dd>{text}</dd> });
    let say = node.config.say.clone().unwrap_or_default();
    let text = if say.is_empty() { node.description.clone() } else { t!(common.quoted, text = say) };
    let spoken = if say.is_empty() { "does" } else { "say" };
    view! {
        <section class="float insp" class:busy=move || !is_idle.get() aria-label=t!(diagram_inspector.selected_step)>
            <header>
                <h3>{node.label.clone()}</h3>
                <button
                    type="button"
                    class="icon-btn sm"
                    aria-label=t!(common.close)
                    title=t!(common.close_esc)
                    on:click:target=move |_| session.light.clear()
                >
                    {icon(Icon::X)}
                </button>
            </header>
            <p class="kind">
                {move || small(icon_of(kind, voice.get()))} {texts::kind(kind)} <span>"·"</span> {t!(diagram_inspector.step, n = number, all = of)}
            </p>
            <p class=spoken>{text}</p>
            <dl>
                {(!node.fields.is_empty()).then(|| view! { <dt>{t!(diagram_inspector.from)}</dt><dd>{from(session, &node)}</dd> })}
                {fact(t!(common.when), when.join(t!(diagram_inspector.or)))}
                {fact(t!(diagram_inspector.tool), node.config.tool_name.clone().unwrap_or_default())}
                {fact(t!(diagram_inspector.asks_for), inputs)}
                {(!ways.is_empty() && editor.is_open.get_untracked())
                    .then(|| view! { <dt>{t!(common.leads_to)}</dt><dd>{ways_on(editor, &graph, &node)}</dd> })}
            </dl>
            <Refusal />
            <OpenForm node=node.id.clone() />
            <If when=move || is_idle.get() && editor.is_open.get()>
                <Actions node=node.clone() />
            </If>
        </section>
    }
}

/// The fields a step rests on; each leads to its row.
fn from(session: OpenSession, node: &Node) -> impl IntoView + use<> {
    let name = move |field: FieldId| {
        let provenance = session.field(field);
        let class = move || provenance.with(|view| view.as_ref().and_then(|it| it.provenance()).map(|it| it.as_str()));
        view! {
            <a href=Pane::Fields.href() data-noscroll class=move || class() class:lit=move || session.light.has(field)>
                {texts::label(field)}
            </a>
        }
    };
    node.fields.iter().enumerate().map(|(at, field)| view! { {(at > 0).then_some(", ")} {name(*field)} }).collect_view()
}

/// Where the step leads; each way opens its form.
fn ways_on(editor: DiagramEditor, graph: &Graph, node: &Node) -> impl IntoView + use<> {
    let way = |edge: &Edge| {
        let to = graph.node(&edge.target).map(|node| node.label.clone()).unwrap_or_default();
        let when = edge.label.clone().filter(|label| !label.is_empty()).map(|label| format!("{label}: "));
        let (id, source, target) = (node.id.clone(), edge.source.clone(), edge.target.clone());
        let words = view! { {when} {to} };
        view! {
            <li>
                <button
                    type="button"
                    title=t!(diagram_inspector.change_this_way)
                    on:click:target=move |_| {
                        editor.open(&id, Form::Way { source: source.clone(), target: target.clone() });
                    }
                >
                    {words}
                    {small(Icon::PENCIL)}
                </button>
            </li>
        }
    };
    let ways = graph.edges_from(&node.id).map(way).collect_view();
    view! { <ul class="leads">{ways}</ul> }
}

/// What can be done with the step.
#[component]
fn Actions(node: Node) -> impl IntoView {
    let editor = DiagramEditor::here();
    let (is_start, is_end) = (node.kind == NodeType::Start, node.kind == NodeType::End);
    let id = StoredValue::new(node.id);
    let open = move |form: Form| editor.open(&id.get_value(), form);
    let act = move |name: &'static str, run: Box<dyn Fn()>| {
        view! {
            <button type="button" class="btn xs" on:click:target=move |_| run()>
                {name}
            </button>
        }
    };
    view! {
        <footer>
            {act(t!(common.rename), Box::new(move || open(Form::Rename)))}
            {(!is_end).then(|| act(t!(diagram_inspector.add_after), Box::new(move || editor.add_after(&id.get_value()))))}
            {(!is_end).then(|| act(t!(common.connect), Box::new(move || open(Form::Connect))))}
            {(!is_start && !is_end)
                .then(|| {
                    view! {
                        {act(t!(common.move_it), Box::new(move || open(Form::Move)))}
                        <button
                            type="button"
                            class="btn xs danger"
                            on:click:target=move |_| editor.run(Gesture::Remove { node: id.get_value() })
                        >
                            {t!(diagram_inspector.remove)}
                        </button>
                    }
                })}
        </footer>
    }
}
