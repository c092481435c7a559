//! What an open lesson sees of the page.

use crate::app::{exploration::Exploration, lessons::Lessons, state::State, views::layout::Layout};
use latent_core::lesson::{Extra, Seen, Walk};
use latent_protocol::Phase;
use leptos::prelude::*;

/// Has the lesson look at the page whenever something changes that it may ask for.
pub(super) fn follow(lessons: Lessons) {
    let (state, layout) = (expect_context::<State>(), expect_context::<Layout>());
    let Exploration { shows_errors, shows_contours, drawn, .. } = state.exploration;
    let near = Memo::new(move |_| {
        let nearest = state.nearest.get().filter(|_| state.is_point_held.get())?;
        state.cloud.with(|cloud| cloud.labels.get(nearest as usize).copied())
    });
    let place = Memo::new(move |_| {
        lessons.walk.with(|walk| walk.as_ref().map(|walk| (walk.lesson.name.clone(), walk.index())))
    });
    let opened = Memo::new(move |_| {
        lessons.walk.with(|walk| walk.as_ref().map(|walk: &Walk| walk.lesson.name.clone()))
    });
    Effect::new(move |_| {
        if opened.with(Option::is_some) {
            layout.begin_lesson();
        }
    });
    Effect::new(move |_| {
        if place.with(Option::is_none) {
            return;
        }
        state.linked.track();
        let extras: Vec<_> = [
            (shows_errors.get(), Extra::Errors),
            (shows_contours.get(), Extra::Contours),
            (state.shows_prior.get(), Extra::Prior),
            (state.shows_map.get(), Extra::Manifold),
            (state.trace.with(|trace| trace.weights.is_some()), Extra::Weights),
        ]
        .into_iter()
        .filter_map(|(is_shown, extra)| is_shown.then_some(extra))
        .collect();
        state.run_settings.with(|settings| {
            lessons.see(&Seen {
                settings,
                steps: state.steps.get(),
                loss: state.loss.get(),
                has_failed: state.phase.get() == Phase::Failed,
                near: near.get(),
                only: state.isolated.get(),
                tab: layout.chosen().panel(),
                has_drawing: drawn.with(Option::is_some),
                extras: &extras,
            });
        });
    });
}
