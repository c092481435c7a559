//! The random numbers of a step, as the passes read them (`wgsl/general/noise.wgsl`).

use super::layer::RANDOM_BEFORE_DROPOUT;
use crate::layout::{BLOCK, ROWS};
use latent_core::{
    data::Images,
    model::{Corruption, LayerKind, MAX_CONVOLUTIONS, MAX_HIDDEN_LAYERS, ModelSpec},
    noise::{Key, Noise, NoiseError, Purpose, threshold},
};
use std::ops::Range;

/// Entries of `step.random`: sampling, corruption, and dropout behind every layer that may have it.
pub(crate) const ENTRIES: usize = RANDOM_BEFORE_DROPOUT + MAX_CONVOLUTIONS + MAX_HIDDEN_LAYERS;

/// `step.random`: a key of two words, where the numbers come from, and where supplied numbers begin or how strong the
/// corruption is.
pub(crate) type Random = [[u32; 4]; ENTRIES];

// Where the numbers come from.
const BY_POSITION: u32 = 0;
const BY_IMAGE: u32 = 1;
const SUPPLIED: u32 = 2;

/// Where the random numbers of passes come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RandomSource<'a> {
    /// The passes draw none.
    None,
    /// The noise of validation.
    Validation,
    /// The noise of training.
    Training(&'a Noise),
}

/// Some images of a batch, at these positions of it.
pub(crate) struct Positions<'a> {
    pub(crate) images: &'a Images,
    pub(crate) batch: &'a [u32],
    pub(crate) positions: Range<usize>,
    pub(crate) steps_before: u64,
}

impl RandomSource<'_> {
    /// The entries for a part of a step. Supplied numbers are appended to `numbers`.
    pub(crate) fn entries(
        self,
        model: &ModelSpec,
        of: &Positions,
        numbers: &mut Vec<u32>,
    ) -> Result<Random, NoiseError> {
        let mut entries = Random::default();
        match self {
            Self::None => {}
            Self::Validation => {
                entries[1] =
                    generated(Key::new(0, Purpose::Validation, 0), BY_IMAGE, strength(model.corruption));
            }
            Self::Training(noise) if noise.supplied.is_some() => {
                of.supplied(model, noise, numbers, &mut entries)?
            }
            Self::Training(noise) => {
                let key = |purpose| noise.key(purpose, of.steps_before);
                entries[0] = generated(key(Purpose::Sampling), BY_POSITION, 0);
                entries[1] = generated(key(Purpose::Corruption), BY_POSITION, strength(model.corruption));
                for (number, entry) in (0..).zip(&mut entries[RANDOM_BEFORE_DROPOUT..]) {
                    *entry = generated(key(Purpose::Dropout(number)), BY_POSITION, 0);
                }
            }
        }
        Ok(entries)
    }
}

fn generated(Key([first, second]): Key, source: u32, strength: u32) -> [u32; 4] {
    [first, second, source, strength]
}

/// A deviation, or a threshold of random words.
fn strength(corruption: Corruption) -> u32 {
    match corruption {
        Corruption::None => 0,
        Corruption::Gaussian { deviation } => deviation.to_bits(),
        Corruption::Masking { fraction } => threshold(fraction),
    }
}

impl Positions<'_> {
    /// Entries whose numbers the host has: some are supplied, and what is not supplied follows from the seed.
    fn supplied(
        &self,
        model: &ModelSpec,
        noise: &Noise,
        numbers: &mut Vec<u32>,
        entries: &mut Random,
    ) -> Result<(), NoiseError> {
        let (steps, positions) = (self.steps_before, self.positions.clone());
        let mut append = |values: Vec<f32>| {
            let at = numbers.len() / BLOCK;
            numbers.extend(values.iter().map(|value| value.to_bits()));
            // Images that fill the batch up to eights have zeros, and the last loads begin before the end.
            let rest = positions.len().next_multiple_of(ROWS) - positions.len();
            let rest = rest * values.len() / positions.len() + BLOCK;
            numbers.resize((numbers.len() + rest).next_multiple_of(BLOCK), 0);
            [0, 0, SUPPLIED, at as u32]
        };
        if model.is_variational() {
            entries[0] = append(noise.sampling(steps, positions.clone(), model.latent_units())?);
        }
        if model.corruption != Corruption::None {
            let batch = &self.batch[positions.clone()];
            let mut images = self.images.gather(batch.iter().map(|&image| image as usize));
            noise.corrupt(model.corruption, steps, positions.clone(), Key::normals, &mut images)?;
            entries[1] = append(images);
        }
        let rates = model.layers().into_iter().filter_map(|layer| match layer.kind {
            LayerKind::Dropout { rate, .. } => Some((rate, layer.outputs)),
            _ => None,
        });
        for ((number, (rate, values)), entry) in (0..).zip(rates).zip(&mut entries[RANDOM_BEFORE_DROPOUT..]) {
            *entry = append(noise.dropout(steps, number, rate, positions.clone(), values)?);
        }
        Ok(())
    }
}
