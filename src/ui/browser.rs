//! The few things the page asks of the browser. Called from event handlers and effects only, which the server never runs.

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use leptos::tachys::html::event::EventDescriptor;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys;

/// Listens on the window for as long as the surrounding component lives.
pub fn on_window<E>(event: E, handler: impl Fn(E::EventType) + 'static)
where
    E: EventDescriptor + 'static,
    E::EventType: JsCast,
{
    let handle = window_event_listener(event, handler);
    on_cleanup(move || handle.remove());
}

/// Tells the size of an element, now and whenever it changes, for as long as the surrounding component lives.
pub fn on_resize(element: &web_sys::Element, tell: impl Fn(f64, f64) + 'static) {
    let watched = element.clone();
    let told = Closure::<dyn Fn()>::new(move || {
        tell(f64::from(watched.client_width()), f64::from(watched.client_height()));
    });
    let Ok(observer) = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()) else { return };
    observer.observe(element);
    let kept = SendWrapper::new((observer, told));
    on_cleanup(move || kept.take().0.disconnect());
}

/// What is kept under `key` in this browser.
pub fn recall(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps `text` under `key`; an empty text keeps nothing. A browser that refuses is none of the user's business.
pub fn keep(key: &str, text: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = if text.is_empty() { storage.remove_item(key) } else { storage.set_item(key, text) };
    }
}

/// A random id for a message, so that sending it twice is understood as once.
pub fn random_id() -> String {
    let part = || format!("{:08x}", (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    [part(), part(), part()].concat()
}

/// Milliseconds since 1970, and what local time is ahead of UTC in minutes.
pub fn clock() -> (i64, i32) {
    let now = js_sys::Date::new_0();
    (now.get_time() as i64, -(now.get_timezone_offset() as i32))
}

pub fn is_online() -> bool {
    window().navigator().on_line()
}

pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

/// What is wanted of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Text,
    /// Its bytes in Base64.
    Bytes,
}

/// Reads a file, then tells what is in it; `None` when the browser could not read it.
pub fn read_file(file: &web_sys::File, content: Content, tell: impl FnOnce(Option<String>) + 'static) {
    let Ok(reader) = web_sys::FileReader::new() else { return tell(None) };
    let read = reader.clone();
    let ended = Closure::once_into_js(move || {
        let text = read.result().ok().and_then(|result| result.as_string());
        tell(match content {
            Content::Text => text,
            // After `data:…;base64,`.
            Content::Bytes => text.map(|url| url.split_once(',').map(|(_, data)| data.to_owned()).unwrap_or_default()),
        });
    });
    reader.set_onloadend(Some(ended.unchecked_ref()));
    let _ = match content {
        Content::Text => reader.read_as_text(file),
        Content::Bytes => reader.read_as_data_url(file),
    };
}

/// The file that was chosen; the control takes the same one again afterwards.
pub fn take_file(input: &web_sys::HtmlInputElement) -> Option<web_sys::File> {
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// Whether something dragged over the page is a file.
pub fn drags_file(event: &web_sys::DragEvent) -> bool {
    event.data_transfer().is_some_and(|dragged| dragged.types().includes(&"Files".into(), 0))
}

/// The file that was dropped.
pub fn dropped_file(event: &web_sys::DragEvent) -> Option<web_sys::File> {
    event.data_transfer()?.files()?.get(0)
}

fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn dialog() -> Option<web_sys::HtmlDialogElement> {
    document().query_selector("dialog[open]").ok()??.dyn_into().ok()
}

/// Closes the `<dialog>` over the page; the focus goes back to where it was.
pub fn close_dialog() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

/// Whether a `<dialog>` is open over the page: its keys are its own.
pub fn dialog_is_open() -> bool {
    dialog().is_some()
}

/// Closes a popover, if it is open.
pub fn close_popover(id: &str) {
    if let Some(element) = by_id::<web_sys::HtmlElement>(id) {
        let _ = element.hide_popover();
    }
}

/// Puts the focus on the element with this id, in the next frame: it may be about to appear.
pub fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            // Parts of a drawing take the focus as well, by the same method.
            let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
}

/// Puts the focus on the first element that matches, in the next frame.
pub fn focus_first(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector) {
            let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
}

/// Puts the focus on the next sibling of the element that has it which has this attribute, or on the last one before.
pub fn focus_beside(attribute: &str, forward: bool) {
    let step = |from: &web_sys::Element| {
        if forward { from.next_element_sibling() } else { from.previous_element_sibling() }
    };
    let mut beside = std::iter::successors(document().active_element().and_then(|it| step(&it)), step);
    if let Some(next) = beside.find(|it| it.has_attribute(attribute)) {
        let _ = next.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// Scrolls the nearest list so that the first element that matches is seen, if it is not.
pub fn reveal(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        let Ok(Some(element)) = document().query_selector(&selector) else { return };
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

/// Whether the person types somewhere: single keys are text then, not commands.
pub fn is_typing() -> bool {
    document()
        .active_element()
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Whether the page shows dark now.
pub fn is_dark() -> bool {
    match document().document_element().and_then(|root| root.get_attribute("data-theme")).as_deref() {
        Some(theme) => theme == "dark",
        None => matches!(window().match_media("(prefers-color-scheme: dark)"), Ok(Some(query)) if query.matches()),
    }
}

/// Takes a theme, for a year; `None` follows the system again.
pub fn choose_theme(theme: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
    let cookie = match theme {
        Some(theme) => format!("theme={theme}; path=/; max-age=31536000; samesite=lax"),
        None => "theme=; path=/; max-age=0; samesite=lax".to_owned(),
    };
    // Through the property: web-sys has no `document.cookie` outside `HtmlDocument`.
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
}

pub fn switch_theme() {
    choose_theme(Some(if is_dark() { "light" } else { "dark" }));
}

/// The theme the person took, if any.
pub fn chosen_theme() -> Option<String> {
    document().document_element()?.get_attribute("data-theme")
}

/// Tells whoever watches that the script has taken the page over.
pub fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
