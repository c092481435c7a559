//! The element that shows the plane and takes pointer and keyboard input.

use super::{Layers, axis_slider::AxisSlider, input::PlaneInput, redraw};
use crate::app::views::erased::Shown;
use crate::{app::state::State, display::numbers::coordinate};
use leptos::{ev, html, prelude::*};

#[component]
pub(super) fn InputArea(layers: Layers) -> impl IntoView {
    let state = expect_context::<State>();
    redraw::draw_when_due(state, layers);
    let area = NodeRef::<html::Div>::new();
    let input = PlaneInput::new(area, state, expect_context());
    let bound = move |axis: usize, end: usize| state.range.get().bounds(axis)[end].to_string();
    let has_up = Memo::new(move |_| state.axes.get().up.is_some());
    let label = move || {
        let [z1, z2] = state.point().map(coordinate);
        let axes = state.axes.get();
        let up = axes.up.map(|up| format!(", z{} {z2}", up + 1)).unwrap_or_default();
        let keys =
            "Arrow keys move the point, number keys go to a class, plus and minus zoom, f fits all codes.";
        format!("Latent plane, z{} {z1}{up}. {keys}", axes.right + 1)
    };
    view! {
        <div
            node_ref=area
            id="latent-plane"
            tabindex="0"
            role="application"
            aria-roledescription="two-dimensional slider"
            aria-label=label
            data-z1=move || state.point()[0].to_string()
            data-z2=move || state.point()[1].to_string()
            data-x-min=move || bound(0, 0)
            data-x-max=move || bound(0, 1)
            data-y-min=move || bound(1, 0)
            data-y-max=move || bound(1, 1)
            data-digits=move || state.cloud.with(|cloud| cloud.len()).to_string()
            data-map=move || state.map.with(|map| map.as_ref().map_or(0, |map| map.grid.rows())).to_string()
            on:pointerdown=move |event| input.pointer_down(&event)
            on:pointerrawupdate=move |event: ev::PointerEvent| input.pointer_raw_update(&event)
            on:pointermove=move |event| input.pointer_move(&event)
            on:touchmove=move |event| input.touch_move(&event)
            on:pointerup=move |event| input.pointer_up(&event)
            on:pointercancel=move |event| input.pointer_up(&event)
            on:lostpointercapture=move |event| input.pointer_up(&event)
            on:pointerleave=move |event| input.pointer_leave(&event)
            on:wheel=move |event| input.wheel(&event)
            on:keydown=move |event| input.key_down(&event)
        >
            {layers.map(|layer| view! { <canvas node_ref=layer.canvas aria-hidden="true"></canvas> })}
            <AxisSlider axis=0 />
            <Shown when=move || has_up.get()>
                <AxisSlider axis=1 />
            </Shown>
        </div>
    }
}
