//! A native slider for one axis, visually hidden, for assistive technology.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers::coordinate,
};
use latent_core::math::read_f32;
use leptos::{ev, prelude::*};

/// The slider of the horizontal (0) or the vertical (1) axis.
#[component]
pub(super) fn AxisSlider(axis: usize) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let unit = move || {
        let axes = state.axes.get();
        [Some(axes.right), axes.up][axis].unwrap_or_default()
    };
    let bound = move |end: usize| state.range.get().bounds(axis)[end];
    let take = move |event: ev::Event| {
        if let Some(value) = read_f32(&event_target_value(&event)) {
            let plane = state.projection_untracked();
            let moved = |code: &Vec<f32>| {
                let mut point = plane.axes.point(code);
                point[axis] = value;
                plane.axes.moved(code, plane.range.clamp(point))
            };
            supervisor.explore(state.code.with_untracked(moved));
        }
    };
    view! {
        <input
            type="range"
            class="visually-hidden"
            aria-label=move || format!("z{}", unit() + 1)
            aria-valuetext=move || coordinate(state.point()[axis])
            min=move || bound(0).to_string()
            max=move || bound(1).to_string()
            step="any"
            prop:value=move || state.point()[axis].to_string()
            on:input=take
        />
    }
}
