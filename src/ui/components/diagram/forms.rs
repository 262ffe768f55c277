//! The forms by which a step and its ways are changed, and what is said when a change is refused.

use leptos::prelude::*;
use leptos::web_sys;

use crate::language::texts::{Text, keys};
use crate::ui::browser;
use crate::ui::components::icon::{Icon, icon, small};
use crate::ui::state::OpenSession;
use crate::ui::texts::{t, text};
use crate::workflow::gesture::{Gesture, Offer};
use crate::workflow::models::{Edge, Graph, MAX_EDGE_LABEL, MAX_LABEL, Node, NodeType};

use super::editor::{DiagramEditor, Form};

/// The id of the control that gets the focus.
const CONTROL: &str = "step-form";

/// What a step put in by hand can do.
const KINDS: [(NodeType, Text); 5] = [
    (NodeType::Response, keys::diagram_forms::say_something),
    (NodeType::CollectInput, keys::diagram_forms::ask_for_something),
    (NodeType::Condition, keys::diagram_forms::decide),
    (NodeType::Confirmation, keys::diagram_forms::ask_for_a_yes),
    (NodeType::Handoff, keys::diagram_forms::hand_over),
];

/// The open form, about this step.
#[component]
pub fn OpenForm(node: String) -> impl IntoView {
    let editor = DiagramEditor::here();
    move || {
        let node = node.clone();
        match editor.form.get() {
            Form::None => ().into_any(),
            Form::Rename => view! { <Rename node=node /> }.into_any(),
            Form::Add { source, target } => view! { <Add node=node edge=(source, target) /> }.into_any(),
            Form::Way { source, target } => view! { <Way source=source target=target /> }.into_any(),
            Form::Connect => view! { <Connect node=node /> }.into_any(),
            Form::Move => view! { <Move node=node /> }.into_any(),
        }
    }
}

/// The frame of each: its name, what it asks for, Save and Cancel. `save` answers what is to be done.
#[component]
fn Frame(
    name: &'static str,
    action: &'static str,
    save: Callback<(), Option<Gesture>>,
    children: Children,
) -> impl IntoView {
    let editor = DiagramEditor::here();
    Effect::new(move || browser::focus(CONTROL));
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            editor.form.set(Form::None);
            editor.refused.set(None);
        }
    };
    view! {
        <form
            class="step-form"
            aria-label=name
            on:keydown=on_key
            on:submit:target=move |event| {
                event.prevent_default();
                match save.run(()) {
                    Some(gesture) => editor.run(gesture),
                    None => browser::focus(CONTROL),
                }
            }
        >
            {children()}
            <p class="edit-acts">
                <button class="btn xs" aria-disabled=move || editor.busy.get().then_some("true")>
                    {action}
                </button>
                <button type="button" class="btn xs quiet" on:click:target=move |_| editor.form.set(Form::None)>
                    {t!(common.cancel)}
                </button>
            </p>
        </form>
    }
}

/// A line of text with its name above it.
fn line(label: &'static str, text: RwSignal<String>, longest: usize, has_focus: bool) -> impl IntoView {
    view! {
        <label class="row">
            <span>{label}</span>
            <span class="input">
                <input
                    id=has_focus.then_some(CONTROL)
                    maxlength=longest.to_string()
                    autocomplete="off"
                    prop:value=text
                    on:input:target=move |event| text.set(event.target().value())
                />
            </span>
        </label>
    }
}

/// A choice by place in the list, with its name above it.
fn choice(label: &'static str, options: Vec<String>, chosen: RwSignal<usize>, has_focus: bool) -> impl IntoView {
    let options = options.into_iter().enumerate().map(|(at, text)| {
        view! {
            <option value=at.to_string() selected=at == chosen.get_untracked()>
                {text}
            </option>
        }
    });
    view! {
        <label class="row">
            <span>{label}</span>
            <select
                id=has_focus.then_some(CONTROL)
                class="select"
                on:change:target=move |event| chosen.set(event.target().value().parse().unwrap_or_default())
            >
                {options.collect_view()}
            </select>
        </label>
    }
}

fn graph() -> Graph {
    OpenSession::here().workspace.with_untracked(|it| it.graph.clone())
}

