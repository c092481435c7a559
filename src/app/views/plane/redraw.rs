//! Redraws each layer of the plane when something that it shows has changed.

use super::{
    Layers,
    drawing::{self, Manifold},
};
use crate::app::{
    exploration::Exploration,
    state::State,
    views::{
        canvas::{Layer, Surface},
        frames::Redraw,
        screen::{Screen, Theme},
    },
};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Draws each layer in the frame after a change.
pub(super) fn draw_when_due(state: State, [below, middle, above]: Layers) {
    let manifold = Manifold::default();
    let grid = redraw(below, move |surface, theme| draw_grid(state, &manifold, surface, theme));
    let codes = redraw(middle, move |surface, theme| draw_codes(state, surface, theme));
    let point = redraw(above, move |surface, theme| draw_point(state, surface, theme));
    let screen = expect_context::<Screen>();
    let track_plane = move || {
        screen.track();
        state.range.track();
        state.axes.track();
        state.colours.track();
    };
    grid.follow_training(move || state.map.track());
    // Whoever looks back waits for the manifold of that moment.
    grid.follow(move || {
        if state.looked_at.get().is_some() {
            state.map.track();
        }
    });
    grid.follow(move || {
        track_plane();
        state.shows_map.track();
        state.shows_prior.track();
        state.run_settings.track();
    });
    codes.follow(move || {
        track_plane();
        state.cloud.track();
        state.isolated.track();
        state.classes.track();
        let Exploration { shows_errors, errors, shows_contours, contours, .. } = state.exploration;
        shows_errors.track();
        errors.track();
        shows_contours.track();
        contours.track();
    });
    point.follow_training(move || {
        if state.hovered.get().is_some() {
            state.cloud.track();
            state.pairs.track();
        }
    });
    point.follow(move || {
        track_plane();
        state.hovered.track();
        state.comparison.marked.track();
        state.code.track();
        state.exploration.drawn.track();
        state.exploration.path.track();
    });
}

/// Draws on a canvas, also whenever its size changes.
pub(super) fn redraw(
    layer: Layer,
    draw: impl Fn(&Surface, &Theme) -> Result<(), JsValue> + 'static,
) -> Redraw {
    let redraw = Redraw::new(move || {
        if let Some(surface) = Surface::blank(layer) {
            // Drawing fails only on a page that is being closed.
            let _ = draw(&surface, &Theme::now());
        }
    });
    layer.redraw_when_resized(&redraw);
    redraw
}

/// Draws the manifold, the grid and the prior.
fn draw_grid(state: State, manifold: &Manifold, surface: &Surface, theme: &Theme) -> Result<(), JsValue> {
    let plane = state.projection_untracked();
    let shape = state.run_settings.with_untracked(|settings| settings.model.input);
    let draw = |map: &_| manifold.draw(surface, theme, plane, map, shape);
    state.map.with_untracked(|map| map.as_ref().map_or(Ok(()), draw))?;
    drawing::grid(surface, theme, plane);
    if state.shows_prior.get_untracked() && untrack(|| state.is_variational()) {
        drawing::prior(surface, theme, plane)?;
    }
    Ok(())
}

/// Draws the dots, and what is written above them.
fn draw_codes(state: State, surface: &Surface, theme: &Theme) -> Result<(), JsValue> {
    let (plane, isolated) = (state.projection_untracked(), state.isolated.get_untracked());
    let (classes, colours) = (state.classes.get_untracked(), state.colours.get_untracked());
    let Exploration { shows_errors, errors, shows_contours, contours, .. } = state.exploration;
    state.cloud.with_untracked(|cloud| {
        match shows_errors.get_untracked() {
            true => errors.with_untracked(|errors| {
                drawing::dots_by_error(surface, theme, plane, cloud, errors, isolated)
            }),
            false => drawing::dots(surface, theme, &colours, plane, cloud, isolated),
        }?;
        // On other axes they are those of another plane.
        if shows_contours.get_untracked() && plane.axes.up.is_some() {
            contours.with_untracked(|contours| {
                drawing::contours(surface, theme, &colours, plane, contours, isolated);
            });
        }
        drawing::tick_labels(surface, theme, plane)?;
        drawing::class_names(surface, theme, &classes, &colours, plane, cloud, isolated)
    })
}

/// Draws the point, and what marks the dot under the pointer.
fn draw_point(state: State, surface: &Surface, theme: &Theme) -> Result<(), JsValue> {
    let plane = state.projection_untracked();
    let marked = state.hovered.get_untracked().or(state.comparison.marked.get_untracked());
    if let Some(hovered) = marked {
        state.pairs.with_untracked(|pairs| {
            let pair = pairs.iter().find(|pair| pair.image == hovered);
            let distribution = pair.and_then(|pair| pair.label.zip(pair.distribution.as_ref()));
            distribution.map_or(Ok(()), |(label, of)| drawing::distribution(surface, theme, plane, label, of))
        })?;
        let colours = state.colours.get_untracked();
        state
            .cloud
            .with_untracked(|cloud| drawing::highlight(surface, theme, &colours, plane, cloud, hovered))?;
    }
    state.exploration.path.with_untracked(|path| drawing::path(surface, theme, plane, path))?;
    drawing::drawn(surface, theme, plane, state.exploration)?;
    state.code.with_untracked(|code| drawing::point(surface, theme, plane, code))
}
