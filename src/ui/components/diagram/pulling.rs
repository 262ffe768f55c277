//! Pulling steps and the ends of edges over the canvas, by pointer or by the keys.

use leptos::prelude::*;
use leptos::web_sys;

use super::editor::{DiagramEditor, Pull, Pulled};
use super::view::CanvasView;

/// Takes a step up that is held, and moves what is pulled. False when nothing is: then the canvas moves.
pub fn on_move(
    editor: DiagramEditor,
    view: CanvasView,
    event: &web_sys::PointerEvent,
    canvas: &web_sys::Element,
) -> bool {
    let Some(at) = view.point(event, canvas) else { return false };
    let is_pulled = editor.pull.with_untracked(|pull| pull.as_ref().is_some_and(|pull| pull.at.is_some()));
    if is_pulled {
        editor.pull.update(|pull| {
            if let Some(pull) = pull {
                pull.at = Some(at);
            }
        });
    } else {
        let Some(node) = editor.held.get_value() else { return false };
        if !view.strayed(event) {
            return true;
        }
        editor.pull.set(Some(Pull { what: Pulled::Step { node }, at: Some(at) }));
    }
    if !view.dragging.get_untracked() {
        view.dragging.set(true);
        let _ = canvas.set_pointer_capture(event.pointer_id());
    }
    true
}

/// Lets go: what it lands on decides.
pub fn on_up(editor: DiagramEditor) {
    editor.held.set_value(None);
    let pull = editor.pull.get_untracked().filter(|pull| pull.at.is_some());
    let Some(pull) = pull else { return };
    editor.pull.set(None);
    if let Some(gesture) = editor.lands(&pull) {
        editor.run(gesture);
    }
}

/// The keys of a focused step: a form, a way to lead, a place further on. False for a key that means nothing here.
pub fn on_key(editor: DiagramEditor, node: &str, event: &web_sys::KeyboardEvent) -> bool {
    let key = event.key();
    let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    if event.alt_key() {
        match key.as_str() {
            "ArrowDown" => editor.step(node, true),
            "ArrowUp" => editor.step(node, false),
            _ => return false,
        }
        return true;
    }
    if !is_plain || !editor.is_open.get_untracked() {
        return false;
    }
    match key.as_str() {
        "Delete" | "Backspace" => editor.run(crate::workflow::gesture::Gesture::Remove { node: node.to_owned() }),
        "a" => editor.add_after(node),
        "r" => editor.open(node, super::editor::Form::Rename),
        "m" => editor.open(node, super::editor::Form::Move),
        "c" => editor.lead_from(node),
        "Enter" | " " => return editor.reach(node),
        "Escape" => return editor.let_go(),
        _ => return false,
    }
    true
}
