//! Questions that most visits never see.

use super::{offered::Offered, to_copy::ToCopy};
use leptos::prelude::*;

/// Whether a file replaces the model, and the link that the browser did not copy.
#[component]
pub(in super::super) fn RareQuestions() -> impl IntoView {
    view! {
        <Offered />
        <ToCopy />
    }
}
