//! The random numbers of a step, and normal deviates by vectors.

use super::simd::{Simd, run};
use latent_core::noise::{Key, Noise};

/// The random numbers of the step after so many.
#[derive(Clone, Copy)]
pub(super) struct StepNoise<'a> {
    pub(super) noise: &'a Noise,
    pub(super) steps: u64,
}

/// Pairs that are computed side by side: the lanes of the widest vectors.
const PAIRS: usize = if cfg!(target_family = "wasm") { 4 } else { 8 };

/// [`Key::normals`] compiled for these vectors.
pub(super) fn normals<F: Simd>(key: Key, position: u32, values: &mut [f32]) {
    run!(F, key.normals_by::<F, PAIRS>(position, values));
}

#[cfg(test)]
mod tests {
    use super::{super::simd, *};

    #[test]
    fn every_vector_gives_the_same_bits() {
        let of = |normals: fn(Key, u32, &mut [f32]), count: usize| {
            let mut values = vec![0.0; count];
            normals(Key([3, 5]), 7, &mut values);
            values.into_iter().map(f32::to_bits).collect::<Vec<_>>()
        };
        for count in [0, 1, 2, 15, 16, 17, 784] {
            let expected = of(Key::normals, count);
            assert_eq!(of(normals::<simd::Portable4>, count), expected);
            #[cfg(target_arch = "x86_64")]
            {
                assert_eq!(of(normals::<simd::Sse4>, count), expected);
                if simd::Avx8::is_available() {
                    assert_eq!(of(normals::<simd::Avx8>, count), expected);
                }
            }
        }
    }
}
