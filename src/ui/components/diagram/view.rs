//! Where the canvas stands over the drawing, and the gestures that move it.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::web_sys;

use crate::ui::geometry::Window;
use crate::ui::state::OpenSession;
use crate::workflow::models::{Node, Point};

/// How far a pointer moves before it pans instead of clicking, in pixels.
const SLOP: f64 = 4.0;
/// What the inspector may cover at the canvas's right and bottom.
const INSPECTOR: (f64, f64) = (296.0, 340.0);

/// How long the view rests before the drawing is drawn for it.
const REST: Duration = Duration::from_millis(140);

/// The canvas's view. `None` until it is measured: the drawing then fits itself by its view box.
#[derive(Clone, Copy)]
pub struct CanvasView {
    session: OpenSession,
    pub window: RwSignal<Option<Window>>,
    /// What the drawing is drawn for: the window once it rests. Until then the picture is moved as it is, which costs the
    /// same however much is drawn.
    pub drawn: RwSignal<Option<Window>>,
    resting: StoredValue<Option<TimeoutHandle>>,
    pub size: RwSignal<(f64, f64)>,
    /// Whether the person moved it; until then it fits whatever is drawn.
    moved: StoredValue<bool>,
    /// The pointers that are down: id, place.
    pointers: StoredValue<Vec<(i32, f64, f64)>>,
    pub dragging: RwSignal<bool>,
}

impl CanvasView {
    pub fn new(session: OpenSession) -> CanvasView {
        let view = CanvasView {
            session,
            window: RwSignal::new(None),
            drawn: RwSignal::new(None),
            resting: StoredValue::new(None),
            size: RwSignal::new((0.0, 0.0)),
            moved: StoredValue::new(false),
            pointers: StoredValue::new(Vec::new()),
            dragging: RwSignal::new(false),
        };
        let extent = session.part(|it| (it.graph.width, it.graph.height));
        Effect::new(move || {
            // Read, not tracked alone: a memo that nobody reads does not look.
            let _ = extent.get();
            if view.size.get().0 > 0.0 && !view.moved.get_value() {
                view.fit();
            }
        });
        view
    }

    pub fn fit(self) {
        let (width, height) = self.size.get_untracked();
        self.moved.set_value(false);
        self.window.set(Some(self.session.workspace.with_untracked(|it| Window::fit(&it.graph, width, height))));
        self.draw();
    }

    /// Draws for the window as it is.
    fn draw(self) {
        self.drawn.try_set(self.window.try_get_untracked().flatten());
    }

    /// Draws once the view rests; not while something holds it.
    fn rest(self) {
        if let Some(timer) = self.resting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if self.pointers.with_value(Vec::is_empty) {
            self.resting.set_value(set_timeout_with_handle(move || self.draw(), REST).ok());
        }
    }

    /// What moves the picture to where the window is; `None` where it is there.
    pub fn shift(self) -> Option<String> {
        let (window, drawn) = (self.window.get()?, self.drawn.get()?);
        (window != drawn).then(|| drawn.shift_to(window))
    }

    fn change(self, of: impl FnOnce(Window) -> Window) {
        if let Some(window) = self.window.get_untracked() {
            self.moved.set_value(true);
            self.window.set(Some(of(window)));
            self.rest();
        }
    }

    /// Zooms about the canvas's middle.
    pub fn zoom(self, factor: f64) {
        let (width, height) = self.size.get_untracked();
        self.change(|window| window.zoomed(factor, width / 2.0, height / 2.0));
    }

    /// Brings a node into sight, clear of the inspector.
    pub fn show(self, node: &Node) {
        let (width, height) = self.size.get_untracked();
        let Some(window) = self.window.get_untracked() else { return };
        let right = (node.position.x + node.width / 2.0 - window.x) * window.zoom;
        let covered = if right > width - INSPECTOR.0 || width < 2.0 * INSPECTOR.0 { INSPECTOR.1 } else { 0.0 };
        let target = window.showing(node, width, (height - covered).max(height / 3.0));
        if target != window {
            self.change(|_| target);
        }
    }

