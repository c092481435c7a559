//! Says for a moment that an action has worked: what was copied, saved or opened.

use crate::app::state::State;
use crate::app::views::erased::{Shown, text};
use leptos::prelude::*;

/// The answer. It goes by itself.
#[component]
pub(super) fn Answer() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div role="status">
            <Shown when=move || state.answer.with(Option::is_some)>
                <p class="message answer">{text(move || state.answer.get())}</p>
            </Shown>
        </div>
    }
}
