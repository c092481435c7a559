//! Handles pointer and keyboard events on the plane.

use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        keyboard_input::code_after_key,
        pointer_input::{may_scroll, pinch, wheel_zoom},
    },
};
use leptos::{ev, html, prelude::*};
use std::time::Duration;

/// The factor by which the plus button and the plus key change the visible radius.
pub(super) const ZOOM_IN: f32 = 0.8;
/// A pointer at most this far from a dot hovers over it, in CSS pixels.
const HOVER_DISTANCE: f64 = 10.0;
/// The same for a finger, which covers what it points at; and how far it may move while it taps.
const TOUCH_DISTANCE: f64 = 22.0;
/// A finger that rests this long takes hold of the point. One that moves up or down before scrolls the page.
const HOLD: Duration = Duration::from_millis(150);
/// A pointer at most this far from the middle of an anchor takes hold of it, in CSS pixels.
const ANCHOR_DISTANCE: f64 = 13.0;
/// The shortest time between two decodings ahead of a frame. A mouse may report a thousand moves a second.
const DECODE_AHEAD_MS: f64 = 4.0;

/// The pressed pointers by their ids, and their places in shares of the plane's side.
type Pointers = Vec<(i32, [f32; 2])>;

/// The event handlers and what they remember.
#[derive(Clone, Copy)]
pub(super) struct PlaneInput {
    area: NodeRef<html::Div>,
    pressed: StoredValue<Pointers>,
    /// The anchor of the path that is dragged.
    anchor: StoredValue<Option<usize>>,
    /// Where a finger went down that has tapped so far.
    tap: StoredValue<Option<[f32; 2]>>,
    /// Where a finger went down that may still scroll the page.
    waiting: StoredValue<Option<[f32; 2]>>,
    /// When a move was last decoded ahead of its frame.
    decoded_ahead_ms: StoredValue<f64>,
    state: State,
    supervisor: Supervisor,
}

impl PlaneInput {
    pub(super) fn new(area: NodeRef<html::Div>, state: State, supervisor: Supervisor) -> Self {
        let (pressed, decoded_ahead_ms) = (StoredValue::new(Pointers::new()), StoredValue::new(0.0));
        let (anchor, tap) = (StoredValue::new(None), StoredValue::new(None));
        Self {
            area,
            pressed,
            anchor,
            tap,
            waiting: StoredValue::new(None),
            decoded_ahead_ms,
            state,
            supervisor,
        }
    }

    /// The place of a pointer in shares of the plane's side from the top left corner, and the side in CSS pixels.
    fn place(&self, event: &web_sys::MouseEvent) -> Option<([f32; 2], f64)> {
        let area = self.area.get_untracked()?.get_bounding_client_rect();
        let pixels = [f64::from(event.client_x()) - area.left(), f64::from(event.client_y()) - area.top()];
        let side = area.width().max(1.0);
        Some((pixels.map(|pixels| (pixels / side) as f32), side))
    }

    pub(super) fn pointer_down(&self, event: &ev::PointerEvent) {
        // The middle button moves the plane, as in maps.
        if !matches!(event.button(), 0 | 1) {
            return;
        }
        let Some((place, side)) = self.place(event) else { return };
        if let Some(area) = self.area.get_untracked() {
            // Capture fails for a pointer that is already gone. The drag then ends at the plane's edge.
            let _ = area.set_pointer_capture(event.pointer_id());
        }
        self.pressed.update_value(|pressed| pressed.push((event.pointer_id(), place)));
        self.supervisor.hover(None);
        let is_first = self.pressed.with_value(Vec::len) == 1;
        self.tap.set_value(Some(place).filter(|_| is_first && is_touch(event)));
        self.anchor.set_value(None);
        // Two fingers zoom.
        self.stop_waiting();
        if is_first && !is_panning(event) {
            let reach = if is_touch(event) { TOUCH_DISTANCE } else { ANCHOR_DISTANCE } / side;
            let reach = reach as f32;
            let (path, plane) = (self.state.exploration.path, self.state.projection_untracked());
            let anchor = path.with_untracked(|path| {
                let at = path.anchor_at(plane, place, reach)?;
                Some((at, path.anchors[at].clone()))
            });
            match anchor {
                Some((at, code)) => {
                    self.anchor.set_value(Some(at));
                    self.supervisor.explore(code);
                }
                None if is_touch(event) && !self.is_near_point(place, reach) => self.wait(place),
                None => self.move_point(place),
            }
        }
        if event.button() == 1 {
            event.prevent_default();
        }
    }

