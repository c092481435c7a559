//! The pace at which views follow what changes many times a second while training.

use super::frames::{Redraw, now_ms};
use crate::app::state::State;
use leptos::prelude::*;

/// The explorer answers the user within this time.
const ANSWER_MS: f64 = 500.0;

/// Tells texts when to show the newest numbers of the run, and images whether the user waits for them. `#run-state` has the
/// current numbers.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    due: RwSignal<()>,
    acted_ms: StoredValue<f64>,
}

impl Pace {
    pub(super) fn of(state: State) -> Self {
        let pace = Self { due: RwSignal::new(()), acted_ms: StoredValue::new(f64::NEG_INFINITY) };
        let redraw = Redraw::new(move || pace.due.set(()));
        redraw.follow_training(move || {
            state.steps.track();
            state.loss.track();
            state.validation_loss.track();
            state.steps_per_second.track();
            state.history.track();
        });
        Effect::new(move |_| {
            state.code.track();
            state.hovered.track();
            state.chosen.track();
            state.is_pretrained.track();
            state.looked_at.track();
            pace.acted_ms.set_value(now_ms());
        });
        pace
    }

    /// Makes the calling effect or text run again in the frames in which training is drawn. It reads the run's numbers untracked.
    pub(super) fn track(&self) {
        self.due.track();
    }

    /// Whether the user has just changed what images are shown.
    pub(super) fn is_answer_due(&self) -> bool {
        now_ms() - self.acted_ms.get_value() < ANSWER_MS
    }
}
