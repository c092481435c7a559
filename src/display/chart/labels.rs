//! Labels at the ends of curves.

/// The least distance of two labels, in CSS pixels.
const APART: f64 = 12.0;

/// Moves labels up until none lies upon another. Places are in pixels, from the top left corner.
pub fn apart(mut places: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    for at in 1..places.len() {
        let (placed, rest) = places.split_at_mut(at);
        let [x, y] = &mut rest[0];
        let lies_on =
            |other: &[f64; 2], y: f64| (other[0] - *x).abs() < APART && (other[1] - y).abs() < APART;
        while let Some(other) = placed.iter().find(|other| lies_on(other, *y)) {
            *y = other[1] - APART;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_at_one_place_stand_one_above_the_other() {
        let places = vec![[100.0, 50.0], [100.0, 52.0], [104.0, 45.0], [20.0, 50.0]];
        assert_eq!(apart(places), [[100.0, 50.0], [100.0, 38.0], [104.0, 26.0], [20.0, 50.0]]);
    }
}
