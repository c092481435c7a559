//! The square that shows the plane: pointer, fingers and keys.

use super::{Layers, layers};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{hand, numbers::coordinate},
};
use leptos::{ev, html, prelude::*};

/// How near to a digit the pointer counts as over it, in CSS pixels.
const REACH: f64 = 10.0;
/// Moves that are decoded ahead of their frame are at least so far apart: mice may tell of a thousand a second.
const AHEAD_MS: f64 = 4.0;

/// What pointers are down, and where they are, in parts of the square's side.
type Fingers = Vec<(i32, [f32; 2])>;

#[component]
pub(super) fn Square(planes: Layers) -> impl IntoView {
    let state = expect_context::<State>();
    layers::draw_when_due(state, planes);
    let square = NodeRef::<html::Div>::new();
    let hands = Hands {
        square,
        fingers: StoredValue::new(Fingers::new()),
        ahead_ms: StoredValue::new(0.0),
        state,
        supervisor: expect_context(),
    };
    let bound = move |axis: usize, end: usize| state.range.get().bounds(axis)[end].to_string();
    let has_up = Memo::new(move |_| state.axes.get().up.is_some());
    let label = move || {
        let [z1, z2] = state.point().map(coordinate);
        let axes = state.axes.get();
        let up = axes.up.map(|up| format!(", z{} {z2}", up + 1)).unwrap_or_default();
        let keys = "Arrow keys move the point, digit keys jump to a digit, plus and minus zoom, f fits.";
        format!("Latent plane, z{} {z1}{up}. {keys}", axes.right + 1)
    };
    view! {
        <div
            node_ref=square
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
            on:pointerdown=move |event| hands.press(&event)
            on:pointerrawupdate=move |event: ev::PointerEvent| hands.foresee(&event)
            on:pointermove=move |event| hands.glide(&event)
            on:pointerup=move |event| hands.lift(&event)
            on:pointercancel=move |event| hands.lift(&event)
            on:lostpointercapture=move |event| hands.lift(&event)
            on:pointerleave=move |_| hands.supervisor.hover(None)
            on:wheel=move |event| hands.wheel(&event)
            on:keydown=move |event| hands.key(&event)
        >
            {planes.map(|layer| view! { <canvas node_ref=layer aria-hidden="true"></canvas> })}
            <Slider axis=0 />
            <Show when=move || has_up.get()>
                <Slider axis=1 />
            </Show>
        </div>
    }
}

/// What pointers and keys do.
#[derive(Clone, Copy)]
struct Hands {
    square: NodeRef<html::Div>,
    fingers: StoredValue<Fingers>,
    /// When a move was last decoded ahead of its frame.
    ahead_ms: StoredValue<f64>,
    state: State,
    supervisor: Supervisor,
}

impl Hands {
    /// Where a pointer is, in parts of the side from the top left corner, and the side in CSS pixels.
    fn place(&self, event: &web_sys::MouseEvent) -> Option<([f32; 2], f64)> {
        let square = self.square.get_untracked()?.get_bounding_client_rect();
        let pixels =
            [f64::from(event.client_x()) - square.left(), f64::from(event.client_y()) - square.top()];
        let side = square.width().max(1.0);
        Some((pixels.map(|pixels| (pixels / side) as f32), side))
    }

    fn press(&self, event: &ev::PointerEvent) {
        // The middle button moves the plane, as in maps.
        if !matches!(event.button(), 0 | 1) {
            return;
        }
        let Some((place, _)) = self.place(event) else { return };
        if let Some(square) = self.square.get_untracked() {
            // Without capture, which a pointer that is gone already can't have, the drag ends at the plane's edge.
            let _ = square.set_pointer_capture(event.pointer_id());
        }
        self.fingers.update_value(|fingers| fingers.push((event.pointer_id(), place)));
        self.supervisor.hover(None);
        if self.fingers.with_value(Vec::len) == 1 && !is_panning(event) {
            self.explore(place);
        }
        if event.button() == 1 {
            event.prevent_default();
        }
    }

