//! Lines around where the images of a class lie most densely.

use super::{Range, density::Density};
use serde::{Deserialize, Serialize};

/// The shares of a class's images that its lines hold, the outer line first.
pub const LEVELS: [f32; 2] = [0.9, 0.5];
/// Fewer images than this have no lines: there is no density to speak of.
const LEAST_IMAGES: usize = 5;

/// The lines of a class. Each is closed: its last point lies before its first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contour {
    /// The class.
    pub class: u8,
    /// Which of [`LEVELS`] they are of.
    pub level: u8,
    /// The points of each line, on the plane. The denser side is on the left.
    pub lines: Vec<Vec<[f32; 2]>>,
}

/// The contours of these classes over the images on the plane, whose `points` lie side by side.
pub fn contours(points: &[f32], labels: &[u8], classes: &[u8]) -> Vec<Contour> {
    let Some(range) = Range::fitting(points) else { return Vec::new() };
    let (points, _) = points.as_chunks::<2>();
    let of_class = |&class: &u8| {
        let of_it = points
            .iter()
            .zip(labels)
            .filter(|(point, label)| **label == class && point.iter().all(|number| number.is_finite()));
        let of_it: Vec<[f32; 2]> = of_it.map(|(point, _)| *point).collect();
        let has_density = of_it.len() >= LEAST_IMAGES;
        let density = has_density.then(|| Density::of(&of_it, range));
        density.into_iter().flat_map(move |density| levels(&density, &of_it, class))
    };
    classes.iter().flat_map(of_class).collect()
}

fn levels(density: &Density, points: &[[f32; 2]], class: u8) -> Vec<Contour> {
    let mut values: Vec<f32> = points.iter().map(|&point| density.value(point)).collect();
    values.sort_unstable_by(f32::total_cmp);
    let level = |(at, share): (u8, f32)| {
        let below = ((1.0 - share) * values.len() as f32) as usize;
        let level = values.get(below).copied().unwrap_or_default();
        Contour { class, level: at, lines: lines(density, level) }
    };
    (0u8..).zip(LEVELS).map(level).collect()
}

/// An edge of the grid, between a node and the next one to the right or upwards.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Edge {
    column: usize,
    row: usize,
    is_upright: bool,
}

/// Nodes along a side of the grid with a margin of zeros around it, which closes every line.
const PADDED: usize = Density::SIDE + 2;

impl Edge {
    fn index(self) -> usize {
        2 * (self.row * PADDED + self.column) + usize::from(self.is_upright)
    }

    fn of(index: usize) -> Self {
        let (node, is_upright) = (index / 2, index % 2 == 1);
        Self { column: node % PADDED, row: node / PADDED, is_upright }
    }
}

