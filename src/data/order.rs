//! The order in which an epoch goes through the images: a pure function of the seed, never of the network's timing.

use crate::{
    data::shard::IMAGES_PER_SHARD,
    random::{Purpose, Random},
    settings::Settings,
};

/// The images of epoch `epoch` (0 is the first) in the order of training, each exactly once.
///
/// In the first epoch the images are shuffled within each shard only, and shards follow one another as they arrive:
/// the first step waits for one shard, not for all. Later epochs shuffle the whole training set.
pub fn epoch_order(settings: &Settings, epoch: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0u32..).take(settings.training_images).collect();
    if settings.shuffle {
        let window = if epoch == 0 { IMAGES_PER_SHARD } else { order.len() };
        let mut random = Random::new(settings.seed, Purpose::EpochOrder(epoch));
        order.chunks_mut(window).for_each(|window| random.shuffle(window));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
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
        fn the_first_epoch_needs_no_shard_before_its_turn(seed: u64) {
            let settings = Settings { seed, ..Settings::default() };
            for (at, image) in epoch_order(&settings, 0).into_iter().enumerate() {
                prop_assert_eq!(at / IMAGES_PER_SHARD, image as usize / IMAGES_PER_SHARD);
            }
        }
    }

    #[test]
    fn epochs_differ_in_order_and_file_order_is_kept_when_asked_for() {
        let settings = Settings::default();
        assert_ne!(epoch_order(&settings, 1), epoch_order(&settings, 2));
        let unshuffled = Settings { shuffle: false, ..settings };
        assert!(epoch_order(&unshuffled, 1).into_iter().eq(0..60_000));
    }
}
