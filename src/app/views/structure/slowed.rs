//! Follows a signal at most once a second: the tables and lists of images take the browser tens of milliseconds to lay out.

use crate::app::views::frames::now_ms;
use leptos::prelude::*;
use std::time::Duration;

/// The shortest time between two values.
const PAUSE_MS: f64 = 1_000.0;

/// The value of another signal, at most a second old.
pub(super) fn slowed<T: Clone + Send + Sync + 'static>(of: RwSignal<T>) -> RwSignal<T> {
    let (slow, is_due) = (RwSignal::new(of.get_untracked()), StoredValue::new(false));
    let taken_ms = StoredValue::new(f64::NEG_INFINITY);
    Effect::new(move |_| {
        of.track();
        if is_due.get_value() {
            return;
        }
        is_due.set_value(true);
        let wait_ms = (PAUSE_MS - (now_ms() - taken_ms.get_value())).clamp(0.0, PAUSE_MS);
        let take = move || {
            // The tab may be closed by now.
            let _ = slow.try_set(of.get_untracked());
            is_due.try_update_value(|is_due| *is_due = false);
            taken_ms.try_update_value(|taken| *taken = now_ms());
        };
        set_timeout(take, Duration::from_secs_f64(wait_ms / 1e3));
    });
    slow
}
