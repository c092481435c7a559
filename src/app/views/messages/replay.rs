//! Offers to replay a run up to the step that the link is about.

use crate::app::views::erased::{Shown, text};
use crate::{
    app::{
        state::{Replay as Offer, State},
        supervisor::Supervisor,
    },
    display::numbers::grouped,
};
use leptos::prelude::*;

/// The offer.
#[component]
pub(in super::super) fn Replay() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let name = move || {
        let Offer { steps, seconds } = state.replay.get()?;
        let time = seconds.map_or_else(String::new, |seconds| format!(" (about {seconds:.0} s here)"));
        Some(format!("Replay to step {}{time}", grouped(steps)))
    };
    view! {
        <Shown when=move || state.replay.with(Option::is_some)>
            <div class="message question" role="status">
                <p>
                    "This link leads to a trained network. The page can train it again: from the same start, with the same images \
                     in the same order. Where both train on the CPU the weights are the same."
                </p>
                <button type="button" class="small" on:click=move |_| supervisor.replay()>{text(name)}</button>
                <button type="button" class="small" on:click=move |_| supervisor.decline_replay()>"Not now"</button>
            </div>
        </Shown>
    }
}