    /// Has the image under a dragging pointer decoded before the frame. `pointermove` follows with the next frame and
    /// does the rest. Most images are decoded by then and shown in that frame.
    pub(super) fn pointer_raw_update(&self, event: &ev::PointerEvent) {
        let is_dragging =
            self.pressed.with_value(|pressed| matches!(pressed[..], [(id, _)] if id == event.pointer_id()));
        let since_last = event.time_stamp() - self.decoded_ahead_ms.get_value();
        let is_waiting = self.waiting.with_value(Option::is_some);
        if !is_dragging || is_waiting || is_panning(event) || since_last < DECODE_AHEAD_MS {
            return;
        }
        if let Some((place, _)) = self.place(event) {
            self.decoded_ahead_ms.set_value(event.time_stamp());
            self.supervisor.foresee(self.code_at(place));
        }
    }

    pub(super) fn pointer_move(&self, event: &ev::PointerEvent) {
        let Some((place, side)) = self.place(event) else { return };
        if let Some([x, y]) = self.tap.get_value()
            && f64::from((place[0] - x).hypot(place[1] - y)) * side > TOUCH_DISTANCE / 2.0
        {
            self.tap.set_value(None);
        }
        let before = self.pressed.get_value();
        let Some(moved) = before.iter().position(|(id, _)| *id == event.pointer_id()) else {
            return self.hover(place, (HOVER_DISTANCE / side) as f32);
        };
        self.pressed.update_value(|pressed| pressed[moved].1 = place);
        let range = self.state.range.get_untracked();
        match before.as_slice() {
            [(_, from)] if is_panning(event) => {
                self.supervisor.look(range.dragged([place[0] - from[0], place[1] - from[1]]));
            }
            [_] => match self.anchor.get_value() {
                Some(at) => self.move_anchor(at, place),
                None if self.still_waits(place, side) => {}
                None => self.move_point(place),
            },
            [(_, a), (_, b), ..] => {
                let mut after = [*a, *b];
                if let Some(finger) = after.get_mut(moved) {
                    *finger = place;
                    self.supervisor.look(pinch(range, [*a, *b], after));
                }
            }
            [] => {}
        }
    }

    pub(super) fn pointer_up(&self, event: &ev::PointerEvent) {
        self.pressed.update_value(|pressed| pressed.retain(|(id, _)| *id != event.pointer_id()));
        let tap = self.tap.try_update_value(Option::take).flatten();
        let anchor = self.anchor.try_update_value(Option::take).flatten();
        let waited = self.stop_waiting();
        // A finger cannot point at a dot: it taps near one. A touch that the browser takes over is cancelled.
        if let (Some(place), None, "pointerup") = (tap, anchor, event.type_().as_str())
            && let Some((_, side)) = self.place(event)
        {
            if waited {
                self.move_point(place);
            }
            self.hover(place, (TOUCH_DISTANCE / side) as f32);
        }
    }

    /// Keeps the browser from scrolling the page with fingers that drag or zoom.
    pub(super) fn touch_move(&self, event: &ev::TouchEvent) {
        if self.waiting.with_value(Option::is_none) && self.pressed.with_value(|pressed| !pressed.is_empty())
        {
            event.prevent_default();
        }
    }

