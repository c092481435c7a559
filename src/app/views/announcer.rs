//! Announces changes to screen readers: finished epochs, the class near the point, and steps of a lesson. At most one
//! announcement in five seconds; of several that wait, only the newest is made, or else that of the lesson.

use crate::{
    app::{lessons::Lessons, state::State},
    display::numbers,
};
use leptos::prelude::*;
use std::time::Duration;

/// The shortest time between two announcements.
const PAUSE: Duration = Duration::from_secs(5);

/// A live region, visually hidden.
#[component]
pub(super) fn Announcer() -> impl IntoView {
    let state = expect_context::<State>();
    let announcements = Announcements {
        current: RwSignal::new(String::new()),
        next: StoredValue::new(None),
        first: StoredValue::new(None),
        is_pausing: StoredValue::new(false),
    };
    let epochs_done = Memo::new(move |_| state.history.with(|history| history.validation().len()));
    Effect::new(move |_| {
        if epochs_done.get() > 0 {
            let loss = numbers::loss(state.validation_loss.get_untracked());
            let epoch = state.epoch_untracked();
            let epochs = state.run_settings.with_untracked(|settings| u64::from(settings.epochs)).max(epoch);
            announcements.announce(format!("Epoch {epoch} of {epochs}: validation loss {loss}"));
        }
    });
    let lessons = expect_context::<Lessons>();
    Effect::new(move |_| {
        if let Some(sentence) = lessons.told.get() {
            announcements.announce_first(sentence);
        }
    });
    let label = Memo::new(move |_| {
        let nearest = state.nearest.get()?;
        state.cloud.with(|cloud| cloud.labels.get(nearest as usize).copied())
    });
    Effect::new(move |_| {
        if let Some(label) = label.get()
            && state.is_point_held.get_untracked()
            && state.exploration.travel.get_untracked().is_none()
        {
            announcements.announce(untrack(|| format!("The point is near {}", state.sample_of(label))));
        }
    });
    view! { <p class="visually-hidden" aria-live="polite" id="announcer">{announcements.current}</p> }
}

#[derive(Clone, Copy)]
struct Announcements {
    current: RwSignal<String>,
    /// The announcement to make after the pause.
    next: StoredValue<Option<String>>,
    /// The one to make before that.
    first: StoredValue<Option<String>>,
    is_pausing: StoredValue<bool>,
}

impl Announcements {
    /// Announces what no other announcement may take the place of.
    fn announce_first(self, sentence: String) {
        match self.is_pausing.get_value() {
            true => self.first.set_value(Some(sentence)),
            false => self.announce(sentence),
        }
    }

    fn announce(self, sentence: String) {
        if self.is_pausing.get_value() {
            return self.next.set_value(Some(sentence));
        }
        self.current.set(sentence);
        self.is_pausing.set_value(true);
        set_timeout(
            move || {
                self.is_pausing.set_value(false);
                let next = if self.first.with_value(Option::is_some) { self.first } else { self.next };
                if let Some(next) = next.try_update_value(Option::take).flatten() {
                    self.announce(next);
                }
            },
            PAUSE,
        );
    }
}
