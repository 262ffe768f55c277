//! Reactive building blocks that are compiled once for each type of value, not once for each place.

use leptos::prelude::*;

/// [`Memo::new`] for a computation that does not look at its last value.
pub fn memo<T: PartialEq + Send + Sync + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    boxed(Box::new(compute))
}

fn boxed<T: PartialEq + Send + Sync + 'static>(compute: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| compute())
}

/// [`Show`] without a fallback.
#[component]
pub fn If(#[prop(into)] when: Signal<bool>, children: ChildrenFn) -> impl IntoView {
    let when = memo(move || when.get());
    move || when.get().then(|| children())
}
