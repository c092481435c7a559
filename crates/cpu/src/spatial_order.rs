//! An order of points in which those that follow each other lie close together: the leaves of a k-d tree, from left
//! to right (Bentley, "Multidimensional binary search trees used for associative searching", 1975).

/// How many points belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Points of a leaf.
    pub(super) leaf: usize,
    /// Points of a branch that is to lie close together as well: a multiple of `leaf`.
    pub(super) branch: usize,
}

/// Puts points in order: each half of them, and so on, has the smaller or the larger coordinates along the axis on
/// which they reach widest. All leaves and all branches but the last are full.
///
/// The same points get the same order on every machine.
pub(super) fn sort_spatially(
    points: &mut [u32],
    sizes: Sizes,
    axes: usize,
    coordinate: &impl Fn(u32, usize) -> f32,
) {
    if points.len() <= sizes.leaf {
        return;
    }
    let width = |axis| {
        let ends = points.iter().map(|&point| coordinate(point, axis));
        let (low, high) =
            ends.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), x| (x.min(low), x.max(high)));
        high - low
    };
    let widest = (0..axes).map(|axis| (width(axis), axis)).max_by(|a, b| a.0.total_cmp(&b.0));
    let axis = widest.map_or(0, |(_, axis)| axis);
    let unit = if points.len() > sizes.branch { sizes.branch } else { sizes.leaf };
    let half = (points.len() / 2).next_multiple_of(unit);
    // Equal points have an order, too: without one it would be the library's, and change with it. A number is compared
    // faster than looked up and compared.
    let key = |&point: &u32| u64::from(ascending(coordinate(point, axis))) << u32::BITS | u64::from(point);
    let mut keys: Vec<u64> = points.iter().map(key).collect();
    keys.select_nth_unstable(half);
    for (point, key) in points.iter_mut().zip(keys) {
        *point = key as u32;
    }
    let (low, high) = points.split_at_mut(half);
    sort_spatially(low, sizes, axes, coordinate);
    sort_spatially(high, sizes, axes, coordinate);
}

/// A number that is the larger the later `x` comes in the order of [`f32::total_cmp`].
fn ascending(x: f32) -> u32 {
    let bits = x.to_bits();
    bits ^ if x.is_sign_negative() { u32::MAX } else { 1 << 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_points_are_all_there_once(
            numbers in proptest::collection::vec(prop_oneof![-2.0f32..2.0, Just(f32::NAN), Just(0.5)], 0..400),
            axes in 1usize..4,
        ) {
            let count = numbers.len() / axes;
            let mut points: Vec<u32> = (0..count as u32).collect();
            sort_spatially(&mut points, Sizes { leaf: 8, branch: 32 }, axes, &|point, axis| {
                numbers[point as usize * axes + axis]
            });
            points.sort_unstable();
            prop_assert_eq!(points, (0..count as u32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn neighbours_in_the_order_lie_close_together() {
        // A grid of 16 by 16 in an order of its own: a leaf of 8 is 4 by 2 of it, and a branch of 64 is 8 by 8.
        let place =
            |point: u32, axis: usize| (point * 101 % 256 / if axis == 0 { 1 } else { 16 } % 16) as f32;
        let mut points: Vec<u32> = (0..256).collect();
        sort_spatially(&mut points, Sizes { leaf: 8, branch: 64 }, 2, &place);
        let area = |points: &[u32]| -> f32 {
            let width = |axis| {
                let along = || points.iter().map(|&point| place(point, axis));
                along().fold(0.0, f32::max) - along().fold(16.0, f32::min) + 1.0
            };
            width(0) * width(1)
        };
        assert!(points.chunks(8).all(|leaf| area(leaf) == 8.0));
        assert!(points.chunks(64).all(|branch| area(branch) == 64.0));
    }

    #[test]
    fn numbers_ascend_as_the_total_order_does() {
        let order =
            [-f32::NAN, f32::NEG_INFINITY, -2.0, -1e-40, -0.0, 0.0, 1e-40, 0.5, 2.0, f32::INFINITY, f32::NAN];
        assert!(order.is_sorted_by(|a, b| a.total_cmp(b).is_lt() && ascending(*a) < ascending(*b)));
    }
}
