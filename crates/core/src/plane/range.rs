//! The visible range of the plane.

use serde::{Deserialize, Serialize};

/// A rectangle of the latent plane; z₁ runs to the right, z₂ upwards.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The middle, (z₁, z₂).
    pub centre: [f32; 2],
    /// Half its width and half its height; equal, since both axes are drawn to one scale on a square.
    pub radius: f32,
}

impl Default for Range {
    /// The visible range before any code is known.
    fn default() -> Self {
        Self { centre: [0.0; 2], radius: 3.0 }
    }
}

impl Range {
    /// Least and greatest visible value on an axis (0 or 1).
    pub fn bounds(&self, axis: usize) -> [f32; 2] {
        [self.centre[axis] - self.radius, self.centre[axis] + self.radius]
    }

    /// The code at a place on the square: (0, 0) is its top left corner, (1, 1) its bottom right.
    pub fn code_at(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.centre[0] + (2.0 * x - 1.0) * self.radius, self.centre[1] + (1.0 - 2.0 * y) * self.radius]
    }

    /// The place of a code on the square, which may be outside it.
    pub fn place_of(&self, code: [f32; 2]) -> [f32; 2] {
        let [x, y] = [0, 1].map(|axis| (code[axis] - self.centre[axis]) / self.radius);
        [(1.0 + x) / 2.0, (1.0 - y) / 2.0]
    }

    /// The nearest visible code.
    pub fn clamp(&self, code: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| {
            let [least, greatest] = self.bounds(axis);
            code[axis].clamp(least, greatest)
        })
    }

    /// This range with `factor` times the radius, and what is at `place` still there.
    pub fn zoomed(self, factor: f32, place: [f32; 2]) -> Self {
        let held = self.code_at(place);
        let zoomed = Self { radius: (self.radius * factor).clamp(LEAST_RADIUS, MOST_RADIUS), ..self };
        let moved = zoomed.code_at(place);
        zoomed.shifted([held[0] - moved[0], held[1] - moved[1]])
    }

    /// This range moved so that what was at a place on the square is then at that place plus `by`.
    pub fn dragged(self, by: [f32; 2]) -> Self {
        self.shifted([-2.0 * self.radius * by[0], 2.0 * self.radius * by[1]])
    }

    /// This range, moved as little as brings a code that is out of sight into it, off the edge.
    pub fn showing(self, code: [f32; 2]) -> Self {
        if self.clamp(code) == code {
            return self;
        }
        let near = Self { radius: self.radius * OFF_THE_EDGE, ..self }.clamp(code);
        self.shifted([code[0] - near[0], code[1] - near[1]])
    }

    fn shifted(self, by: [f32; 2]) -> Self {
        let centre = [0, 1].map(|axis| (self.centre[axis] + by[axis]).clamp(-MOST_RADIUS, MOST_RADIUS));
        Self { centre, ..self }
    }

    /// The range that shows `codes` (pairs, side by side): this one as long as it does so well, so that the axes
    /// hold still while the cloud moves; a new one when codes leave it, huddle around its middle, or
    /// take a small part of it.
    pub fn fitted(self, codes: &[f32]) -> Self {
        let Some(cloud) = Self::around(codes) else { return self };
        let reach = [0, 1].map(|axis| (cloud.centre[axis] - self.centre[axis]).abs() + cloud.radius);
        let reach = reach[0].max(reach[1]);
        let is_loose = reach < HUDDLED * self.radius || cloud.radius < SMALL * self.radius;
        if reach <= self.radius && !is_loose { self } else { cloud.with_margin() }
    }

    /// A range that shows `codes` (pairs, side by side) and a margin around them; none when no code is finite.
    pub fn fitting(codes: &[f32]) -> Option<Self> {
        Self::around(codes).map(Self::with_margin)
    }

    fn with_margin(self) -> Self {
        Self { radius: self.radius * MARGIN, ..self }
    }

    /// The smallest range around the codes, a few outliers left out; none when no code is finite.
    fn around(codes: &[f32]) -> Option<Self> {
        let axes = [0, 1].map(|axis| {
            let mut values: Vec<_> =
                codes.chunks_exact(2).map(|code| code[axis]).filter(|value| value.is_finite()).collect();
            values.sort_unstable_by(f32::total_cmp);
            values
        });
        if axes.iter().any(Vec::is_empty) {
            return None;
        }
        let [horizontal, vertical] = axes.map(|values| {
            let beyond = (values.len() as f32 * OUTLIERS) as usize;
            [values[beyond], values[values.len() - 1 - beyond]]
        });
        let radius = [horizontal, vertical].map(|[least, greatest]| (greatest - least) / 2.0);
        let centre = [horizontal, vertical].map(|[least, greatest]| (least + greatest) / 2.0);
        Some(Self { centre, radius: radius[0].max(radius[1]).max(LEAST_RADIUS) })
    }
}

