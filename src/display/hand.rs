//! Where pointer and keys move the point to.

use crate::plane::{Cloud, Projection, Range};

/// Parts of the visible range that an arrow key moves by.
const FINE: f32 = 50.0;
/// ... with Shift.
const COARSE: f32 = 10.0;

/// The visible code under a pointer at `place`, in pixels from the top left corner of a square with `side` pixels.
pub fn pointed(range: Range, place: [f64; 2], side: f64) -> [f32; 2] {
    range.clamp(range.code_at(place.map(|pixels| (pixels / side.max(1.0)) as f32)))
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
    Some(plane.axes.moved(code, plane.range.clamp([point[0] + x, point[1] + y])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::Axes;

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
    fn the_point_stays_in_sight() {
        let left = moved("ArrowLeft", false, &[-4.0, -1.0], PLANE, &Cloud::empty(2));
        assert_eq!(left, Some(vec![-4.0, -1.0]));
        assert_eq!(pointed(RANGE, [-30.0, 900.0], 400.0), [-4.0, -6.0]);
        assert_eq!(pointed(RANGE, [200.0, 100.0], 400.0), [1.0, 1.5]);
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
