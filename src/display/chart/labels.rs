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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_at_one_place_are_stacked() {
        let places = vec![[100.0, 50.0], [100.0, 52.0], [104.0, 45.0], [20.0, 50.0]];
        assert_eq!(separate_labels(places), [[100.0, 50.0], [100.0, 38.0], [104.0, 26.0], [20.0, 50.0]]);
    }
}
