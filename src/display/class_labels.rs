//! Where the names of the classes stand on the plane: where their dots lie most densely, inside of the plane, and clear of each
//! other.

/// The size of the letters, in CSS pixels: numerals are large, names are smaller.
pub fn letter_size(names: &[impl AsRef<str>]) -> f64 {
    if names.iter().all(|name| name.as_ref().len() <= 2) { 16.0 } else { 13.0 }
}

/// Cells along a side of the grid on which dots are counted.
const CELLS: usize = 32;
/// The same with an empty cell at each end.
const SIDE: usize = CELLS + 2;
/// A name stands at the densest place of its class, or where its class is at least that share as dense.
const LEAST_SHARE: f32 = 0.25;
/// The width of a letter at most, as a share of its size: of the bold letters of a sans-serif font, on average.
const LETTER_WIDTH: f64 = 0.6;
/// The distance of two names one below the other, as a share of their size.
const LINE: f64 = 1.2;

/// The centres of the names of these classes, in the same order, on a plane of this size; none where no dot of a class is in
/// sight. A name stands where the dots of its class are dense and others few, and clear of the names before it if its class has
/// such a place. Dots are labels and places in shares of the plane's side.
pub fn placed(
    classes: &[(u8, &str)],
    dots: impl Iterator<Item = (u8, [f32; 2])>,
    letter_size: f64,
    [width, height]: [f64; 2],
) -> Vec<Option<[f64; 2]>> {
    let line = LINE * letter_size;
    let all = classes.len() * SIDE * SIDE;
    // Of each class, and of all dots.
    let mut counts = vec![0f32; all + SIDE * SIDE];
    for (label, place) in dots {
        if place.iter().all(|at| (0.0..1.0).contains(at)) {
            let [column, row] = place.map(|at| 1 + (at * CELLS as f32) as usize);
            let cell = row * SIDE + column;
            counts[all + cell] += 1.0;
            if let Some(own) = classes.iter().position(|class| class.0 == label) {
                counts[own * SIDE * SIDE + cell] += 1.0;
            }
        }
    }
    // Neighbouring cells count, too: along rows, then along columns.
    blur(&mut counts, 1);
    blur(&mut counts, SIDE);
    let mut taken: Vec<([f64; 2], f64)> = Vec::new();
    let mut places = Vec::new();
    for (at, (_, name)) in classes.iter().enumerate() {
        let half = LETTER_WIDTH * letter_size * name.chars().count() as f64 / 2.0;
        let middle = |at: usize, size: f64| (at as f64 - 0.5) / CELLS as f64 * size;
        // The densest cell, and the densest one that is free, each with its share of dots.
        let mut best = [(0.0, None); 2];
        for cell in 0..SIDE * SIDE {
            let own = counts[at * SIDE * SIDE + cell];
            let score = own * (own / counts[all + cell].max(1.0)).sqrt();
            // `clamp` panics where a name is wider than the plane.
            let x = middle(cell % SIDE, width).min(width - half).max(half);
            let y = middle(cell / SIDE, height).min(height - line / 2.0).max(line / 2.0);
            let lies_on =
                |&([x2, y2], half2): &([f64; 2], f64)| (x - x2).abs() < half + half2 && (y - y2).abs() < line;
            if score > best[0].0 {
                best[0] = (score, Some([x, y]));
            }
            if score > best[1].0 && !taken.iter().any(lies_on) {
                best[1] = (score, Some([x, y]));
            }
        }
        let [densest, free] = best;
        let place = if free.0 >= LEAST_SHARE * densest.0 { free.1 } else { densest.1 };
        taken.extend(place.map(|place| (place, half)));
        places.push(place);
    }
    places
}

/// Sums twice what each cell has and what the cells before and behind it have, `stride` away. Cells at the ends of lines are
/// empty, so that nothing gets from one line, or one class, to the next.
fn blur(counts: &mut [f32], stride: usize) {
    let before = counts.to_vec();
    for (at, count) in counts.iter_mut().enumerate() {
        let near = [at.wrapping_sub(stride), at, at, at + stride];
        *count = near.iter().filter_map(|&at| before.get(at)).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: [f64; 2] = [340.0; 2];

    /// So many dots of a class around a place.
    fn around(label: u8, [x, y]: [f32; 2], count: usize) -> Vec<(u8, [f32; 2])> {
        let off = |at: usize| ((at % 5) as f32 - 2.0) * 0.01;
        (0..count).map(|at| (label, [x + off(at), y + off(at / 5)])).collect()
    }

    fn is_at(place: Option<[f64; 2]>, [x, y]: [f64; 2]) -> bool {
        place.is_some_and(|[a, b]| (a - 340.0 * x).hypot(b - 340.0 * y) < 16.0)
    }

    #[test]
    fn a_name_stands_where_its_class_is_dense_and_others_are_not() {
        // Thirty dots of class 4 among as many of class 9, nearly as many by themselves, and some far away or nowhere.
        let lost = vec![(4, [0.05, 0.95]), (4, [f32::NAN, 0.5]), (4, [1.5, 0.5])];
        let among = [around(4, [0.2, 0.2], 30), around(9, [0.2, 0.2], 30)].concat();
        let dots = [among, around(4, [0.7, 0.8], 28), lost].concat();
        let places = placed(&[(4, "4"), (9, "9"), (1, "1")], dots.into_iter(), 16.0, SIZE);
        assert!(is_at(places[0], [0.7, 0.8]) && is_at(places[1], [0.2, 0.2]), "{places:?}");
        assert_eq!(places[2], None);
    }

    #[test]
    fn a_name_whose_place_is_taken_stands_clear_of_it_among_its_own() {
        let dots = [around(0, [0.5, 0.5], 25), around(1, [0.5, 0.5], 25)].concat();
        let places = placed(&[(0, "Coat"), (1, "Shirt")], dots.into_iter(), 13.0, SIZE);
        let [Some([x, y]), Some([x2, y2])] = places[..] else { panic!("{places:?}") };
        assert!((x - x2).abs() > 30.0 || (y - y2).abs() > 15.0, "{places:?}");
        assert!((x2 - 170.0).hypot(y2 - 170.0) < 40.0, "{places:?}");
    }

    #[test]
    fn long_names_are_smaller_than_numerals() {
        assert!(letter_size(&["Bag", "Coat"]) < letter_size(&["0", "10"]));
    }

    proptest! {
        #[test]
        fn a_name_lies_inside_and_among_dots_of_its_class(
            dots in prop::collection::vec((0u8..3, [0.2f32..0.8, 0f32..1.0]), 1..80),
        ) {
            let classes = [(0, "Bag"), (1, "Coat"), (2, "Shirt")];
            for ((class, _), place) in classes.iter().zip(placed(&classes, dots.iter().copied(), 13.0, SIZE)) {
                let of_class = || dots.iter().filter(|dot| dot.0 == *class);
                prop_assert_eq!(place.is_some(), of_class().count() > 0);
                if let Some([x, y]) = place {
                    prop_assert!((19.0..=321.0).contains(&x) && (7.7..=332.3).contains(&y), "{} {}", x, y);
                    let is_near = |at: &[f32; 2]| (340.0 * f64::from(at[0]) - x).abs() < 20.0 && (340.0 * f64::from(at[1]) - y).abs() < 20.0;
                    prop_assert!(of_class().any(|(_, at)| is_near(at)));
                }
            }
        }
    }
}
