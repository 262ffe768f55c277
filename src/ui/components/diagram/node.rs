//! One step of the drawing: its shape says the kind, the line on its bottom edge where it comes from.

use crate::ui::memo::{If, memo};
use leptos::prelude::*;

use crate::intent::models::FieldId;
use crate::ui::components::icon::{Icon, placed};
use crate::ui::geometry::{corner, cut_corners, px};
use crate::ui::light::Chosen;
use crate::ui::state::OpenSession;
use crate::ui::texts::{self, t};
use crate::workflow::models::{Node, NodeType, Point};

use super::canvas::select;
use super::editor::{Aim, DiagramEditor, Form};
use super::view::CanvasView;

/// What a letter of a title takes on average, in pixels.
const LETTER: f64 = 6.5;
/// From this height on a title may take two lines.
const TALL: f64 = 52.0;

/// The id of a step's element.
pub fn element_id(node: &str) -> String {
    format!("step-{node}")
}

/// The icon of a kind; a spoken flow begins and ends with a call.
pub fn icon_of(kind: NodeType, is_voice: bool) -> Icon {
    match kind {
        NodeType::Start if is_voice => Icon::PHONE_INCOMING,
        NodeType::Start => Icon::PLAY,
        NodeType::Greeting => Icon::HAND,
        NodeType::IntentDetection => Icon::SPLIT,
        NodeType::CollectInput => Icon::TEXT_CURSOR_INPUT,
        NodeType::KnowledgeLookup => Icon::BOOK_OPEN,
        NodeType::ToolCall => Icon::PLUG,
        NodeType::Confirmation => Icon::CHECK_CHECK,
        NodeType::Condition => Icon::DIAMOND,
        NodeType::Response => Icon::MESSAGE_SQUARE_QUOTE,
        NodeType::Handoff if is_voice => Icon::PHONE_FORWARDED,
        NodeType::Handoff => Icon::USER_ROUND_CHECK,
        NodeType::End if is_voice => Icon::PHONE_OFF,
        NodeType::End => Icon::CIRCLE_STOP,
    }
}

/// Whether people talk with the agent rather than type.
pub fn is_voice(session: OpenSession) -> Memo<bool> {
    session.part(|it| {
        let channel = it.fields.iter().find(|view| view.field == FieldId::Channel);
        channel.is_some_and(|view| view.items.iter().any(|item| item.value == "voice"))
    })
}

/// What stands under the title: the tool, or the kind.
pub fn subline(node: &Node) -> String {
    node.config.tool_name.clone().unwrap_or_else(|| texts::kind(node.kind).to_owned())
}

fn is_pill(kind: NodeType) -> bool {
    matches!(kind, NodeType::Start | NodeType::End)
}

#[component]
pub fn Step(id: String, view: CanvasView) -> impl IntoView {
    let (session, editor) = (OpenSession::here(), DiagramEditor::here());
    let node = {
        let id = id.clone();
        session.part(move |it| it.graph.node(&id).cloned())
    };
    let light = session.light;
    let (selected, lit, fresh, first) = (id.clone(), node, id.clone(), id.clone());
    let is_selected = memo(move || light.is_selected(&selected));
    let is_lit = memo(move || {
        light.lit.with(|it| it.node.is_none())
            && lit.with(|node| node.as_ref().is_some_and(|node| light.has_any(&node.fields)))
    });
    let is_new = memo(move || session.seen.with(|seen| !seen.contains(&fresh)));
    let aim = Aim::Step(id.clone());
    let is_aimed = memo(move || editor.aims_at(&aim));
    let is_first = session.part(move |it| it.graph.nodes.first().is_some_and(|node| node.id == first));
    let class = move || {
        node.with(|node| {
            let node = node.as_ref()?;
            let kind = if is_pill(node.kind) { "node end" } else { "node" };
            Some(format!("{kind} p-{}", node.provenance.as_str()))
        })
    };
    let place = move || {
        node.with(|node| {
            node.as_ref().map(|node| {
                let (x, y) = corner(node);
                format!("translate({} {})", px(x), px(y))
            })
        })
    };
    let name = move || {
        let new = if is_new.get() { t!(diagram_node.is_new) } else { "" };
        node.with(|node| node.as_ref().map(|node| format!("{}, {}{new}", node.label, subline(node))))
    };
    let (clicked, keyed, seen) = (id.clone(), id.clone(), StoredValue::new(id.clone()));
    let (held, renamed) = (id.clone(), id.clone());
    view! {
        <g
            id=element_id(&id)
            data-node=id
            class=move || class()
            class:sel=is_selected
            class:lit=is_lit
            class:aim=is_aimed
            transform=move || place()
            role="button"
            tabindex=move || if is_first.get() || is_selected.get() { "0" } else { "-1" }
            aria-label=move || name()
            aria-pressed=move || is_selected.get().to_string()
            on:click:target=move |event| {
                event.stop_propagation();
                select(session, view, &clicked);
            }
            on:keydown:target=move |event| {
                // While a way is led by the keys, Enter ends it here.
                let is_led = editor.pull.with_untracked(Option::is_some);
                if !is_led && matches!(event.key().as_str(), "Enter" | " ") {
                    event.prevent_default();
                    select(session, view, &keyed);
                }
            }
            on:dblclick:target=move |event| {
                event.stop_propagation();
                editor.open(&renamed, Form::Rename);
            }
            on:pointerdown:target=move |event| {
                if event.button() == 0 && is_selected.get_untracked() && editor.is_open.get_untracked() {
                    editor.held.set_value(Some(held.clone()));
                }
            }
            on:pointerenter=move |event| {
                session.see(&seen.get_value());
                // What is dragged points at nothing.
                if event.buttons() == 0 {
                    light.point(&event, Chosen::Node(seen.get_value()));
                }
            }
            on:pointerleave=move |_| light.hover(None)
            on:focus=move |_| light.hover(Some(Chosen::Node(seen.get_value())))
            on:blur=move |_| light.hover(None)
        >
            <Shape node=node is_new=is_new />
        </g>
    }
}

