//! What fingers and the wheel do on the plane: whether they may scroll the page, and what they make of the visible range.

use latent_core::plane::Range;

/// The range after two fingers moved from the places `before` to the places `after`, in shares of the plane's side.
/// What was under the fingers stays under them.
pub fn pinch(range: Range, before: [[f32; 2]; 2], after: [[f32; 2]; 2]) -> Range {
    let middle = |[a, b]: [[f32; 2]; 2]| [0, 1].map(|axis| (a[axis] + b[axis]) / 2.0);
    let distance = |[a, b]: [[f32; 2]; 2]| (a[0] - b[0]).hypot(a[1] - b[1]).max(0.01);
    let (from, to) = (middle(before), middle(after));
    range.dragged([to[0] - from[0], to[1] - from[1]]).zoomed(distance(before) / distance(after), to)
}

/// Fingers tremble by so many CSS pixels while they rest.
const TREMBLE: f64 = 6.0;

/// Whether a finger that went from one place to another, in shares of the plane's side, may be about to scroll the page: it has
/// hardly moved, or rather up or down than sideways.
pub fn may_scroll(from: [f32; 2], to: [f32; 2], side: f64) -> bool {
    let [across, down] = [0, 1].map(|axis| f64::from((to[axis] - from[axis]).abs()) * side);
    across <= TREMBLE || across <= down
}

/// The factor by which a turn of the wheel by so many pixels changes the range's radius.
pub fn wheel_zoom(pixels: f64) -> f32 {
    (pixels.clamp(-400.0, 400.0) / 400.0).exp() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range { centre: [1.0, -1.0], radius: 5.0 };

    #[test]
    fn what_is_under_two_fingers_stays_under_them() {
        let (before, after) = ([[0.4, 0.5], [0.6, 0.5]], [[0.3, 0.6], [0.7, 0.6]]);
        let pinched = pinch(RANGE, before, after);
        assert!((pinched.radius - RANGE.radius / 2.0).abs() < 1e-5);
        for (before, after) in before.into_iter().zip(after) {
            let (was, is) = (RANGE.code_at(before), pinched.code_at(after));
            assert!((was[0] - is[0]).abs() < 1e-4 && (was[1] - is[1]).abs() < 1e-4, "{was:?} {is:?}");
        }
    }

    #[test]
    fn a_finger_that_moves_sideways_does_not_scroll() {
        let scrolls = |to| may_scroll([0.5, 0.5], to, 300.0);
        assert!(scrolls([0.5, 0.5]) && scrolls([0.51, 0.5]), "it rests");
        assert!(scrolls([0.5, 0.9]) && scrolls([0.4, 0.35]), "it goes up or down");
        assert!(!scrolls([0.4, 0.5]) && !scrolls([0.6, 0.55]), "it goes sideways");
    }

    #[test]
    fn the_wheel_zooms_smoothly_and_within_a_limit() {
        assert_eq!(wheel_zoom(0.0), 1.0);
        assert!(wheel_zoom(100.0) > 1.0 && wheel_zoom(-100.0) < 1.0);
        assert_eq!(wheel_zoom(1e9), wheel_zoom(400.0));
    }
}
