//! Where the names of the classes stand on the plane: where their dots lie most densely, inside of the plane, and clear of each other.

/// The size of the letters, in CSS pixels: numerals are large, names are smaller.
pub fn letter_size(names: &[impl AsRef<str>]) -> f64 {
    if names.iter().all(|name| name.as_ref().len() <= 2) { 16.0 } else { 13.0 }
}

/// Cells along a side of the grid on which dots are counted.
const SIDE: usize = 32;
/// A name stands at the densest place of its class, or where its dots are at least that share as dense.
const LEAST_SHARE: f32 = 0.35;
/// Places of a class that are tried.
const MOST_PLACES: usize = 24;

/// Where the dots of each of these classes are dense, the densest place first, none where no dot of it is in sight. What other classes
/// share counts less. Places are shares of the plane's side.
pub fn dense_places(classes: &[u8], dots: impl Iterator<Item = (u8, [f32; 2])>) -> Vec<Vec<[f64; 2]>> {
    // The last one counts all dots.
    let mut counts = vec![vec![0f32; SIDE * SIDE]; classes.len() + 1];
    for (label, place) in dots {
        if !place.iter().all(|at| (0.0..1.0).contains(at)) {
            continue;
        }
        let [column, row] = place.map(|at| (at * SIDE as f32) as usize);
        let own = classes.iter().position(|&class| class == label);
        for at in own.into_iter().chain([classes.len()]) {
            counts[at][row * SIDE + column] += 1.0;
        }
    }
    counts.iter_mut().for_each(|counts| blur(counts));
    let all = counts.pop().unwrap_or_default();
    counts.iter().map(|own| best_places(own, &all)).collect()
}

/// Adds what neighbouring cells have, along rows and columns.
fn blur(counts: &mut [f32]) {
    for (stride, across) in [(1, SIDE), (SIDE, 1)] {
        let before = counts.to_vec();
        for line in 0..SIDE {
            for at in 0..SIDE {
                let value = |at: usize| before[line * across + at * stride];
                let sum = 2.0 * value(at) + value(at.saturating_sub(1)) + value((at + 1).min(SIDE - 1));
                counts[line * across + at * stride] = sum;
            }
        }
    }
}

/// The middles of the cells where a class is dense, the best first.
fn best_places(own: &[f32], all: &[f32]) -> Vec<[f64; 2]> {
    let score = |cell: usize| own[cell] * own[cell] / all[cell].max(1.0);
    let mut best: Vec<usize> = Vec::with_capacity(MOST_PLACES + 1);
    for cell in (0..own.len()).filter(|&cell| own[cell] > 0.0) {
        // A sort would be more program than this.
        let at = best.partition_point(|&other| score(other) >= score(cell));
        if at < MOST_PLACES {
            best.insert(at, cell);
            best.truncate(MOST_PLACES);
        }
    }
    let least = best.first().map_or(0.0, |&first| LEAST_SHARE * score(first));
    best.retain(|&cell| score(cell) >= least);
    let middle = |at: usize| (at as f64 + 0.5) / SIDE as f64;
    best.into_iter().map(|cell| [middle(cell % SIDE), middle(cell / SIDE)]).collect()
}

/// The width of a letter at most, as a share of its size: of the bold letters of a sans-serif font, on average.
const LETTER_WIDTH: f64 = 0.6;
/// The distance of two names one below the other, as a share of their size.
const LINE: f64 = 1.2;
/// How far a name may be moved up or down where no place of its own is free, in lines.
const MOVES: [f64; 5] = [0.0, 0.5, -0.5, 1.0, -1.0];

