//! The order in which an epoch goes through the images: a pure function of the seed, never of the network's timing.

use crate::{
    data::shard::{IMAGES_IN_FIRST_SHARD, IMAGES_PER_SHARD},
    random::{Purpose, Random},
    settings::Settings,
};

/// The images of epoch `epoch` (0 is the first) in the order of training, each exactly once.
///
/// Later epochs shuffle the whole training set. The first draws each image from the start of the file, as far as
/// `first_epoch_reach` says, so that its first step waits for one shard, not for all.
pub fn epoch_order(settings: &Settings, epoch: u32) -> Vec<u32> {
    let images = settings.training_images;
    let mut order: Vec<u32> = (0u32..).take(images).collect();
    if settings.shuffle {
        let mut random = Random::new(settings.seed, Purpose::EpochOrder(epoch));
        if epoch == 0 {
            random.shuffle_as_they_come(&mut order, |at| first_epoch_reach(at, images));
        } else {
            random.shuffle(&mut order);
        }
    }
    order
}

/// From how many images, counted from the start of the file, the first epoch draws the one at `at`: the first shard
/// while it lasts, then its whole thousand, then two thousand more for each one trained, until all are in.
///
/// Shuffling within each shard only, where the last steps see the last few shards only, left the validation loss
/// 0.0005 higher after the first epoch than shuffling everything; this order doesn't (docs/measurements.md).
fn first_epoch_reach(at: usize, images: usize) -> usize {
    let reach = match at {
        ..IMAGES_IN_FIRST_SHARD => IMAGES_IN_FIRST_SHARD,
        _ => (2 * (at / IMAGES_PER_SHARD) + 1) * IMAGES_PER_SHARD,
    };
    reach.min(images)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::mnist;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_image_is_used_exactly_once_per_epoch(
            seed: u64, epoch in 0u32..50, images in 1usize..5_000, shuffle: bool,
        ) {
            let settings = Settings { seed, training_images: images, shuffle, ..Settings::default() };
            let mut order = epoch_order(&settings, epoch);
            prop_assert_eq!(&order, &epoch_order(&settings, epoch));
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..images as u32));
        }

        #[test]
        fn the_first_epoch_starts_with_the_first_shard_and_needs_two_thousand_more_for_each_one_trained(seed: u64) {
            let settings = Settings { seed, ..Settings::default() };
            let order = epoch_order(&settings, 0);
            prop_assert!(order[..IMAGES_IN_FIRST_SHARD].iter().all(|&image| image < IMAGES_IN_FIRST_SHARD as u32));
            for (at, image) in order.into_iter().enumerate() {
                let thousands_needed = image as usize / IMAGES_PER_SHARD + 1;
                prop_assert!(thousands_needed <= 2 * (at / IMAGES_PER_SHARD) + 1, "{image} at {at}");
            }
        }

        #[test]
        fn the_first_epoch_ends_with_images_from_everywhere(seed: u64) {
            let settings = Settings { seed, ..Settings::default() };
            let mut shards: Vec<_> = epoch_order(&settings, 0)[(mnist::TRAINING_IMAGES - 1_000)..]
                .iter()
                .map(|&image| image as usize / IMAGES_PER_SHARD)
                .collect();
            let early = shards.iter().filter(|&&shard| shard < 30).count();
            prop_assert!((50..500).contains(&early), "{early} of the file's first half");
            shards.sort_unstable();
            shards.dedup();
            prop_assert!(shards.len() > 45, "{} shards", shards.len());
        }
    }

    #[test]
    fn epochs_differ_in_order_and_file_order_is_kept_when_asked_for() {
        let settings = Settings::default();
        assert_ne!(epoch_order(&settings, 1), epoch_order(&settings, 2));
        let unshuffled = Settings { shuffle: false, ..settings };
        assert!(epoch_order(&unshuffled, 1).into_iter().eq(0..mnist::TRAINING_IMAGES as u32));
    }
}
