//! What screen readers are told while the page changes: epochs that end, and what lies under the point. At most every
//! five seconds, the newest only.

use crate::{app::state::State, display::numbers};
use leptos::prelude::*;
use std::time::Duration;

/// The least time between two sentences.
const PAUSE: Duration = Duration::from_secs(5);

/// A region that is unseen and read out.
#[component]
pub(super) fn Announcer() -> impl IntoView {
    let state = expect_context::<State>();
    let voice = Voice {
        said: RwSignal::new(String::new()),
        next: StoredValue::new(None),
        rests: StoredValue::new(false),
    };
    let epochs_done = Memo::new(move |_| state.history.with(|history| history.validation().len()));
    Effect::new(move |_| {
        if epochs_done.get() > 0 {
            let loss = numbers::loss(state.validation_loss.get_untracked());
            let epochs = state.run_settings.with_untracked(|settings| settings.epochs);
            voice.say(format!("Epoch {} of {epochs}: validation loss {loss}", state.epoch_untracked()));
        }
    });
    let label = Memo::new(move |_| {
        let digit = state.nearest.get()?;
        state.cloud.with(|cloud| cloud.labels.get(digit as usize).copied())
    });
    Effect::new(move |_| {
        if let Some(label) = label.get()
            && state.is_point_held.get_untracked()
        {
            voice.say(format!("The point is near a {label}"));
        }
    });
    view! { <p class="visually-hidden" aria-live="polite" id="announcer">{voice.said}</p> }
}

#[derive(Clone, Copy)]
struct Voice {
    said: RwSignal<String>,
    /// What is to be said after the pause.
    next: StoredValue<Option<String>>,
    rests: StoredValue<bool>,
}

impl Voice {
    fn say(self, sentence: String) {
        if self.rests.get_value() {
            return self.next.set_value(Some(sentence));
        }
        self.said.set(sentence);
        self.rests.set_value(true);
        set_timeout(
            move || {
                self.rests.set_value(false);
                if let Some(next) = self.next.try_update_value(Option::take).flatten() {
                    self.say(next);
                }
            },
            PAUSE,
        );
    }
}
