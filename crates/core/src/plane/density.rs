//! How densely images lie on the plane.

use super::Range;

/// Nodes along a side of the grid.
const SIDE: usize = 96;
/// The blur's standard deviation, in nodes.
const BLUR: std::ops::Range<f32> = 1.0..8.0;

/// A density over the plane: at the nodes of a grid, row by row from the bottom left, and linear in between.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Density {
    range: Range,
    values: Vec<f32>,
}

impl Density {
    /// Nodes along a side.
    pub(super) const SIDE: usize = SIDE;

    /// The density of points, blurred by Scott's rule. Points out of range do not count.
    pub(super) fn of(points: &[[f32; 2]], range: Range) -> Self {
        let mut density = Self { range, values: vec![0.0; SIDE * SIDE] };
        for &point in points {
            if let Some(nodes) = density.around(point) {
                nodes.into_iter().for_each(|(at, share)| density.values[at] += share);
            }
        }
        density.blur(scott(points) / density.step());
        density
    }

    /// The value at a node.
    pub(super) fn at(&self, column: usize, row: usize) -> f32 {
        self.values[row * SIDE + column]
    }

    /// The density at a point. 0 out of range.
    pub(super) fn value(&self, point: [f32; 2]) -> f32 {
        let nodes = self.around(point);
        nodes.map_or(0.0, |nodes| nodes.into_iter().map(|(at, share)| share * self.values[at]).sum())
    }

    /// A place of the grid, in nodes from the bottom left, as a point of the plane.
    pub(super) fn point(&self, [column, row]: [f32; 2]) -> [f32; 2] {
        let [left, bottom] = [0, 1].map(|axis| self.range.bounds(axis)[0]);
        [left + column * self.step(), bottom + row * self.step()]
    }

    /// The distance of two nodes on the plane.
    fn step(&self) -> f32 {
        2.0 * self.range.radius / (SIDE - 1) as f32
    }

    /// The four nodes around a point and its share of each.
    fn around(&self, point: [f32; 2]) -> Option<[(usize, f32); 4]> {
        let place = [0, 1].map(|axis| (point[axis] - self.range.bounds(axis)[0]) / self.step());
        if !place.iter().all(|at| (0.0..=(SIDE - 1) as f32).contains(at)) {
            return None;
        }
        let [column, row] = place.map(|at| (at as usize).min(SIDE - 2));
        let [x, y] = [place[0] - column as f32, place[1] - row as f32];
        let at = row * SIDE + column;
        Some([
            (at, (1.0 - x) * (1.0 - y)),
            (at + 1, x * (1.0 - y)),
            (at + SIDE, (1.0 - x) * y),
            (at + SIDE + 1, x * y),
        ])
    }

    /// Blurs by a normal distribution of this deviation in nodes, along rows, then along columns.
    fn blur(&mut self, deviation: f32) {
        let deviation =
            if deviation.is_finite() { deviation.clamp(BLUR.start, BLUR.end) } else { BLUR.start };
        let reach = (3.0 * deviation).ceil() as usize;
        let weight = |at: usize| (-0.5 * (at as f32 / deviation).powi(2)).exp();
        let weights: Vec<f32> = (0..=reach).map(weight).collect();
        let sum = 2.0 * weights.iter().sum::<f32>() - weights[0];
        for (stride, across) in [(1, SIDE), (SIDE, 1)] {
            let before = self.values.clone();
            for line in 0..SIDE {
                for at in 0..SIDE {
                    let nodes = at.saturating_sub(reach)..(at + reach + 1).min(SIDE);
                    let blurred =
                        nodes.map(|node| weights[node.abs_diff(at)] * before[line * across + node * stride]);
                    self.values[line * across + at * stride] = blurred.sum::<f32>() / sum;
                }
            }
        }
    }
}

/// The bandwidth of Scott's rule for two dimensions, from the narrower one's deviation.
fn scott(points: &[[f32; 2]]) -> f32 {
    let count = points.len().max(1) as f32;
    let deviation = |axis: usize| {
        let mean = points.iter().map(|point| point[axis]).sum::<f32>() / count;
        (points.iter().map(|point| (point[axis] - mean).powi(2)).sum::<f32>() / count).sqrt()
    };
    deviation(0).min(deviation(1)) * count.powf(-1.0 / 6.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RANGE: Range = Range { centre: [1.0, -2.0], radius: 5.0 };

    #[test]
    fn a_density_is_greatest_where_the_points_are_and_zero_far_from_them() {
        let density = Density::of(&[[2.0, -1.0]; 9], RANGE);
        assert!(density.value([2.0, -1.0]) > 0.5);
        assert_eq!([density.value([-3.0, -6.0]), density.value([99.0, 0.0])], [0.0; 2]);
        assert!(Density::of(&[], RANGE).values.iter().all(|value| *value == 0.0));
    }

    proptest! {
        #[test]
        fn every_point_in_range_counts_as_one(
            points in prop::collection::vec([-1f32..3.0, -4f32..0.0], 1..60),
        ) {
            let sum: f32 = Density::of(&points, RANGE).values.iter().sum();
            prop_assert!((sum - points.len() as f32).abs() < 0.02 * points.len() as f32, "{sum}");
        }
    }
}
