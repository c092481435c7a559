//! The nearest codes, found without looking at all of them: a k-d tree.

/// Codes in a leaf at most.
const LEAF: usize = 16;

/// Codes, in a tree that halves them along the axis on which they differ most.
#[derive(Clone, Debug)]
pub struct CodeTree {
    units: usize,
    /// `[codes, units]`, in the order of the leaves.
    codes: Vec<f32>,
    /// The index that each code had.
    indices: Vec<u32>,
    root: Option<Box<Node>>,
}

#[derive(Clone, Debug)]
enum Node {
    /// These codes.
    Leaf(std::ops::Range<usize>),
    /// On an axis, codes up to a value, and codes from that value on.
    Halves { axis: usize, value: f32, halves: [Option<Box<Node>>; 2] },
}

/// The nearest codes so far, as squares of distances and indices in ascending order. Of equal distances the lower index is
/// nearer.
struct Nearest {
    count: usize,
    found: Vec<(f32, u32)>,
    /// The index that does not count.
    without: u32,
}

impl Nearest {
    /// The square of the distance beyond which a code is of no use.
    fn limit(&self) -> f32 {
        if self.found.len() < self.count {
            f32::INFINITY
        } else {
            self.found.last().map_or(0.0, |last| last.0)
        }
    }

    fn offer(&mut self, distance: f32, index: u32) {
        if index != self.without && distance <= self.limit() {
            let at = self.found.partition_point(|&other| other < (distance, index));
            self.found.insert(at, (distance, index));
            self.found.truncate(self.count);
        }
    }
}

impl CodeTree {
    /// A tree of codes, `[codes, units]`. Codes that are not finite are near nothing.
    pub fn new(codes: &[f32], units: usize) -> Self {
        let units = units.max(1);
        let code = |index: u32| &codes[index as usize * units..][..units];
        let mut indices: Vec<u32> = (0..(codes.len() / units) as u32)
            .filter(|&index| code(index).iter().all(|number| number.is_finite()))
            .collect();
        let count = indices.len();
        let root = node(&mut indices, 0..count, &code, units);
        let codes = indices.iter().flat_map(|&index| code(index)).copied().collect();
        Self { units, codes, indices, root }
    }

    /// The `count` codes nearest to this one, by their indices, the nearest first. The code of the index `without` does not
    /// count.
    pub fn nearest(&self, code: &[f32], count: usize, without: Option<u32>) -> Vec<u32> {
        let mut nearest =
            Nearest { count, found: Vec::with_capacity(count + 1), without: without.unwrap_or(u32::MAX) };
        if count > 0 && code.iter().all(|number| number.is_finite()) {
            self.search(self.root.as_deref(), code, &mut nearest);
        }
        nearest.found.into_iter().map(|(_, index)| index).collect()
    }

    fn search(&self, node: Option<&Node>, code: &[f32], nearest: &mut Nearest) {
        match node {
            None => {}
            Some(Node::Leaf(range)) => {
                let codes =
                    self.codes[range.start * self.units..range.end * self.units].chunks_exact(self.units);
                for (other, &index) in codes.zip(&self.indices[range.clone()]) {
                    let distance = other.iter().zip(code).map(|(a, b)| (a - b) * (a - b)).sum();
                    nearest.offer(distance, index);
                }
            }
            Some(Node::Halves { axis, value, halves }) => {
                let beyond = code[*axis] - value;
                let near = usize::from(beyond > 0.0);
                self.search(halves[near].as_deref(), code, nearest);
                // Equal distances count, because a lower index may lie there.
                if beyond * beyond <= nearest.limit() {
                    self.search(halves[1 - near].as_deref(), code, nearest);
                }
            }
        }
    }
}

/// The tree of these of the indices, which it puts in order.
fn node<'a>(
    indices: &mut [u32],
    range: std::ops::Range<usize>,
    code: &impl Fn(u32) -> &'a [f32],
    units: usize,
) -> Option<Box<Node>> {
    if range.len() <= LEAF {
        return (!range.is_empty()).then(|| Box::new(Node::Leaf(range)));
    }
    let part = &mut indices[range.clone()];
    let extent = |axis: usize| {
        let values = part.iter().map(|&index| code(index)[axis]);
        values.clone().fold(f32::NEG_INFINITY, f32::max) - values.fold(f32::INFINITY, f32::min)
    };
    let axis = (0..units).max_by(|&a, &b| extent(a).total_cmp(&extent(b))).unwrap_or(0);
    let half = part.len() / 2;
    let (_, &mut median, _) =
        part.select_nth_unstable_by(half, |&a, &b| code(a)[axis].total_cmp(&code(b)[axis]));
    let (value, middle) = (code(median)[axis], range.start + half);
    let halves = [range.start..middle, middle..range.end].map(|range| node(indices, range, code, units));
    Some(Box::new(Node::Halves { axis, value, halves }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_looking_at_all(codes: &[f32], units: usize, code: &[f32], count: usize, without: u32) -> Vec<u32> {
        let distance = |other: &[f32]| other.iter().zip(code).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        let mut all: Vec<_> =
            (0u32..).zip(codes.chunks_exact(units)).map(|(at, it)| (distance(it), at)).collect();
        all.retain(|&(distance, at)| at != without && distance.is_finite());
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all.into_iter().take(count).map(|(_, at)| at).collect()
    }

    #[test]
    fn broken_codes_are_near_nothing_and_equal_ones_come_in_their_order() {
        let codes = [1.0, 1.0, f32::NAN, 0.0, 1.0, 1.0, 1.0, f32::INFINITY];
        let tree = CodeTree::new(&codes, 2);
        assert_eq!(tree.nearest(&[0.0, 0.0], 9, None), [0, 2]);
        assert_eq!(tree.nearest(&[0.0, 0.0], 9, Some(0)), [2]);
        assert!(tree.nearest(&[f32::NAN, 0.0], 9, None).is_empty());
        assert!(CodeTree::new(&[], 2).nearest(&[0.0, 0.0], 3, None).is_empty());
    }

    #[test]
    fn many_equal_codes_make_no_deep_tree() {
        let tree = CodeTree::new(&[2.0; 20_000], 2);
        assert_eq!(tree.nearest(&[2.0, 2.0], 3, Some(1)), [0, 2, 3]);
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_looking_at_all_codes_finds(
            units in 1usize..5, codes in prop::collection::vec(-8i32..8, 0..900), count in 0usize..12, without in 0u32..300,
        ) {
            // Whole numbers have many equal distances.
            let codes: Vec<f32> = codes.iter().map(|&number| number as f32 / 2.0).collect();
            let tree = CodeTree::new(&codes, units);
            for code in codes.chunks_exact(units).step_by(7) {
                let expected = by_looking_at_all(&codes, units, code, count, without);
                prop_assert_eq!(tree.nearest(code, count, Some(without)), expected);
            }
        }
    }
}