fn title(graph: &Graph, id: &str) -> String {
    graph.node(id).map(|node| node.label.clone()).unwrap_or_default()
}

/// A text, if there is one.
fn filled(text: RwSignal<String>) -> Option<String> {
    let text = text.get_untracked().trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[component]
fn Rename(node: String) -> impl IntoView {
    let label = RwSignal::new(title(&graph(), &node));
    let save = Callback::new(move |()| Some(Gesture::Rename { node: node.clone(), label: filled(label)? }));
    view! { <Frame name=t!(diagram_forms.rename_the_step) action=t!(common.rename) save=save>{line(t!(diagram_forms.title), label, MAX_LABEL, true)}</Frame> }
}

/// Where a new step can stand: `edge` first among the ways out of the step.
#[component]
fn Add(node: String, edge: (String, String)) -> impl IntoView {
    let (session, graph) = (OpenSession::here(), graph());
    let ways: Vec<Edge> = graph.edges_from(&node).filter(|edge| !edge.is_failure).cloned().collect();
    let at = ways.iter().position(|way| (&way.source, &way.target) == (&edge.0, &edge.1));
    let places = ways.iter().map(|way| named_way(&graph, way)).collect::<Vec<_>>();
    let several = places.len() > 1 && at.is_some();
    let tools = session.workspace.with_untracked(|it| it.tools.clone());
    let kinds = KINDS.map(|(_, says)| text(says).to_owned()).into_iter();
    let kinds = kinds.chain(tools.iter().map(|tool| t!(diagram_forms.use_tool, name = tool.name))).collect::<Vec<_>>();
    let (place, kind, label) =
        (RwSignal::new(at.unwrap_or_default()), RwSignal::new(0_usize), RwSignal::new(String::new()));
    let save = Callback::new(move |()| {
        let chosen = kind.get_untracked();
        let tool = chosen.checked_sub(KINDS.len()).and_then(|at| tools.get(at));
        let way = if several { ways.get(place.get_untracked()) } else { None };
        let (source, target) = way.map_or_else(|| edge.clone(), |way| (way.source.clone(), way.target.clone()));
        Some(Gesture::Insert {
            source,
            target,
            kind: KINDS.get(chosen).map_or(NodeType::ToolCall, |(kind, _)| *kind),
            label: filled(label)?,
            tool: tool.map(|tool| tool.id.clone()),
        })
    });
    view! {
        <Frame name=t!(diagram_forms.add_a_step) action=t!(diagram_forms.add) save=save>
            {line(t!(diagram_forms.title), label, MAX_LABEL, true)} {choice(t!(diagram_forms.it_is_to), kinds, kind, false)}
            {several.then(|| choice(t!(diagram_forms.on_the_way), places, place, false))}
        </Frame>
    }
}

/// "yes, to “Book it”"
fn named_way(graph: &Graph, way: &Edge) -> String {
    let label = way.label.as_deref().filter(|label| !label.is_empty());
    let to = title(graph, &way.target);
    match label {
        None => t!(diagram_forms.to, step = to),
        Some(label) => t!(diagram_forms.label_to, label = label, step = to),
    }
}

/// The steps something can lead to.
fn ends<'a>(graph: &'a Graph, from: &str) -> Vec<&'a Node> {
    graph.nodes.iter().filter(|node| node.id != from && node.kind != NodeType::Start).collect()
}