    /// Has the digit under a dragging finger decoded as soon as the finger is known to move. `pointermove` comes with
    /// the next frame, and brings all else along: most digits are there by then, and seen in that very frame.
    fn foresee(&self, event: &ev::PointerEvent) {
        let is_dragging =
            self.fingers.with_value(|fingers| matches!(fingers[..], [(id, _)] if id == event.pointer_id()));
        if !is_dragging || is_panning(event) || event.time_stamp() - self.ahead_ms.get_value() < AHEAD_MS {
            return;
        }
        if let Some((place, _)) = self.place(event) {
            self.ahead_ms.set_value(event.time_stamp());
            self.supervisor.foresee(self.code_at(place));
        }
    }

    fn glide(&self, event: &ev::PointerEvent) {
        let Some((place, side)) = self.place(event) else { return };
        let before = self.fingers.get_value();
        let Some(moved) = before.iter().position(|(id, _)| *id == event.pointer_id()) else {
            return self.hover(place, (REACH / side) as f32);
        };
        self.fingers.update_value(|fingers| fingers[moved].1 = place);
        let range = self.state.range.get_untracked();
        match before.as_slice() {
            [(_, from)] if is_panning(event) => {
                self.supervisor.look(range.dragged([place[0] - from[0], place[1] - from[1]]));
            }
            [_] => self.explore(place),
            [(_, a), (_, b), ..] => {
                let mut after = [*a, *b];
                if let Some(finger) = after.get_mut(moved) {
                    *finger = place;
                    self.supervisor.look(hand::pinched(range, [*a, *b], after));
                }
            }
            [] => {}
        }
    }

    fn lift(&self, event: &ev::PointerEvent) {
        self.fingers.update_value(|fingers| fingers.retain(|(id, _)| *id != event.pointer_id()));
    }

    fn explore(&self, place: [f32; 2]) {
        self.supervisor.explore(self.code_at(place));
    }

    fn code_at(&self, place: [f32; 2]) -> Vec<f32> {
        let plane = self.state.projection_untracked();
        let point = plane.range.clamp(plane.range.code_at(place));
        self.state.code.with_untracked(|code| plane.axes.moved(code, point))
    }

    fn hover(&self, place: [f32; 2], reach: f32) {
        let (plane, kind) = (self.state.projection_untracked(), self.state.isolated.get_untracked());
        let digit = self.state.cloud.with_untracked(|cloud| plane.digit_at(cloud, place, reach, kind));
        self.supervisor.hover(digit.map(|digit| digit as u32));
    }

    /// With Ctrl, as browsers tell a pinch on a touchpad too: without it the wheel scrolls the page.
    fn wheel(&self, event: &ev::WheelEvent) {
        if !event.ctrl_key() && !event.meta_key() {
            return;
        }
        if let Some((place, _)) = self.place(event) {
            event.prevent_default();
            let range = self.state.range.get_untracked();
            self.supervisor.look(range.zoomed(hand::wheeled(event.delta_y()), place));
        }
    }

    fn key(&self, event: &ev::KeyboardEvent) {
        let is_own = event.target() == event.current_target();
        if !is_own || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (plane, code) = (self.state.projection_untracked(), self.state.code.get_untracked());
        let moved = |cloud: &_| hand::moved(&event.key(), event.shift_key(), &code, plane, cloud);
        match event.key().as_str() {
            "+" | "=" => self.supervisor.zoom(ZOOM_IN),
            "-" => self.supervisor.zoom(1.0 / ZOOM_IN),
            "f" => self.supervisor.look_at_all(),
            _ => match self.state.cloud.with_untracked(moved) {
                Some(code) => self.supervisor.explore(code),
                None => return,
            },
        }
        event.prevent_default();
    }
}

/// What a press on plus makes of the visible radius.
pub(super) const ZOOM_IN: f32 = 0.8;

fn is_panning(event: &ev::PointerEvent) -> bool {
    event.shift_key() || event.buttons() & 4 != 0
}

/// One axis as a native slider, unseen: what assistive technology knows how to use.
#[component]
fn Slider(axis: usize) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let unit = move || {
        let axes = state.axes.get();
        [Some(axes.right), axes.up][axis].unwrap_or_default()
    };
    let bound = move |end: usize| state.range.get().bounds(axis)[end];
    let take = move |event: ev::Event| {
        if let Ok(value) = event_target_value(&event).parse() {
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
