//! How far a replay is, on the plane, which is not drawn meanwhile.

use super::{frames::now_ms, pace::Pace};
use crate::app::views::erased::{Shown, text};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::replay_text::{self, TimeLeft},
};
use latent_protocol::Phase;
use leptos::prelude::*;

/// The progress of the replay, and the button that stops it. The status line announces it, once.
#[component]
pub(super) fn Replaying() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let pace = expect_context::<Pace>();
    let to = move || state.replays_to.get().unwrap_or_default();
    let is_training = Memo::new(move |_| state.phase.get() == Phase::Training);
    let done = move || {
        pace.track();
        state.steps.get_untracked()
    };
    let left = StoredValue::new(TimeLeft::default());
    let progress = move || match is_training.get() {
        true => {
            let (done, to) = (done(), to());
            let seconds = left.try_update_value(|left| left.at(now_ms(), done, to)).flatten();
            replay_text::progress(done, to, seconds)
        }
        false => {
            left.set_value(TimeLeft::default());
            state.download.with(replay_text::loading)
        }
    };
    view! {
        <Shown when=move || state.replays_to.get().is_some()>
            <div class="replaying" role="group" aria-label="Replay">
                <p><strong>{text(move || replay_text::title(to()))}</strong></p>
                // Without a value it shows that something goes on.
                <progress
                    aria-label="Steps replayed"
                    max=move || to().max(1).to_string()
                    value=move || is_training.get().then(|| done().to_string())
                ></progress>
                <p class="numbers">{text(progress)}</p>
                <p class="hint">"The plane is drawn when it is there."</p>
                <button type="button" class="small" on:click=move |_| supervisor.pause()>"Stop"</button>
            </div>
        </Shown>
    }
}
