//! How a batch is cut into shards, and the tree in which their gradients are added.

use latent_core::model::ModelSpec;
use std::ops::Range;

/// Shards of a batch where they cost little: as many for each of 1, 2, 3, 4 or 6 workers.
pub(super) const MOST: usize = 12;
/// Shards of a batch where each one's gradient costs as much as computing it.
const FEW: usize = 4;
/// Multiplications for each weight and shard from which a shard's gradient costs little.
const REUSE: u64 = 32;

/// How many shards a batch of so many images has. It depends on model and batch alone.
pub(super) fn count(model: &ModelSpec, images: usize) -> usize {
    let of_each_weight = model.multiply_adds(images) / model.parameters().max(1);
    let shards = if of_each_weight >= MOST as u64 * REUSE { MOST } else { FEW };
    shards.min(images)
}

/// The positions of a shard in a batch of so many images.
pub(super) fn positions(shard: usize, shards: usize, images: usize) -> Range<usize> {
    images * shard / shards..images * (shard + 1) / shards
}

/// The shards of a worker.
pub(super) fn of_worker(index: usize, workers: usize, shards: usize) -> Range<usize> {
    positions(index, workers, shards)
}

/// Where a subtree of several shards divides.
fn middle(tree: &Range<usize>) -> usize {
    tree.start + tree.len() / 2
}

/// The largest subtrees of `tree` that lie within `own`, in their order.
pub(super) fn subtrees(tree: Range<usize>, own: &Range<usize>) -> Vec<Range<usize>> {
    if tree.end <= own.start || own.end <= tree.start {
        return vec![];
    }
    if own.start <= tree.start && tree.end <= own.end {
        return vec![tree];
    }
    let middle = middle(&tree);
    let mut all = subtrees(tree.start..middle, own);
    all.extend(subtrees(middle..tree.end, own));
    all
}

/// Adds the shards of a subtree up in the first of them. Those in `done` have been. Calls `add` with two shards to add the second
/// to the first.
pub(super) fn add_up(tree: Range<usize>, done: &[Range<usize>], add: &mut dyn FnMut(usize, usize)) {
    if tree.len() < 2 || done.contains(&tree) {
        return;
    }
    let middle = middle(&tree);
    add_up(tree.start..middle, done, add);
    add_up(middle..tree.end, done, add);
    add(tree.start, middle);
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::link::Link;

    fn model(fragment: &str) -> ModelSpec {
        Link::parse(fragment).0.settings.model
    }

    #[test]
    fn every_position_is_in_one_shard_and_shards_are_about_equal() {
        let conv = model("encoder=conv32k3s2,conv64k3s2,dense16&variational=1");
        for (images, shards) in [(128, 12), (96, 12), (256, 12), (12, 12), (5, 4), (1, 1)] {
            assert_eq!(count(&conv, images), shards);
            let all: Vec<_> = (0..shards).flat_map(|shard| positions(shard, shards, images)).collect();
            assert_eq!(all, (0..images).collect::<Vec<_>>());
            assert!(
                (0..shards).all(|shard| positions(shard, shards, images).len() <= images.div_ceil(shards))
            );
        }
        let dense = model("encoder=dense512&variational=1");
        assert_eq!([count(&dense, 128), count(&dense, 512), count(&dense, 3)], [4, 12, 3]);
    }

    /// A tree as text, so that its order shows.
    fn added(shards: usize, workers: usize) -> String {
        let all = |worker| subtrees(0..shards, &of_worker(worker, workers, shards));
        let done: Vec<_> = (0..workers).flat_map(all).collect();
        let mut sums: Vec<_> = (0..shards).map(|shard| shard.to_string()).collect();
        let mut add = |to: usize, from: usize| sums[to] = format!("({} {})", sums[to], sums[from]);
        done.iter().for_each(|tree| add_up(tree.clone(), &[], &mut add));
        add_up(0..shards, &done, &mut add);
        sums.swap_remove(0)
    }

    #[test]
    fn the_order_of_additions_is_the_same_for_any_number_of_workers() {
        assert_eq!(added(5, 1), "((0 1) (2 (3 4)))");
        for shards in 1..=12 {
            for workers in 2..=shards.min(4) {
                assert_eq!(added(shards, workers), added(shards, 1), "{shards} shards, {workers} workers");
            }
        }
    }

    #[test]
    fn a_worker_of_four_has_one_subtree() {
        let of = |workers| subtrees(0..12, &of_worker(1, workers, 12));
        assert_eq!((of(4).len(), of(4)[0].clone()), (1, 3..6));
        assert_eq!((of(2).len(), of(2)[0].clone()), (1, 6..12));
        assert_eq!(of(3), [4..6, 6..7, 7..8]);
    }
}