/// The share of codes at either end of an axis that may lie out of sight: an untypical image can lie very far out.
const OUTLIERS: f32 = 0.002;
/// How much larger than the cloud a new range is, so that the cloud can grow for a while.
const MARGIN: f32 = 1.25;
/// A range is given up when the cloud fills less than this part of it.
const HUDDLED: f32 = 0.5;
/// A range is given up when the cloud is smaller than this part of it, wherever it lies: that of another model, for instance.
const SMALL: f32 = 0.25;
/// How far from the middle what was out of sight comes to lie, as a part of the radius.
const OFF_THE_EDGE: f32 = 0.9;
/// A range no smaller than this, even when all codes are the same.
const LEAST_RADIUS: f32 = 0.05;

/// No code of a useful network lies beyond this, and floats get coarse there.
const MOST_RADIUS: f32 = 1e5;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cloud(centre: [f32; 2], radius: f32) -> Vec<f32> {
        (0..2000)
            .flat_map(|k| [0.01f32, 0.013].map(|f| (f * k as f32).sin()))
            .enumerate()
            .map(|(k, x)| centre[k % 2] + radius * x)
            .collect()
    }

    #[test]
    fn places_and_codes_are_each_others_inverse_and_upwards_is_greater() {
        let range = Range { centre: [1.0, -2.0], radius: 4.0 };
        assert_eq!(range.code_at([0.0, 0.0]), [-3.0, 2.0]);
        assert_eq!(range.code_at([1.0, 1.0]), [5.0, -6.0]);
        assert_eq!(range.place_of([1.0, -2.0]), [0.5, 0.5]);
        assert_eq!(range.place_of(range.code_at([0.25, 0.75])), [0.25, 0.75]);
    }

    #[test]
    fn zooming_holds_what_is_under_the_pointer_and_dragging_moves_it_along() {
        let range = Range { centre: [1.0, -2.0], radius: 4.0 };
        let place = [0.25, 0.75];
        let zoomed = range.zoomed(0.5, place);
        assert_eq!((zoomed.radius, zoomed.code_at(place)), (2.0, range.code_at(place)));
        let dragged = range.dragged([0.25, -0.5]);
        assert_eq!(dragged.code_at([0.5, 0.25]), range.code_at([0.25, 0.75]));
        assert_eq!(range.zoomed(f32::INFINITY, place).radius, MOST_RADIUS);
        assert!(range.zoomed(0.0, place).radius > 0.0);
    }

    #[test]
    fn a_code_out_of_sight_is_brought_to_the_edge_and_one_in_sight_moves_nothing() {
        let range = Range { centre: [0.0; 2], radius: 2.0 };
        assert_eq!(range.showing([1.0, -1.5]), range);
        assert_eq!(range.showing([1.95, 0.0]), range);
        let shown = range.showing([5.0, 0.0]);
        assert!((shown.centre[0] - 3.2).abs() < 1e-6 && shown.centre[1] == 0.0 && shown.radius == 2.0);
    }

    #[test]
    fn the_axes_hold_still_while_the_cloud_grows_a_little() {
        let first = Range::default().fitted(&cloud([5.0, 5.0], 2.0));
        assert_ne!(first, Range::default());
        assert_eq!(first.fitted(&cloud([5.1, 4.9], 2.2)), first);
    }

    #[test]
    fn the_axes_follow_a_cloud_that_leaves_or_shrinks() {
        let first = Range::default().fitted(&cloud([0.0, 0.0], 2.0));
        let larger = first.fitted(&cloud([0.0, 0.0], 5.0));
        assert!(larger.radius > first.radius);
        assert!(larger.fitted(&cloud([0.0, 0.0], 1.5)).radius < larger.radius);
        // A small cloud off the middle is as hard to see.
        let small = larger.fitted(&cloud([3.0, 3.0], 0.5));
        assert!(small.radius < 1.0, "{small:?}");
    }

    #[test]
    fn no_codes_or_broken_ones_change_nothing() {
        let range = Range { centre: [1.0, 2.0], radius: 3.0 };
        assert_eq!(range.fitted(&[]), range);
        assert_eq!(range.fitted(&[f32::NAN, f32::INFINITY]), range);
    }

    proptest! {
        #[test]
        fn a_fitted_range_shows_nearly_all_codes(
            x in -50f32..50.0, y in -50f32..50.0, radius in 0.1f32..50.0, from in 0.1f32..100.0,
        ) {
            let codes = cloud([x, y], radius);
            let range = Range { centre: [0.0; 2], radius: from }.fitted(&codes);
            let seen = codes.chunks_exact(2).filter(|c| range.clamp([c[0], c[1]]) == [c[0], c[1]]).count();
            prop_assert!(seen as f32 >= 0.99 * 2000.0, "{seen} of 2000 in {range:?}");
        }
    }
}
