//! When each layer of the plane is drawn.

use super::{Layers, drawing};
use crate::app::{
    state::State,
    views::canvas::{Redraw, Screen, Surface, Theme},
};
use leptos::prelude::*;

/// Draws each layer in a frame after something that it shows has changed.
pub(super) fn draw_when_due(state: State, [below, middle, above]: Layers) {
    // A drawing fails only where the canvas is on its way out.
    let grid = Redraw::new(0.0, move || {
        let Some(surface) = below.get_untracked().and_then(Surface::blank) else { return };
        let (theme, plane) = (Theme::now(), state.projection_untracked());
        let draw = |map: &_| drawing::manifold(&surface, &theme, plane, map);
        let _ = state.map.with_untracked(|map| map.as_ref().map_or(Ok(()), draw));
        drawing::grid(&surface, &theme, plane);
    });
    let digits = Redraw::new(0.0, move || {
        let Some(surface) = middle.get_untracked().and_then(Surface::blank) else { return };
        let (plane, isolated) = (state.projection_untracked(), state.isolated.get_untracked());
        let draw = |cloud: &_| drawing::digits(&surface, &Theme::now(), plane, cloud, isolated);
        let _ = state.cloud.with_untracked(draw);
    });
    let point = Redraw::new(0.0, move || {
        let Some(surface) = above.get_untracked().and_then(Surface::blank) else { return };
        let _ = draw_above(state, &surface, &Theme::now());
    });
    for (canvas, redraw) in [(below, &grid), (middle, &digits), (above, &point)] {
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
        grid.ask();
    });
    Effect::new(move |_| {
        track_plane();
        state.cloud.track();
        state.isolated.track();
        digits.ask();
    });
    Effect::new(move |_| {
        track_plane();
        state.cloud.track();
        state.isolated.track();
        state.hovered.track();
        state.code.track();
        point.ask();
    });
}

fn draw_above(state: State, surface: &Surface, theme: &Theme) -> Result<(), wasm_bindgen::JsValue> {
    let (plane, isolated) = (state.projection_untracked(), state.isolated.get_untracked());
    drawing::labels(surface, theme, plane)?;
    state.cloud.with_untracked(|cloud| {
        drawing::names(surface, theme, plane, cloud, isolated)?;
        let hovered = state.hovered.get_untracked();
        hovered.map_or(Ok(()), |digit| drawing::mark(surface, theme, plane, cloud, digit))
    })?;
    state.code.with_untracked(|code| drawing::point(surface, theme, plane, code))
}