/// Outline, icon, texts and marks, from the node's own top left.
#[component]
fn Shape(node: Memo<Option<Node>>, is_new: Memo<bool>) -> impl IntoView {
    let voice = is_voice(OpenSession::here());
    let drawn = move || {
        let mut node = node.get()?;
        node.position = Point { x: node.width / 2.0, y: node.height / 2.0 };
        let (width, height, pill) = (node.width, node.height, is_pill(node.kind));
        let outline = match cut_corners(&node) {
            Some(d) => view! { <path class="b" d=d stroke-linejoin="round" /> }.into_any(),
            None => {
                let radius = if pill { height / 2.0 } else { 8.0 };
                view! { <rect class="b" x="0.5" y="0.5" width=px(width - 1.0) height=px(height - 1.0) rx=px(radius) /> }
                    .into_any()
            }
        };
        let size = if pill { 14 } else { 16 };
        let inset = if pill { 14.0 } else { 12.0 };
        let glyph = placed(icon_of(node.kind, voice.get()), inset, (height - f64::from(size)) / 2.0, size);
        let provenance = format!("pl {}", node.provenance.as_str());
        Some(view! {
            <rect class="ring" x="-4" y="-4" width=px(width + 8.0) height=px(height + 8.0) rx="12" />
            {outline}
            {glyph}
            {titles(&node)}
            {(!pill).then(|| view! { <path class=provenance d=format!("M14 {}h22", px(height - 0.5)) /> })}
        })
    };
    let right = move || node.with(|node| node.as_ref().map_or(0.0, |node| node.width - 10.0));
    view! {
        {move || drawn()}
        <If when=move || is_new.get()>
            <circle class="seen" cx=move || px(right()) cy="10" r="3.5">
                <title>{t!(diagram_node.new_since_you_last)}</title>
            </circle>
        </If>
    }
}

/// The title, on two lines where it must, and the line under it.
fn titles(node: &Node) -> impl IntoView + use<> {
    let middle = node.height / 2.0;
    if is_pill(node.kind) {
        return view! { <text x="34" y=px(middle + 4.5)>{node.label.clone()}</text> }.into_any();
    }
    let letters = ((node.width - 38.0 - 8.0) / LETTER) as usize;
    // The layout made room for one line or two; what is only guessed too long is drawn whole.
    let lines = if node.height < TALL { vec![cut(&node.label, letters + 4)] } else { wrapped(&node.label, letters) };
    let first = if lines.len() > 1 { middle - 11.0 } else { middle - 3.0 };
    let last = first + 16.0 * (lines.len() - 1) as f64;
    let titles = lines.into_iter().enumerate().map(|(at, line)| {
        view! {
            <text x="38" y=px(first + 16.0 * at as f64)>
                {line}
            </text>
        }
    });
    view! {
        {titles.collect_view()}
        <text class="sub" x="38" y=px(last + 14.5)>
            {subline(node)}
        </text>
    }
    .into_any()
}

/// A title on one line, or two; what does not fit ends in an ellipsis.
fn wrapped(title: &str, letters: usize) -> Vec<String> {
    if title.chars().count() <= letters {
        return vec![title.to_owned()];
    }
    let (mut first, mut second) = (String::new(), String::new());
    for word in title.split_whitespace() {
        let fits = first.is_empty() || first.chars().count() + 1 + word.chars().count() <= letters;
        let line = if fits && second.is_empty() { &mut first } else { &mut second };
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    [first, second].into_iter().filter(|line| !line.is_empty()).map(|line| cut(&line, letters)).collect()
}

fn cut(line: &str, letters: usize) -> String {
    if line.chars().count() <= letters {
        return line.to_owned();
    }
    line.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn long_titles_take_two_lines_at_most() {
        assert_eq!(wrapped("Book the visit", 20), ["Book the visit"]);
        assert_eq!(wrapped("Check the identity of the caller", 20), ["Check the identity", "of the caller"]);
        let lines = wrapped("One two three four five six seven eight nine ten", 16);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && lines[1].chars().count() <= 16);
    }
}
