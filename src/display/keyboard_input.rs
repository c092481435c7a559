//! Where a key on the latent plane moves the point.

use latent_core::plane::{Cloud, Projection};

/// An arrow key moves the point by the visible range divided by this.
const FINE: f32 = 50.0;
/// The same with Shift.
const COARSE: f32 = 10.0;

/// The code after a key. Arrow keys move it along the axes. A digit key moves it to a typical image of that class. `None`
/// for other keys. A plane with one axis has no up and down.
pub fn code_after_key(
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
        _ => return cloud.typical_code(key.parse().ok()?),
    };
    let point = plane.axes.point(code);
    Some(plane.axes.moved(code, [point[0] + x, point[1] + y]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::plane::{Axes, Range};

    const RANGE: Range = Range { centre: [1.0, -1.0], radius: 5.0 };
    const PLANE: Projection = Projection { axes: Axes { right: 0, up: Some(1) }, range: RANGE };

    #[test]
    fn arrows_move_by_a_fiftieth_of_the_range_and_with_shift_by_a_tenth() {
        let go = |key, with_shift| code_after_key(key, with_shift, &[1.0, -1.0], PLANE, &Cloud::empty(2));
        assert_eq!(go("ArrowRight", false), Some(vec![1.2, -1.0]));
        assert_eq!(go("ArrowUp", true), Some(vec![1.0, 0.0]));
        assert_eq!(go("ArrowDown", true), Some(vec![1.0, -2.0]));
        assert_eq!(go("Enter", false), None);
    }

    #[test]
    fn numbers_of_the_code_that_are_not_shown_stay() {
        let plane = Projection { axes: Axes { right: 2, up: Some(0) }, range: RANGE };
        let right = code_after_key("ArrowRight", false, &[-1.0, 7.0, 1.0], plane, &Cloud::empty(3));
        assert_eq!(right, Some(vec![-1.0, 7.0, 1.2]));
    }

    #[test]
    fn a_digit_key_jumps_to_a_typical_image_of_its_class() {
        let cloud = Cloud { units: 2, labels: vec![3, 3, 3], codes: vec![1.0, 2.0, 2.0, 1.0, 3.0, 0.0] };
        assert_eq!(code_after_key("3", false, &[0.0; 2], PLANE, &cloud), Some(vec![2.0, 1.0]));
        assert_eq!(code_after_key("9", false, &[0.0; 2], PLANE, &cloud), None);
    }
}
