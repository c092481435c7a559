//! The name of a class, which may be broken into lines where the space is narrow.

use leptos::prelude::*;

/// The name. It is broken behind a slash or a space, and not at a hyphen: `T-shirt/`, `top`.
pub(super) fn class_name(name: &str) -> impl IntoView + use<> {
    let parts = name.split_inclusive(['/', ' ']).map(str::to_owned);
    let parts = parts.map(|part| view! { <span class="part">{part}</span><wbr /> });
    view! { <span>{parts.collect_view()}</span> }
}
