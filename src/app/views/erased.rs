//! Views and texts of few types. Leptos compiles the code that builds and updates a view once for each type of closure in it;
//! what goes through here shares one copy, which keeps the page's program small.

use leptos::prelude::*;

/// A text that follows the signals that it is made from.
pub(super) fn text<T>(make: impl Fn() -> T + Send + Sync + 'static) -> Signal<T>
where
    T: Send + Sync + 'static,
{
    Signal::derive(make)
}

/// Its children, while `when` holds. They are made anew each time that it begins to hold.
#[component]
pub(super) fn Shown(#[prop(into)] when: Signal<bool>, children: ChildrenFn) -> impl IntoView {
    let holds = Memo::new(move |_| when.get());
    move || holds.get().then(|| children())
}