/// The lines where the density crosses a level (marching squares).
fn lines(density: &Density, level: f32) -> Vec<Vec<[f32; 2]>> {
    let inside = 1..=Density::SIDE;
    let value = |column: usize, row: usize| match inside.contains(&column) && inside.contains(&row) {
        true => density.at(column - 1, row - 1),
        false => 0.0,
    };
    // A line enters each cell through one edge and leaves it through another: from each crossed edge to the next.
    const NONE: u32 = u32::MAX;
    let mut next = vec![NONE; 2 * PADDED * PADDED];
    for row in 0..PADDED - 1 {
        for column in 0..PADDED - 1 {
            let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(x, y)| value(column + x, row + y));
            let is_in = corners.map(|corner| corner > level);
            let edge = |at: usize| match at {
                0 => Edge { column, row, is_upright: false },
                1 => Edge { column: column + 1, row, is_upright: true },
                2 => Edge { column, row: row + 1, is_upright: false },
                _ => Edge { column, row, is_upright: true },
            };
            // Anticlockwise, the line enters where the corners go from inside to outside: the denser side is on its left.
            let is_middle_in = corners.iter().sum::<f32>() / 4.0 > level;
            let enters = |at: usize| is_in[at] && !is_in[(at + 1) % 4];
            let leaves = |at: usize| !is_in[at] && is_in[(at + 1) % 4];
            for from in (0..4).filter(|&at| enters(at)) {
                // Of two ways out, the one around the corner that is not in, unless the middle isn't in either.
                let steps = if is_middle_in { [1, 3, 2] } else { [3, 1, 2] };
                let to = steps.into_iter().map(|step| (from + step) % 4).find(|&at| leaves(at));
                if let Some(to) = to {
                    next[edge(from).index()] = edge(to).index() as u32;
                }
            }
        }
    }
    let place = |index: usize| {
        let Edge { column, row, is_upright } = Edge::of(index);
        let [from, to] =
            [value(column, row), value(column + usize::from(!is_upright), row + usize::from(is_upright))];
        let share = ((level - from) / (to - from)).clamp(0.0, 1.0);
        let [x, y] = [column as f32 - 1.0, row as f32 - 1.0];
        density.point(if is_upright { [x, y + share] } else { [x + share, y] })
    };
    let mut lines = Vec::new();
    for start in 0..next.len() {
        let (mut line, mut at) = (Vec::new(), start);
        while next[at] != NONE {
            line.push(place(at));
            at = std::mem::replace(&mut next[at], NONE) as usize;
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RANGE: Range = Range { centre: [0.0; 2], radius: 3.0 };

    /// Whether an odd number of lines' sides lies to the right of a point.
    fn is_enclosed(lines: &[Vec<[f32; 2]>], [x, y]: [f32; 2]) -> bool {
        let sides = lines.iter().flat_map(|line| line.iter().zip(line.iter().skip(1).chain(line.first())));
        let crosses = |([x1, y1], [x2, y2]): &(&[f32; 2], &[f32; 2])| {
            (*y1 > y) != (*y2 > y) && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        };
        sides.filter(crosses).count() % 2 == 1
    }

    fn points(numbers: &[(f32, f32)]) -> Vec<[f32; 2]> {
        numbers.iter().map(|&(x, y)| [x, y]).collect()
    }

    #[test]
    fn each_line_goes_around_its_class_and_no_other() {
        let spread = |at: usize| [(at % 7) as f32 * 0.1, (at / 7) as f32 * 0.1];
        let left: Vec<[f32; 2]> = (0..49).map(spread).collect();
        let right: Vec<[f32; 2]> = left.iter().map(|[x, y]| [x + 8.0, *y]).collect();
        let labels = [vec![4; 49], vec![9; 49]].concat();
        let codes = [left, right].concat();
        let contours = contours(codes.as_flattened(), &labels, &[4, 9, 1]);
        let kinds: Vec<_> = contours.iter().map(|contour| (contour.class, contour.level)).collect();
        assert_eq!(kinds, [(4, 0), (4, 1), (9, 0), (9, 1)]);
        for Contour { class, lines, .. } in &contours {
            let middle = |of: u8| [if of == 4 { 0.3 } else { 8.3 }, 0.3];
            assert!(is_enclosed(lines, middle(*class)));
            assert!(!is_enclosed(lines, middle(13 - class)));
        }
    }

    #[test]
    fn few_images_and_broken_codes_have_no_lines() {
        assert!(contours(&[0.0; 8], &[0; 4], &[0]).is_empty());
        assert!(contours(&[f32::NAN; 40], &[0; 20], &[0]).is_empty());
        assert!(contours(&[], &[], &[0]).is_empty());
        let broken = [vec![1.0; 40], vec![f32::INFINITY; 2]].concat();
        assert_eq!(contours(&broken, &[0; 21], &[0]).len(), 2);
    }

    proptest! {
        #[test]
        fn lines_enclose_exactly_the_nodes_above_the_level(
            numbers in prop::collection::vec((-3f32..3.0, -3f32..3.0), 1..40), share in 0f32..1.0,
        ) {
            let density = Density::of(&points(&numbers), RANGE);
            let most = numbers.iter().map(|&(x, y)| density.value([x, y])).fold(0.0, f32::max);
            let level = share * most;
            let lines = lines(&density, level);
            for row in (0..Density::SIDE).step_by(5) {
                for column in (0..Density::SIDE).step_by(5) {
                    let node = density.point([column as f32, row as f32]);
                    let value = density.at(column, row);
                    // A node at the level itself lies on the line.
                    if (value - level).abs() > 1e-4 * most {
                        prop_assert_eq!(is_enclosed(&lines, node), value > level, "{} {}", column, row);
                    }
                }
            }
        }

        #[test]
        fn the_outer_line_holds_nine_images_of_ten(
            numbers in prop::collection::vec((-2f32..2.0, -2f32..2.0), 60..200),
        ) {
            let points = points(&numbers);
            let contours = contours(points.as_flattened(), &vec![0; points.len()], &[0]);
            for (contour, share) in contours.iter().zip(LEVELS) {
                let held = points.iter().filter(|point| is_enclosed(&contour.lines, **point)).count() as f32;
                let held = held / points.len() as f32;
                prop_assert!((held - share).abs() < 0.06, "{held} of {share}");
            }
        }
    }
}
