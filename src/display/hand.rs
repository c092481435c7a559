//! Where pointer and keys move the point to.

use latent_core::plane::{Cloud, Projection, Range};

/// Parts of the visible range that an arrow key moves by.
const FINE: f32 = 50.0;
/// ... with Shift.
const COARSE: f32 = 10.0;

/// What is in sight after two fingers went from one pair of places to another (parts of the square's side): what was
/// under them stays under them.
pub fn pinched(range: Range, before: [[f32; 2]; 2], after: [[f32; 2]; 2]) -> Range {
    let middle = |[a, b]: [[f32; 2]; 2]| [0, 1].map(|axis| (a[axis] + b[axis]) / 2.0);
    let apart = |[a, b]: [[f32; 2]; 2]| (a[0] - b[0]).hypot(a[1] - b[1]).max(0.01);
    let (from, to) = (middle(before), middle(after));
    range.dragged([to[0] - from[0], to[1] - from[1]]).zoomed(apart(before) / apart(after), to)
}

/// How much a turn of the wheel by so many pixels changes the range's radius.
pub fn wheeled(pixels: f64) -> f32 {
    (pixels.clamp(-400.0, 400.0) / 400.0).exp() as f32
}

/// Where a key moves the code: arrows along the axes by a part of the range, digits to the mean code of their kind.
/// On a line there is no up and down.
pub fn moved(
    key: &str,
    with_shift: bool,
    code: &[f32],
    plane: Projection,
    cloud: &Cloud,
) -> Option<Vec<f32>> {
    let by = 2.0 * plane.range.radius / if with_shift { COARSE } else { FINE };
    let [x, y] = match key {
        "ArrowLeft" => [-by, 0.0],
        "ArrowRight" => [by, 0.0],
        "ArrowUp" => [0.0, by],
        "ArrowDown" => [0.0, -by],
        _ => return cloud.mean(key.parse().ok()?),
    };
    let point = plane.axes.point(code);
    Some(plane.axes.moved(code, [point[0] + x, point[1] + y]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::plane::Axes;

    const RANGE: Range = Range { centre: [1.0, -1.0], radius: 5.0 };

    const PLANE: Projection = Projection { axes: Axes { right: 0, up: Some(1) }, range: RANGE };

    #[test]
    fn arrows_move_by_a_fiftieth_of_the_range_and_with_shift_by_a_tenth() {
        let go = |key, with_shift| moved(key, with_shift, &[1.0, -1.0], PLANE, &Cloud::empty(2));
        assert_eq!(go("ArrowRight", false), Some(vec![1.2, -1.0]));
        assert_eq!(go("ArrowUp", true), Some(vec![1.0, 0.0]));
        assert_eq!(go("ArrowDown", true), Some(vec![1.0, -2.0]));
        assert_eq!(go("Enter", false), None);
    }

    #[test]
    fn what_is_under_two_fingers_stays_under_them() {
        let (before, after) = ([[0.4, 0.5], [0.6, 0.5]], [[0.3, 0.6], [0.7, 0.6]]);
        let pinched = pinched(RANGE, before, after);
        assert!((pinched.radius - RANGE.radius / 2.0).abs() < 1e-5);
        for (before, after) in before.into_iter().zip(after) {
            let (was, is) = (RANGE.code_at(before), pinched.code_at(after));
            assert!((was[0] - is[0]).abs() < 1e-4 && (was[1] - is[1]).abs() < 1e-4, "{was:?} {is:?}");
        }
    }

    #[test]
    fn the_wheel_zooms_smoothly_and_never_wildly() {
        assert_eq!(wheeled(0.0), 1.0);
        assert!(wheeled(100.0) > 1.0 && wheeled(-100.0) < 1.0);
        assert_eq!(wheeled(1e9), wheeled(400.0));
    }

    #[test]
    fn other_numbers_of_a_long_code_stay() {
        let plane = Projection { axes: Axes { right: 2, up: Some(0) }, range: RANGE };
        let right = moved("ArrowRight", false, &[-1.0, 7.0, 1.0], plane, &Cloud::empty(3));
        assert_eq!(right, Some(vec![-1.0, 7.0, 1.2]));
    }

    #[test]
    fn digits_jump_to_the_mean_of_their_kind() {
        let cloud = Cloud { units: 2, labels: vec![3, 3], codes: vec![1.0, 2.0, 3.0, 0.0] };
        assert_eq!(moved("3", false, &[0.0; 2], PLANE, &cloud), Some(vec![2.0, 1.0]));
        assert_eq!(moved("9", false, &[0.0; 2], PLANE, &cloud), None);
    }
}
