//! The seeded generator of initial weights and of orders, a stream of numbers for each purpose. The randomness of a training
//! step is counter-based ([`crate::noise`]). Everything random in a run follows from its seed, on every engine.

mod chacha8;

use chacha8::ChaCha8;

/// What random numbers are drawn for; each purpose has a stream of its own, so none shifts another's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights.
    Initialisation,
    /// The order of the images in this epoch (0 is the first).
    EpochOrder(u32),
    /// The initial values of a kernel (0 is the first), in models whose kernels have a stream each.
    Kernel(u32),
    /// The order of a person's own images, and which of them validate.
    ImageSet,
}

/// A seeded stream of random numbers (ChaCha8), the same on every platform.
pub struct Random(ChaCha8);

impl Random {
    /// The stream for one purpose of the run with this seed.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let stream = match purpose {
            Purpose::Initialisation => 0,
            Purpose::EpochOrder(epoch) => 1 + u64::from(epoch),
            // Beyond every epoch's.
            Purpose::Kernel(kernel) => (1 << 33) + u64::from(kernel),
            Purpose::ImageSet => 1 << 34,
        };
        Self(ChaCha8::new(seed, stream))
    }

    /// Uniform in [-1, 1), in steps of 2⁻²³.
    pub fn symmetric(&mut self) -> f32 {
        const STEP: f32 = 1.0 / (1 << 23) as f32;
        (self.0.next() >> 8) as f32 * STEP - 1.0
    }

    /// Uniform below `n`, which is not 0. The bias of the multiplication, n / 2³², is far below what shows.
    fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next()) * n as u64) >> 32) as usize
    }

    /// Brings `items` into random order (Fisher and Yates, as in Knuth's algorithm P).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// The same from the front, where the item at `at` is drawn from those before `reach(at)` that are still left.
    pub fn shuffle_as_they_come<T>(&mut self, items: &mut [T], reach: impl Fn(usize) -> usize) {
        for at in 0..items.len() {
            items.swap(at, at + self.below(reach(at) - at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned_so_that_links_replay_for_ever() {
        let mut random = Random::new(7, Purpose::Initialisation);
        let drawn: [f32; 3] = std::array::from_fn(|_| random.symmetric());
        assert_eq!(drawn, Random::new(7, Purpose::Initialisation).take());
        assert_eq!(drawn, [-0.719_993_23, -0.684_407_83, -0.635_889_9]);
        assert_ne!(drawn, Random::new(8, Purpose::Initialisation).take());
        assert_ne!(drawn, Random::new(7, Purpose::EpochOrder(0)).take());
    }

    impl Random {
        fn take(mut self) -> [f32; 3] {
            std::array::from_fn(|_| self.symmetric())
        }
    }

    #[test]
    fn numbers_fill_the_interval_evenly() {
        let mut random = Random::new(1, Purpose::Initialisation);
        let drawn: Vec<_> = (0..10_000).map(|_| random.symmetric()).collect();
        assert!(drawn.iter().all(|x| (-1.0..1.0).contains(x)));
        let (mean, spread) =
            (drawn.iter().sum::<f32>() / 1e4, drawn.iter().map(|x| x * x).sum::<f32>() / 1e4);
        assert!(mean.abs() < 0.02 && (spread - 1.0 / 3.0).abs() < 0.01, "{mean} {spread}");
    }
}
