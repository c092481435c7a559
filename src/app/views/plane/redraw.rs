//! Redraws each layer of the plane when something that it shows has changed.

use super::{Layers, drawing};
use crate::app::{
    exploration::Exploration,
    state::State,
    views::canvas::{Redraw, Screen, Surface, Theme},
};
use leptos::prelude::*;

/// Draws each layer in the frame after a change.
pub(super) fn draw_when_due(state: State, [below, middle, above]: Layers) {
    // Errors are ignored: drawing fails only on a page that is being closed.
    let grid = Redraw::new(0.0, move || {
        let Some(surface) = below.get_untracked().and_then(Surface::blank) else { return };
        let (theme, plane) = (Theme::now(), state.projection_untracked());
        let shape = state.run_settings.with_untracked(|settings| settings.model.input);
        let draw = |map: &_| drawing::manifold(&surface, &theme, plane, map, shape);
        let _ = state.map.with_untracked(|map| map.as_ref().map_or(Ok(()), draw));
        drawing::grid(&surface, &theme, plane);
        if state.shows_prior.get_untracked() && untrack(|| state.is_variational()) {
            let _ = drawing::prior(&surface, &theme, plane);
        }
    });
    let dots = Redraw::new(0.0, move || {
        let Some(surface) = middle.get_untracked().and_then(Surface::blank) else { return };
        let (plane, isolated) = (state.projection_untracked(), state.isolated.get_untracked());
        let (theme, colours) = (Theme::now(), state.colours.get_untracked());
        let Exploration { shows_errors, errors, shows_contours, contours, .. } = state.exploration;
        let draw = |cloud: &_| match shows_errors.get_untracked() {
            true => errors.with_untracked(|errors| {
                drawing::dots_by_error(&surface, &theme, plane, cloud, errors, isolated)
            }),
            false => drawing::dots(&surface, &theme, &colours, plane, cloud, isolated),
        };
        let _ = state.cloud.with_untracked(draw);
        // On other axes they are those of another plane.
        if shows_contours.get_untracked() && plane.axes.up.is_some() {
            contours.with_untracked(|contours| {
                drawing::contours(&surface, &theme, &colours, plane, contours, isolated);
            });
        }
    });
    let point = Redraw::new(0.0, move || {
        let Some(surface) = above.get_untracked().and_then(Surface::blank) else { return };
        let _ = draw_above(state, &surface, &Theme::now());
    });
    for (canvas, redraw) in [(below, &grid), (middle, &dots), (above, &point)] {
        let redraw = redraw.clone();
        Effect::new(move |_| {
            if let Some(canvas) = canvas.get() {
                redraw.follow_size(&canvas);
            }
        });
    }
    let screen = expect_context::<Screen>();
    let track_plane = move || {
        screen.track();
        state.range.track();
        state.axes.track();
    };
    Effect::new(move |_| {
        track_plane();
        state.map.track();
        state.shows_prior.track();
        state.run_settings.track();
        grid.request();
    });
    Effect::new(move |_| {
        track_plane();
        state.cloud.track();
        state.isolated.track();
        state.colours.track();
        let Exploration { shows_errors, errors, shows_contours, contours, .. } = state.exploration;
        shows_errors.track();
        errors.track();
        shows_contours.track();
        contours.track();
        dots.request();
    });
    Effect::new(move |_| {
        track_plane();
        state.cloud.track();
        state.isolated.track();
        state.colours.track();
        state.classes.track();
        state.hovered.track();
        state.pairs.track();
        state.code.track();
        state.exploration.drawn.track();
        point.request();
    });
}

fn draw_above(state: State, surface: &Surface, theme: &Theme) -> Result<(), wasm_bindgen::JsValue> {
    let (plane, isolated) = (state.projection_untracked(), state.isolated.get_untracked());
    drawing::tick_labels(surface, theme, plane)?;
    let (classes, colours) = (state.classes.get_untracked(), state.colours.get_untracked());
    state.cloud.with_untracked(|cloud| {
        drawing::class_names(surface, theme, &classes, &colours, plane, cloud, isolated)?;
        let Some(hovered) = state.hovered.get_untracked() else { return Ok(()) };
        state.pairs.with_untracked(|pairs| {
            let pair = pairs.iter().find(|pair| pair.image == hovered);
            let distribution = pair.and_then(|pair| pair.label.zip(pair.distribution.as_ref()));
            distribution.map_or(Ok(()), |(label, of)| drawing::distribution(surface, theme, plane, label, of))
        })?;
        drawing::highlight(surface, theme, &colours, plane, cloud, hovered)
    })?;
    drawing::drawn(surface, theme, plane, state.exploration)?;
    state.code.with_untracked(|code| drawing::point(surface, theme, plane, code))
}
