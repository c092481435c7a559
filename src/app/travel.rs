//! Moves the point by itself: along the path when the person asks for it, and from class to class on a first visit until somebody
//! acts. The tour holds nothing and is not announced.

use super::{
    exploration::{Exploration, Travel},
    memory,
    state::State,
    supervisor::Supervisor,
};
use latent_core::plane::Path;
use leptos::{
    ev,
    leptos_dom::helpers::{IntervalHandle, set_interval_with_handle},
    prelude::*,
};
use std::time::Duration;

/// The time between two frames of the path.
pub(super) const FRAME_MS: u32 = 80;
/// The time between two steps of the tour.
const STEP: Duration = Duration::from_millis(100);
/// Steps from one class to the next.
const STEPS: usize = 40;
/// How long nobody must have acted before the tour begins.
const IDLE: Duration = Duration::from_secs(3);
/// Under this key the device remembers that somebody has acted, so that later visits have no tour.
const VISITED: &str = "visited";

/// Moves the point from now on as [`Exploration::travel`] says, and begins the tour on a first visit.
pub(super) fn follow(state: State, supervisor: Supervisor) {
    let Exploration { travel, path, frame, .. } = state.exploration;
    let ticks = StoredValue::new(0);
    let next_tick = move || {
        ticks.update_value(|ticks| *ticks += 1);
        ticks.get_value()
    };
    Effect::new(move |timer: Option<Option<IntervalHandle>>| {
        timer.flatten().into_iter().for_each(|timer| timer.clear());
        ticks.set_value(0);
        match travel.get()? {
            Travel::Tour => {
                let classes = state.classes.with_untracked(Vec::len);
                let tour = state.cloud.with_untracked(|cloud| Path::tour(cloud, classes));
                let steps = STEPS * tour.anchors.len().max(1);
                let (codes, units) = (tour.codes(steps), state.code.with_untracked(Vec::len));
                let step = move || {
                    let code = codes.chunks_exact(units).nth(next_tick() % steps);
                    code.into_iter().for_each(|code| supervisor.travel_to(code));
                };
                every(STEP, Box::new(step))
            }
            Travel::Path => {
                let at = frame.get_untracked();
                let first = path.with_untracked(|path| match at + 1 < path.frames() {
                    true => (0..).find(|&tick| path.frame_at(tick) == at),
                    false => None,
                });
                ticks.set_value(first.unwrap_or_default());
                let step = move || {
                    let tick = next_tick();
                    if !path.with_untracked(Path::has_segments) {
                        return supervisor.travel(None);
                    }
                    supervisor.show_frame(path.with_untracked(|path| path.frame_at(tick)));
                };
                every(Duration::from_millis(FRAME_MS.into()), Box::new(step))
            }
        }
    });
    offer_tour(state, supervisor);
}

/// Does something again and again while the page is in sight.
fn every(time: Duration, act: Box<dyn Fn()>) -> Option<IntervalHandle> {
    let act = move || {
        if !document().hidden() {
            act();
        }
    };
    set_interval_with_handle(act, time).ok()
}

/// Begins the tour when there are images and nobody acts for a while. Whatever the person does ends it for good.
fn offer_tour(state: State, supervisor: Supervisor) {
    if memory::recall(VISITED).is_some() || prefers_less_motion() || state.is_point_held.get_untracked() {
        return;
    }
    let is_over = StoredValue::new(false);
    let end = move || {
        if !is_over.get_value() {
            is_over.set_value(true);
            memory::remember(VISITED, "1");
            if state.exploration.travel.get_untracked() == Some(Travel::Tour) {
                supervisor.travel(None);
            }
        }
    };
    let pointer = window_event_listener(ev::pointerdown, move |_| end());
    let key = window_event_listener(ev::keydown, move |_| end());
    on_cleanup(move || {
        pointer.remove();
        key.remove();
    });
    Effect::new(move |_| {
        if state.is_point_held.get() || state.steps.get() > 0 || state.phase.get().is_active() {
            end();
        }
    });
    let has_images = Memo::new(move |_| state.cloud.with(|cloud| !cloud.is_empty()));
    Effect::new(move |_| {
        if has_images.get() {
            let begin = move || {
                if !is_over.get_value() {
                    supervisor.travel(Some(Travel::Tour));
                }
            };
            set_timeout(begin, IDLE);
        }
    });
}

pub(super) fn prefers_less_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}
