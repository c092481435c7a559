//! Images as the encoder of a denoising model reads them.

use super::{Key, Purpose};
use crate::model::Corruption;

/// Fills in the deviates of an image: [`Key::normals`] by the vectors of whoever asks.
pub type Normals = fn(Key, u32, &mut [f32]);

/// Corrupts the values of an image with this key's random numbers.
pub(super) fn corrupt(corruption: Corruption, key: Key, position: u32, normals: Normals, values: &mut [f32]) {
    match corruption {
        Corruption::None => {}
        Corruption::Gaussian { deviation } => {
            let mut deviates = vec![0.0; values.len()];
            normals(key, position, &mut deviates);
            add_noise(values, &deviates, deviation);
        }
        Corruption::Masking { fraction } => {
            let mut is_masked = vec![false; values.len()];
            key.events(position, fraction, &mut is_masked);
            for (value, _) in values.iter_mut().zip(is_masked).filter(|(_, is_masked)| *is_masked) {
                *value = 0.0;
            }
        }
    }
}

/// Adds standard normal deviates times `deviation`, and clips to 0 … 1.
pub(super) fn add_noise(values: &mut [f32], deviates: &[f32], deviation: f32) {
    for (value, deviate) in values.iter_mut().zip(deviates) {
        *value = (*value + deviation * deviate).clamp(0.0, 1.0);
    }
}

/// Corrupts images as validation reads them, `[images, values]`, the first of which has this index in its set. The noise is
/// the same for every run, so that their losses compare.
pub fn corrupt_for_validation(
    corruption: Corruption,
    first: usize,
    normals: Normals,
    images: &mut [f32],
    values: usize,
) {
    let key = Key::new(0, Purpose::Validation, 0);
    for (index, image) in (first..).zip(images.chunks_exact_mut(values)) {
        corrupt(corruption, key, index as u32, normals, image);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaussian_noise_has_its_deviation_and_stays_within_the_shades() {
        let mut values = vec![0.5; 20_000];
        corrupt_for_validation(Corruption::Gaussian { deviation: 0.1 }, 0, Key::normals, &mut values, 200);
        let deviation = values.iter().map(|x| (x - 0.5) * (x - 0.5)).sum::<f32>() / 20_000.0;
        assert!((deviation.sqrt() - 0.1).abs() < 0.003, "{deviation}");
        let mut values = vec![0.9; 20_000];
        corrupt_for_validation(Corruption::Gaussian { deviation: 2.0 }, 0, Key::normals, &mut values, 200);
        assert!(
            values.iter().all(|x| (0.0..=1.0).contains(x)) && values.contains(&0.0) && values.contains(&1.0)
        );
    }

    #[test]
    fn masking_blackens_its_share_and_leaves_the_rest() {
        let mut values = vec![0.7; 20_000];
        corrupt_for_validation(Corruption::Masking { fraction: 0.3 }, 0, Key::normals, &mut values, 200);
        let masked = values.iter().filter(|&&x| x == 0.0).count();
        assert!((5_700..6_300).contains(&masked), "{masked}");
        assert!(values.iter().all(|&x| x == 0.0 || x == 0.7));
    }

    #[test]
    fn an_image_is_corrupted_the_same_in_whatever_slice_it_is_validated() {
        let corruption = Corruption::Gaussian { deviation: 0.4 };
        let mut all = vec![0.5; 40];
        corrupt_for_validation(corruption, 0, Key::normals, &mut all, 10);
        let mut last = vec![0.5; 10];
        corrupt_for_validation(corruption, 3, Key::normals, &mut last, 10);
        assert_eq!(all[30..], last);
    }
}
