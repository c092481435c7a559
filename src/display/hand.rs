//! Where pointer and keys move the point to.

use crate::plane::{Cloud, Range};

/// Parts of the visible range that an arrow key moves by.
const FINE: f32 = 50.0;
/// ... with Shift.
const COARSE: f32 = 10.0;

/// The visible code under a pointer at `place`, in pixels from the top left corner of a square with `side` pixels.
pub fn pointed(range: Range, place: [f64; 2], side: f64) -> [f32; 2] {
    range.clamp(range.code_at(place.map(|pixels| (pixels / side.max(1.0)) as f32)))
}

/// Where a key moves the point: arrows by a part of the range, digits to the mean code of their kind.
pub fn moved(key: &str, with_shift: bool, point: [f32; 2], range: Range, cloud: &Cloud) -> Option<[f32; 2]> {
    let by = 2.0 * range.radius / if with_shift { COARSE } else { FINE };
    let [x, y] = match key {
        "ArrowLeft" => [-by, 0.0],
        "ArrowRight" => [by, 0.0],
        "ArrowUp" => [0.0, by],
        "ArrowDown" => [0.0, -by],
        _ => return mean_code(cloud, key.parse().ok()?),
    };
    Some(range.clamp([point[0] + x, point[1] + y]))
}

/// The mean code of the digits of a kind; none when there are none.
pub fn mean_code(cloud: &Cloud, digit: u8) -> Option<[f32; 2]> {
    let (mut sum, mut count) = ([0f64; 2], 0);
    for (&label, code) in cloud.labels.iter().zip(cloud.codes.chunks_exact(2)) {
        if label == digit && code.iter().all(|value| value.is_finite()) {
            sum = [0, 1].map(|axis| sum[axis] + f64::from(code[axis]));
            count += 1;
        }
    }
    (count > 0).then(|| sum.map(|sum| (sum / f64::from(count)) as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range { centre: [1.0, -1.0], radius: 5.0 };

    fn cloud() -> Cloud {
        Cloud { labels: vec![3, 7, 3, 3], codes: vec![1.0, 2.0, -4.0, -4.0, 3.0, 0.0, f32::NAN, 9.0] }
    }

    #[test]
    fn arrows_move_by_a_fiftieth_of_the_range_and_with_shift_by_a_tenth() {
        let go = |key, with_shift| moved(key, with_shift, [1.0, -1.0], RANGE, &cloud());
        assert_eq!(go("ArrowRight", false), Some([1.2, -1.0]));
        assert_eq!(go("ArrowUp", true), Some([1.0, 0.0]));
        assert_eq!(go("ArrowDown", true), Some([1.0, -2.0]));
        assert_eq!(go("Enter", false), None);
    }

    #[test]
    fn the_point_stays_in_sight() {
        assert_eq!(moved("ArrowLeft", false, [-4.0, -1.0], RANGE, &cloud()), Some([-4.0, -1.0]));
        assert_eq!(pointed(RANGE, [-30.0, 900.0], 400.0), [-4.0, -6.0]);
        assert_eq!(pointed(RANGE, [200.0, 100.0], 400.0), [1.0, 1.5]);
    }

    #[test]
    fn digits_jump_to_the_mean_of_their_kind() {
        assert_eq!(moved("3", false, [0.0; 2], RANGE, &cloud()), Some([2.0, 1.0]));
        assert_eq!(moved("9", false, [0.0; 2], RANGE, &cloud()), None);
        assert_eq!(moved("3", false, [0.0; 2], RANGE, &Cloud::default()), None);
    }
}