/// The centres of names, each with places of its class, in the same order. A name stands at the first place of its own that is clear of
/// those before it, or else a line at most beside its first one.
pub fn placed(
    labels: &[(&str, Vec<[f64; 2]>)],
    letter_size: f64,
    [width, height]: [f64; 2],
) -> Vec<[f64; 2]> {
    let line = LINE * letter_size;
    let half = |name: &str| LETTER_WIDTH * letter_size * name.chars().count() as f64 / 2.0;
    let mut taken: Vec<([f64; 2], f64)> = Vec::new();
    for (name, places) in labels {
        let half = half(name);
        // `clamp` panics where a name is wider than the plane.
        let inside =
            |[x, y]: [f64; 2]| [x.min(width - half).max(half), y.min(height - line / 2.0).max(line / 2.0)];
        let is_free = |&[x, y]: &[f64; 2]| {
            let lies_on = |&([x2, y2], half2): &([f64; 2], f64)| {
                (x - x2).abs() < half + half2 && (y - y2).abs() < line - 1e-6
            };
            !taken.iter().any(lies_on)
        };
        let first = places.first().copied().unwrap_or_default();
        let beside = MOVES.map(|lines| inside([first[0], first[1] + lines * line]));
        let free = places.iter().map(|&place| inside(place)).chain(beside).find(is_free);
        taken.push((free.unwrap_or(inside(first)), half));
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
        let alone = labels.map(|(name, place)| (name, vec![place]));
        assert_eq!(placed(&alone, 16.0, SIZE), labels.map(|(_, place)| place));
    }

    #[test]
    fn a_name_whose_place_is_taken_stands_at_another_place_of_its_class_or_a_line_away() {
        let both = vec![[170.0, 170.0], [60.0, 40.0]];
        let labels = [("Coat", both.clone()), ("Shirt", both), ("Bag", vec![[170.0, 170.0]])];
        assert_eq!(placed(&labels, 10.0, SIZE), [[170.0, 170.0], [60.0, 40.0], [170.0, 182.0]]);
    }

    #[test]
    fn long_names_are_smaller_than_numerals() {
        assert!(letter_size(&["Bag", "Coat"]) < letter_size(&["0", "10"]));
    }

    #[test]
    fn the_densest_place_of_a_class_is_where_others_are_not() {
        // Thirty dots of class 4 among as many of class 9, twenty by themselves, and one far away.
        let mut dots = Vec::new();
        for at in 0..30 {
            let off = (at % 6) as f32 * 0.01;
            dots.extend([(4, [0.2 + off, 0.2]), (9, [0.2 + off, 0.21])]);
            dots.extend((at < 20).then_some((4, [0.7 + off, 0.8 - off])));
        }
        dots.extend([(4, [0.05, 0.95]), (4, [f32::NAN, 0.5]), (4, [1.5, 0.5])]);
        let places = dense_places(&[4, 9, 1], dots.into_iter());
        let [x, y] = places[0][0];
        assert!((x - 0.72).abs() < 0.05 && (y - 0.78).abs() < 0.05, "{x} {y}");
        let [x, y] = places[1][0];
        assert!((x - 0.22).abs() < 0.05 && (y - 0.2).abs() < 0.05, "{x} {y}");
        assert!(places[2].is_empty());
        assert!(places[0].iter().all(|[x, y]| *x > 0.1 || *y < 0.9), "a single dot is no place for a name");
    }

    proptest! {
        #[test]
        fn every_name_lies_inside(places in proptest::collection::vec([-50.0..400.0f64, -50.0..400.0f64], 10)) {
            let labels: Vec<_> = places.iter().map(|&place| ("T-shirt/top", vec![place])).collect();
            for [x, y] in placed(&labels, 13.0, SIZE) {
                prop_assert!((42.9..=297.1).contains(&x) && (7.7..=332.3).contains(&y), "{x} {y}");
            }
        }

        #[test]
        fn a_name_stands_among_dots_of_its_class(dots in prop::collection::vec((0u8..3, [0f32..1.0, 0f32..1.0]), 1..80)) {
            for (class, places) in (0u8..).zip(dense_places(&[0, 1, 2], dots.iter().copied())) {
                for [x, y] in places {
                    let is_near = |at: &[f32; 2]| (f64::from(at[0]) - x).abs() < 0.05 && (f64::from(at[1]) - y).abs() < 0.05;
                    prop_assert!(dots.iter().any(|(label, at)| *label == class && is_near(at)));
                }
            }
        }
    }
}
