//! Where the names of the classes stand on the plane: near their codes, inside of the plane, and clear of each other.

/// The size of the letters, in CSS pixels: numerals are large, names are smaller.
pub fn letter_size(names: &[impl AsRef<str>]) -> f64 {
    if names.iter().all(|name| name.as_ref().len() <= 2) { 16.0 } else { 13.0 }
}

/// The width of a letter at most, as a share of its size: of the bold letters of a sans-serif font, on average.
const LETTER_WIDTH: f64 = 0.6;
/// The distance of two names one below the other, as a share of their size.
const LINE: f64 = 1.2;
/// How many lines a name may be moved up or down.
const MOST_LINES: i32 = 9;

/// The centres of names whose classes lie at these places, in the same order. A name that would lie on one before it is moved up or
/// down to the nearest free line.
pub fn placed(labels: &[(&str, [f64; 2])], letter_size: f64, [width, height]: [f64; 2]) -> Vec<[f64; 2]> {
    let line = LINE * letter_size;
    let half = |name: &str| LETTER_WIDTH * letter_size * name.chars().count() as f64 / 2.0;
    let mut taken: Vec<([f64; 2], f64)> = Vec::new();
    for &(name, [x, y]) in labels {
        let half = half(name);
        // `clamp` panics where a name is wider than the plane.
        let x = x.min(width - half).max(half);
        let y = y.min(height - line / 2.0).max(line / 2.0);
        let is_free = |&y: &f64| {
            let is_inside = y >= line / 2.0 && y <= height - line / 2.0;
            let lies_on = |&([x2, y2], half2): &([f64; 2], f64)| {
                (x - x2).abs() < half + half2 && (y - y2).abs() < line - 1e-6
            };
            is_inside && !taken.iter().any(lies_on)
        };
        let lines = (0..=MOST_LINES).flat_map(|lines| [f64::from(lines), f64::from(-lines)]);
        let free = lines.map(|lines| y + lines * line).find(is_free);
        taken.push(([x, free.unwrap_or(y)], half));
    }
    taken.into_iter().map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: [f64; 2] = [340.0; 2];

    #[test]
    fn names_that_are_clear_of_each_other_stay_where_they_are() {
        let labels = [("3", [100.0, 100.0]), ("8", [120.0, 100.0]), ("9", [100.0, 120.0])];
        assert_eq!(placed(&labels, 16.0, SIZE), labels.map(|(_, place)| place));
    }

    #[test]
    fn names_at_one_place_stand_below_and_above_each_other() {
        let labels = ["Pullover", "Coat", "Shirt"].map(|name| (name, [170.0, 170.0]));
        assert_eq!(placed(&labels, 10.0, SIZE), [[170.0, 170.0], [170.0, 182.0], [170.0, 158.0]]);
    }

    #[test]
    fn long_names_are_smaller_than_numerals() {
        assert!(letter_size(&["Bag", "Coat"]) < letter_size(&["0", "10"]));
    }

    proptest! {
        #[test]
        fn every_name_lies_inside(places in proptest::collection::vec([-50.0..400.0f64, -50.0..400.0f64], 10)) {
            let labels: Vec<_> = places.iter().map(|&place| ("T-shirt/top", place)).collect();
            for [x, y] in placed(&labels, 13.0, SIZE) {
                prop_assert!((42.9..=297.1).contains(&x) && (7.7..=332.3).contains(&y), "{x} {y}");
            }
        }
    }
}
