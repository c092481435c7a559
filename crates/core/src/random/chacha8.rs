//! The generator ChaCha8 (Bernstein, "ChaCha, a variant of Salsa20", 2008), with the numbers of the crate `rand_chacha` and a
//! fifth of its size in a program: the crate computes four blocks at once.

/// "expand 32-byte k"
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
/// Pairs of rounds, one of columns and one of diagonals.
const DOUBLE_ROUNDS: usize = 4;
/// Words of a block.
const WORDS: usize = 16;
/// Where the block's number and the stream's lie in the state, two words each.
const COUNTER: usize = 12;
const STREAM: usize = 14;

/// A stream of random words.
pub(super) struct ChaCha8 {
    state: [u32; WORDS],
    block: [u32; WORDS],
    /// Words of the block that were taken.
    taken: usize,
}

impl ChaCha8 {
    /// A stream of a seed, from its beginning.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut state = [0; WORDS];
        state[..4].copy_from_slice(&CONSTANTS);
        let mut pcg = seed;
        state[4..COUNTER].fill_with(|| pcg32(&mut pcg));
        (state[STREAM], state[STREAM + 1]) = (stream as u32, (stream >> 32) as u32);
        Self { state, block: state, taken: WORDS }
    }

    /// The next word.
    pub(super) fn next(&mut self) -> u32 {
        if self.taken == WORDS {
            self.next_block();
        }
        self.taken += 1;
        self.block[self.taken - 1]
    }

    fn next_block(&mut self) {
        let mut x = self.state;
        for _ in 0..DOUBLE_ROUNDS {
            for column in 0..4 {
                quarter_round(&mut x, [column, 4 + column, 8 + column, 12 + column]);
            }
            for first in 0..4 {
                quarter_round(&mut x, [0, 1, 2, 3].map(|row| 4 * row + (first + row) % 4));
            }
        }
        for (word, start) in x.iter_mut().zip(self.state) {
            *word = word.wrapping_add(start);
        }
        let (low, has_wrapped) = self.state[COUNTER].overflowing_add(1);
        self.state[COUNTER] = low;
        self.state[COUNTER + 1] = self.state[COUNTER + 1].wrapping_add(u32::from(has_wrapped));
        (self.block, self.taken) = (x, 0);
    }
}

fn quarter_round(x: &mut [u32; WORDS], [a, b, c, d]: [usize; 4]) {
    for (to, from, other, bits) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
        x[to] = x[to].wrapping_add(x[from]);
        x[other] = (x[other] ^ x[to]).rotate_left(bits);
    }
}

/// The next word of the generator PCG-XSH-RR (O'Neill, "PCG: A family of simple fast space-efficient statistically good
/// algorithms", 2014), which makes 256 bits of a seed's 64 as `SeedableRng::seed_from_u64` does.
fn pcg32(state: &mut u64) -> u32 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(11_634_580_027_462_260_723);
    let shifted = (((*state >> 18) ^ *state) >> 27) as u32;
    shifted.rotate_right((*state >> 59) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{Rng, SeedableRng},
    };

    proptest! {
        #[test]
        fn the_words_are_those_of_the_crate(seed: u64, stream: u64, count in 0usize..200) {
            let mut expected = ChaCha8Rng::seed_from_u64(seed);
            expected.set_stream(stream);
            let mut found = ChaCha8::new(seed, stream);
            for at in 0..count {
                prop_assert_eq!(found.next(), expected.next_u32(), "{}", at);
            }
        }
    }
}
