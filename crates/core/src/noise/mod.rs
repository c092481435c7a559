//! The randomness of a training step: dropout, sampling noise and corruption of the input.
//!
//! It is counter-based: each number is a function of the run's seed, its purpose, the step, the image's position in the batch
//! and the element, whoever computes it and in whatever order. So it depends on no number of workers, and every engine sees
//! the same masks and the same noise. Engines in Rust call [`Noise`]; those on a GPU compute [`Key::bits`] themselves.

mod corruption; // images as the encoder reads them
mod source; // from the seed, or supplied
mod threefry;

pub use corruption::{Normals, corrupt_for_validation};
pub use source::{Noise, NoiseError, Supplied};
pub use threefry::threefry;

use crate::math::{Float, box_muller, uniforms_and_turns};

/// What random numbers are for. Each purpose has numbers of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Corruption of the training images; an element is a value of the image.
    Corruption,
    /// Sampling of a variational code; an element is a unit of the code.
    Sampling,
    /// Corruption of the test images in validation. The position is the image's index in its set.
    Validation,
    /// The masks of a dropout layer, 0 being the first; an element is a value of the layer.
    Dropout(u32),
}

impl Purpose {
    fn number(self) -> u32 {
        match self {
            Self::Corruption => 1,
            Self::Sampling => 2,
            Self::Validation => 3,
            Self::Dropout(layer) => 0x100 + layer,
        }
    }
}

/// The key of all random numbers of one purpose in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub [u32; 2]);

impl Key {
    /// The key of a run's seed, a purpose, and the steps done before this one.
    pub fn new(seed: u64, purpose: Purpose, steps_before: u64) -> Self {
        let words = |number: u64| [number as u32, (number >> 32) as u32];
        let next = |key, [a, b]: [u32; 2]| threefry(key, [[a], [b]]).map(|[word]| word);
        Self(next(next(words(seed), [purpose.number(), 0]), words(steps_before)))
    }

    /// The random words of elements `2 · pair` and `2 · pair + 1` of the image at this position of the batch.
    #[inline(always)]
    pub fn pair(self, position: u32, pair: u32) -> [u32; 2] {
        threefry(self.0, [[position], [pair]]).map(|[word]| word)
    }

    /// The random word of an element.
    pub fn bits(self, position: u32, element: u32) -> u32 {
        self.pair(position, element / 2)[element as usize % 2]
    }

    /// Fills in the standard normal deviates of the first elements. An element and its neighbour share two words.
    pub fn normals(self, position: u32, values: &mut [f32]) {
        self.normals_by::<f32, 1>(position, values);
    }

    /// The same bits by vectors, so many pairs of elements side by side: a multiple of the vectors' lanes.
    #[inline(always)]
    pub fn normals_by<F: Float, const PAIRS: usize>(self, position: u32, values: &mut [f32]) {
        for (first, values) in (0..).step_by(PAIRS).zip(values.chunks_mut(2 * PAIRS)) {
            let mut pairs = [first; PAIRS];
            pairs.iter_mut().zip(0..).for_each(|(pair, at)| *pair += at);
            let [mut even, mut odd] = uniforms_and_turns(threefry(self.0, [[position; PAIRS], pairs]));
            for at in (0..PAIRS).step_by(F::LANES) {
                let (x, y) = box_muller(F::load(&even[at..]), F::load(&odd[at..]));
                x.store(&mut even[at..]);
                y.store(&mut odd[at..]);
            }
            for (n, pair) in values.chunks_mut(2).enumerate() {
                pair.copy_from_slice(&[even[n], odd[n]][..pair.len()]);
            }
        }
    }

    /// Fills in, for each of the first elements, whether an event of this probability happens.
    pub fn events(self, position: u32, probability: f32, events: &mut [bool]) {
        let threshold = threshold(probability);
        for (pair, events) in (0..).zip(events.chunks_mut(2)) {
            let words = self.pair(position, pair);
            events.iter_mut().zip(words).for_each(|(event, word)| *event = word < threshold);
        }
    }
}

/// An event of this probability, which is below 1, happens where the random word is below the threshold.
pub fn threshold(probability: f32) -> u32 {
    (f64::from(probability) * (1u64 << 32) as f64) as u32
}

/// What dropout multiplies the values by that it leaves, so that their expectation stays.
pub fn dropout_scale(rate: f32) -> f32 {
    1.0 / (1.0 - rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: fn(Purpose, u64) -> Key = |purpose, steps| Key::new(7, purpose, steps);

    #[test]
    fn numbers_are_pinned_so_that_runs_replay_for_ever() {
        let key = Key::new(0x1234_5678_9abc, Purpose::Sampling, 5);
        let words = [key.bits(3, 0), key.bits(3, 1), key.bits(4, 0)];
        let mut normals = [0.0; 3];
        key.normals(3, &mut normals);
        assert_eq!((key.0, words, normals.map(f32::to_bits)), PINNED);
    }

    const PINNED: ([u32; 2], [u32; 3], [u32; 3]) = (
        [0x172d_44e4, 0x5f3e_76bb],
        [0xae6c_bd26, 0x4ba9_36c5, 0x5a50_2486],
        [0xbe7d_3d50, 0x3f57_21f9, 0xbf7b_d4db],
    );

    #[test]
    fn seed_purpose_step_position_and_element_each_give_other_numbers() {
        let of = |key: Key| key.bits(0, 0);
        let numbers = [
            of(KEY(Purpose::Sampling, 0)),
            of(Key::new(8, Purpose::Sampling, 0)),
            of(Key::new(7 + (1 << 32), Purpose::Sampling, 0)),
            of(KEY(Purpose::Corruption, 0)),
            of(KEY(Purpose::Validation, 0)),
            of(KEY(Purpose::Dropout(0), 0)),
            of(KEY(Purpose::Dropout(1), 0)),
            of(KEY(Purpose::Sampling, 1)),
            of(KEY(Purpose::Sampling, 1 << 32)),
            KEY(Purpose::Sampling, 0).bits(1, 0),
            KEY(Purpose::Sampling, 0).bits(0, 1),
            KEY(Purpose::Sampling, 0).bits(0, 2),
        ];
        for (at, number) in numbers.iter().enumerate() {
            assert!(!numbers[..at].contains(number), "{at}");
        }
    }

    #[test]
    fn events_have_their_probability() {
        let mut events = vec![false; 100_001];
        for probability in [0.0, 0.2, 0.5, 0.99] {
            KEY(Purpose::Dropout(0), 3).events(9, probability, &mut events);
            let share = events.iter().filter(|&&event| event).count() as f32 / events.len() as f32;
            assert!((share - probability).abs() < 0.005, "{share} of {probability}");
        }
    }

    #[test]
    fn deviates_are_standard_normal() {
        let mut values = vec![0.0; 100_001];
        KEY(Purpose::Sampling, 3).normals(9, &mut values);
        let count = values.len() as f32;
        let mean = values.iter().sum::<f32>() / count;
        let variance = values.iter().map(|x| x * x).sum::<f32>() / count;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.015, "{mean} {variance}");
    }
}