    /// Brings the first of some nodes into sight, unless one of them is.
    pub fn show_one<'a>(self, mut nodes: impl Iterator<Item = &'a Node> + Clone) {
        let (width, height) = self.size.get_untracked();
        let Some(window) = self.window.get_untracked() else { return };
        let is_seen = |node: &Node| window.showing(node, width, height) == window;
        if !nodes.clone().any(is_seen)
            && let Some(first) = nodes.next()
        {
            self.show(first);
        }
    }

    pub fn on_wheel(self, event: &web_sys::WheelEvent, canvas: &web_sys::Element) {
        event.prevent_default();
        // A pinch on a touch pad arrives as a wheel with Ctrl, in small steps.
        let speed = if event.ctrl_key() { 0.01 } else { 0.0015 };
        let factor = (-event.delta_y() * speed).exp();
        let place = canvas.get_bounding_client_rect();
        let at = (f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top());
        self.change(|window| window.zoomed(factor, at.0, at.1));
    }

    pub fn on_down(self, event: &web_sys::PointerEvent) {
        if event.button() == 0 {
            let pointer = (event.pointer_id(), f64::from(event.client_x()), f64::from(event.client_y()));
            self.pointers.update_value(|all| all.push(pointer));
        }
    }

    pub fn on_move(self, event: &web_sys::PointerEvent, canvas: &web_sys::Element) {
        let to = (f64::from(event.client_x()), f64::from(event.client_y()));
        let pointers = self.pointers.get_value();
        let Some(at) = pointers.iter().position(|(id, ..)| *id == event.pointer_id()) else { return };
        let (_, x, y) = pointers[at];
        let by = (to.0 - x, to.1 - y);
        if !self.dragging.get_untracked() {
            if by.0.hypot(by.1) < SLOP {
                return;
            }
            self.dragging.set(true);
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        if let Some((_, other_x, other_y)) = pointers.iter().find(|(id, ..)| *id != event.pointer_id()) {
            let spread = |x: f64, y: f64| (x - other_x).hypot(y - other_y).max(1.0);
            let place = canvas.get_bounding_client_rect();
            let middle = ((to.0 + other_x) / 2.0 - place.left(), (to.1 + other_y) / 2.0 - place.top());
            let factor = spread(to.0, to.1) / spread(x, y);
            self.change(|window| window.zoomed(factor, middle.0, middle.1).panned(by.0 / 2.0, by.1 / 2.0));
        } else {
            self.change(|window| window.panned(by.0, by.1));
        }
        self.pointers.update_value(|all| all[at] = (event.pointer_id(), to.0, to.1));
    }

    /// The point of the drawing under a pointer.
    pub fn point(self, event: &web_sys::PointerEvent, canvas: &web_sys::Element) -> Option<Point> {
        let window = self.window.get_untracked()?;
        let place = canvas.get_bounding_client_rect();
        let across = f64::from(event.client_x()) - place.left();
        let down = f64::from(event.client_y()) - place.top();
        Some(Point { x: window.x + across / window.zoom, y: window.y + down / window.zoom })
    }

    /// Whether a pointer went further from where it came down than a click does.
    pub fn strayed(self, event: &web_sys::PointerEvent) -> bool {
        self.pointers.with_value(|all| {
            let down = all.iter().find(|(id, ..)| *id == event.pointer_id());
            down.is_some_and(|(_, x, y)| {
                (f64::from(event.client_x()) - x).hypot(f64::from(event.client_y()) - y) >= SLOP
            })
        })
    }

    /// The drawing is changed by hand: it stays where it is.
    pub fn hold(self) {
        self.moved.set_value(true);
    }

    pub fn on_up(self, event: &web_sys::PointerEvent) {
        self.pointers.update_value(|all| all.retain(|(id, ..)| *id != event.pointer_id()));
        if self.pointers.with_value(Vec::is_empty) {
            self.rest();
            // After the click that follows: a drag selects nothing.
            let dragging = self.dragging;
            set_timeout(
                move || {
                    dragging.try_set(false);
                },
                std::time::Duration::ZERO,
            );
        }
    }

    pub fn percent(self) -> u32 {
        self.window.get().map_or(100, |window| (window.zoom * 100.0).round() as u32)
    }
}
