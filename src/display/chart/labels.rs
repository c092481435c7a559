//! Labels at the ends of curves.

/// The smallest distance between two labels in CSS pixels.
const DISTANCE: f64 = 12.0;

/// Moves labels up until none overlaps another. Coordinates are CSS pixels from the top left corner.
pub fn separate_labels(mut places: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    for at in 1..places.len() {
        let (placed, rest) = places.split_at_mut(at);
        let [x, y] = &mut rest[0];
        let overlaps =
            |other: &[f64; 2], y: f64| (other[0] - *x).abs() < DISTANCE && (other[1] - y).abs() < DISTANCE;
        while let Some(other) = placed.iter().find(|other| overlaps(other, *y)) {
            *y = other[1] - DISTANCE;
        }
    }
    places
}

/// The centre of a label of this width, moved so that the label lies between two edges. All in one unit. A label that is wider
/// than the space begins at the first edge.
pub fn centre_within(centre: f64, width: f64, [from, to]: [f64; 2]) -> f64 {
    let half = width / 2.0;
    centre.min(to - half).max(from + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_at_an_edge_is_moved_until_it_is_whole() {
        assert_eq!(centre_within(50.0, 20.0, [0.0, 100.0]), 50.0);
        assert_eq!(centre_within(98.0, 20.0, [0.0, 100.0]), 90.0);
        assert_eq!(centre_within(1.0, 20.0, [0.0, 100.0]), 10.0);
        assert_eq!(centre_within(50.0, 120.0, [0.0, 100.0]), 60.0);
    }

    #[test]
    fn labels_at_one_place_are_stacked() {
        let places = vec![[100.0, 50.0], [100.0, 52.0], [104.0, 45.0], [20.0, 50.0]];
        assert_eq!(separate_labels(places), [[100.0, 50.0], [100.0, 38.0], [104.0, 26.0], [20.0, 50.0]]);
    }
}