    /// Waits for what a finger is about to do: it scrolls the page, taps, or takes hold of the point.
    fn wait(&self, place: [f32; 2]) {
        self.waiting.set_value(Some(place));
        let input = *self;
        let take_hold = move || {
            // Another finger has another place. The page may be closed by now.
            let still_waits = input.waiting.try_get_value().flatten() == Some(place);
            if still_waits && input.stop_waiting() {
                let last = input.pressed.with_value(|pressed| pressed.first().map(|(_, place)| *place));
                input.move_point(last.unwrap_or(place));
            }
        };
        set_timeout(take_hold, HOLD);
    }

    /// Ends the wait. Returns whether there was one.
    fn stop_waiting(&self) -> bool {
        self.waiting.try_update_value(Option::take).flatten().is_some()
    }

    /// Whether a finger may still scroll the page. One that moves sideways takes hold of the point.
    fn still_waits(&self, place: [f32; 2], side: f64) -> bool {
        let Some(from) = self.waiting.get_value() else { return false };
        let waits = may_scroll(from, place, side);
        if !waits {
            self.stop_waiting();
        }
        waits
    }

    fn is_near_point(&self, place: [f32; 2], reach: f32) -> bool {
        let plane = self.state.projection_untracked();
        let [x, y] = self.state.code.with_untracked(|code| plane.place(code));
        (place[0] - x).hypot(place[1] - y) <= reach
    }

    pub(super) fn pointer_leave(&self, event: &ev::PointerEvent) {
        // A finger leaves whenever it is lifted. What it has tapped stays until the next touch.
        if !is_touch(event) {
            self.supervisor.hover(None);
        }
    }

    /// Moves an anchor to a place on the plane, and the point with it.
    fn move_anchor(&self, at: usize, place: [f32; 2]) {
        let plane = self.state.projection_untracked();
        let point = plane.range.clamp(plane.range.code_at(place));
        let path = self.state.exploration.path;
        let anchor = path.with_untracked(|path| path.anchors.get(at).cloned());
        if let Some(code) = anchor.map(|anchor| plane.axes.moved(&anchor, point)) {
            self.supervisor.move_anchor(at, code.clone());
            self.supervisor.explore(code);
        }
    }

    fn move_point(&self, place: [f32; 2]) {
        self.supervisor.explore(self.code_at(place));
    }

    fn code_at(&self, place: [f32; 2]) -> Vec<f32> {
        let plane = self.state.projection_untracked();
        let point = plane.range.clamp(plane.range.code_at(place));
        self.state.code.with_untracked(|code| plane.axes.moved(code, point))
    }

    fn hover(&self, place: [f32; 2], distance: f32) {
        let (plane, class) = (self.state.projection_untracked(), self.state.isolated.get_untracked());
        let hovered = self.state.cloud.with_untracked(|cloud| plane.point_at(cloud, place, distance, class));
        self.supervisor.hover(hovered.map(|hovered| hovered as u32));
    }

    /// Zooms with Ctrl, which browsers also report for a pinch on a touchpad. Without it the wheel scrolls the page.
    pub(super) fn wheel(&self, event: &ev::WheelEvent) {
        if !event.ctrl_key() && !event.meta_key() {
            return;
        }
        if let Some((place, _)) = self.place(event) {
            event.prevent_default();
            let range = self.state.range.get_untracked();
            self.supervisor.look(range.zoomed(wheel_zoom(event.delta_y()), place));
        }
    }

    pub(super) fn key_down(&self, event: &ev::KeyboardEvent) {
        // The sliders inside handle their own keys.
        let is_own = event.target() == event.current_target();
        if !is_own || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (plane, code) = (self.state.projection_untracked(), self.state.code.get_untracked());
        let moved = |cloud: &_| code_after_key(&event.key(), event.shift_key(), &code, plane, cloud);
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

fn is_touch(event: &ev::PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

fn is_panning(event: &ev::PointerEvent) -> bool {
    event.shift_key() || event.buttons() & 4 != 0
}