#[component]
fn Way(source: String, target: String) -> impl IntoView {
    let (editor, graph) = (DiagramEditor::here(), graph());
    let way = graph.edges_from(&source).find(|edge| edge.target == target).cloned();
    let Some(way) = way else { return ().into_any() };
    let ends = ends(&graph, &source);
    let ids: Vec<String> = ends.iter().map(|node| node.id.clone()).collect();
    let titles = ends.iter().map(|node| node.label.clone()).collect();
    let chosen = RwSignal::new(ids.iter().position(|id| *id == target).unwrap_or_default());
    let before = way.label.clone().unwrap_or_default();
    let label = RwSignal::new(before.clone());
    let part = Gesture::Disconnect { source: source.clone(), target: target.clone() };
    let save = Callback::new(move |()| {
        let to = ids.get(chosen.get_untracked())?.clone();
        let label = label.get_untracked().trim().to_owned();
        let (source, target) = (source.clone(), target.clone());
        match (to != target, label != before) {
            (true, _) => Some(Gesture::Reconnect { source, target, to }),
            (false, true) => Some(Gesture::Label { source, target, label }),
            (false, false) => {
                editor.form.set(Form::None);
                None
            }
        }
    });
    view! {
        <Frame name=t!(diagram_forms.change_the_way) action=t!(common.save) save=save>
            {choice(t!(common.leads_to), titles, chosen, true)} {line(t!(common.when), label, MAX_EDGE_LABEL, false)}
            <button type="button" class="text-btn part" on:click:target=move |_| editor.run(part.clone())>
                {small(Icon::X)}
                {t!(diagram_forms.take_this_way_out)}
            </button>
        </Frame>
    }
    .into_any()
}

#[component]
fn Connect(node: String) -> impl IntoView {
    let graph = graph();
    let joined = |id: &str| graph.edges_from(&node).any(|edge| edge.target == id);
    let free: Vec<&Node> = ends(&graph, &node).into_iter().filter(|end| !joined(&end.id)).collect();
    let ids: Vec<String> = free.iter().map(|node| node.id.clone()).collect();
    let titles = free.iter().map(|node| node.label.clone()).collect();
    let (chosen, label) = (RwSignal::new(0), RwSignal::new(String::new()));
    let save = Callback::new(move |()| {
        let target = ids.get(chosen.get_untracked())?.clone();
        Some(Gesture::Connect { source: node.clone(), target, label: label.get_untracked().trim().to_owned() })
    });
    view! {
        <Frame name=t!(diagram_forms.lead_to_another_step) action=t!(common.connect) save=save>
            {choice(t!(common.leads_to), titles, chosen, true)} {line(t!(common.when), label, MAX_EDGE_LABEL, false)}
        </Frame>
    }
}

#[component]
fn Move(node: String) -> impl IntoView {
    let graph = graph();
    let free: Vec<Edge> =
        graph.edges.iter().filter(|edge| edge.source != node && edge.target != node).cloned().collect();
    let places = free.iter().map(|edge| between(&graph, edge)).collect();
    let chosen = RwSignal::new(0);
    let save = Callback::new(move |()| {
        let Edge { source, target, .. } = free.get(chosen.get_untracked())?.clone();
        Some(Gesture::Move { node: node.clone(), source, target })
    });
    view! { <Frame name=t!(diagram_forms.move_the_step) action=t!(common.move_it) save=save>{choice(t!(diagram_forms.between), places, chosen, true)}</Frame> }
}

/// "“Greet the caller” and “Say goodbye”"
fn between(graph: &Graph, edge: &Edge) -> String {
    t!(diagram_forms.both, one = title(graph, &edge.source), other = title(graph, &edge.target))
}

/// Why the last change was refused, and what can be done instead.
#[component]
pub fn Refusal() -> impl IntoView {
    let editor = DiagramEditor::here();
    let offer = move |Offer { says, gesture }: Offer| {
        view! {
            <li>
                <button type="button" class="btn xs" on:click:target=move |_| editor.run(gesture.clone())>
                    {says}
                </button>
            </li>
        }
    };
    move || {
        editor.refused.get().map(|refused| {
            let reasons = refused.reasons.into_iter().map(|reason| view! { <p>{reason}</p> }).collect_view();
            let has_offers = !refused.offers.is_empty();
            let offers = refused.offers.into_iter().map(offer).collect_view();
            view! {
                <div class="refusal">
                    <div class="why" role="alert">
                        {icon(Icon::CIRCLE_ALERT)} <div>{reasons}<p class="safe">{t!(diagram_forms.nothing_was_changed)}</p></div>
                    </div>
                    {has_offers.then(|| view! { <p class="or">{t!(diagram_forms.you_can_instead)}</p><ul>{offers}</ul> })}
                    <button type="button" class="text-btn" on:click:target=move |_| editor.refused.set(None)>
                        {t!(diagram_forms.leave_it_as_it)}
                    </button>
                </div>
            }
        })
    }
}
