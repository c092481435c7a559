//! The pretrained decoder: what the page shows before anything is trained. A file of the tutorial's network after its 20
//! epochs, as `make pretrained` makes it. It holds, one after the other and little-endian:
//!
//! | what | numbers |
//! |---|---|
//! | `decoder_dense_1.kernel`, `decoder_dense_1.bias`, `decoder_dense_2.bias` | f32: 2 · 300, 300, 784 |
//! | the step: what 1 stands for in the last kernel | f32: 1 |
//! | `decoder_dense_2.kernel`, in steps | i8: 300 · 784 |
//! | where the encoder put the first test digits | f32: 2 · digits |
//! | what they are | u8: digits |
//!
//! No container and no names, since a reader for those would be a fifth of the explorer's program. One step for all of
//! the kernel, and not one for each column, because of gzip: a column of the image's edge then holds little but zeros,
//! and the file packs to four fifths. docs/measurements.md says what the rounding costs.

use super::{Weights, WeightsError};
use crate::settings::{Architecture, TEST_IMAGES};
use thiserror::Error;

// Numbers are little-endian in the file, and so is every target of this project.
const _: () = assert!(cfg!(target_endian = "little"));

/// The decoder, and test digits with their codes.
#[derive(Clone, Debug, PartialEq)]
pub struct Pretrained {
    /// The tutorial's network. The encoder is not in the file: there its weights are zeros.
    pub weights: Weights,
    /// Where the encoder put the first test digits: `[digits, 2]`.
    pub codes: Vec<f32>,
    /// What they are, 0 to 9: `[digits]`.
    pub labels: Vec<u8>,
}

/// Why this is no pretrained decoder.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PretrainedError {
    /// No whole number of digits is left behind the weights, or more than there are.
    #[error("a pretrained decoder does not have {0} bytes")]
    Length(usize),
    /// The weights are not the tutorial's network's, or not finite.
    #[error("the pretrained decoder: {0}")]
    Weights(#[from] WeightsError),
    /// Codes and labels that can't be.
    #[error("the pretrained decoder: {0}")]
    Digits(&'static str),
}

impl Pretrained {
    /// The file's bytes: the same for the same decoder. The last kernel is rounded.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PretrainedError> {
        self.check()?;
        let [.., first, last] = &self.weights.layers[..] else { return Err(PretrainedError::Length(0)) };
        let largest = last.kernel.iter().fold(f32::MIN_POSITIVE, |largest, weight| largest.max(weight.abs()));
        let step = largest / f32::from(i8::MAX);
        let rounded: Vec<_> = last.kernel.iter().map(|weight| (weight / step).round() as i8).collect();
        let floats = [&first.kernel[..], &first.bias, &last.bias, &[step]].concat();
        let parts: [&[u8]; 4] = [
            bytemuck::cast_slice(&floats),
            bytemuck::cast_slice(&rounded),
            bytemuck::cast_slice(&self.codes),
            &self.labels,
        ];
        Ok(parts.concat())
    }

    /// Reads a file of [`Pretrained::to_bytes`]. Takes any bytes and trusts none of them.
    pub fn parse(bytes: &[u8]) -> Result<Self, PretrainedError> {
        let wrong_length = PretrainedError::Length(bytes.len());
        Self::read(bytes).ok_or(wrong_length).and_then(|pretrained| pretrained.check().map(|()| pretrained))
    }

    /// What the bytes hold, if their number is right.
    fn read(mut bytes: &[u8]) -> Option<Self> {
        let architecture = Architecture::default();
        let mut weights = Weights::zeros(&architecture);
        if let [.., first, last] = &mut weights.layers[..] {
            for values in [&mut first.kernel, &mut first.bias, &mut last.bias] {
                *values = take(&mut bytes, values.len())?;
            }
            let step = take::<f32>(&mut bytes, 1)?[0];
            let rounded = take::<i8>(&mut bytes, last.kernel.len())?;
            last.kernel = rounded.into_iter().map(|weight| f32::from(weight) * step).collect();
        }
        let digits = bytes.len() / (architecture.code * size_of::<f32>() + 1);
        let codes = take(&mut bytes, digits * architecture.code)?;
        let labels = take(&mut bytes, digits)?;
        (bytes.is_empty() && digits <= TEST_IMAGES).then_some(Self { weights, codes, labels })
    }

    fn check(&self) -> Result<(), PretrainedError> {
        let architecture = Architecture::default();
        self.weights.check(&architecture)?;
        let digits = self.labels.len();
        if digits > TEST_IMAGES || self.codes.len() != digits * architecture.code {
            return Err(PretrainedError::Digits("it has not a code for each label"));
        }
        if !self.codes.iter().all(|value| value.is_finite()) {
            return Err(PretrainedError::Digits("a code is not finite"));
        }
        if self.labels.iter().any(|&label| label > 9) {
            return Err(PretrainedError::Digits("a label is no digit"));
        }
        Ok(())
    }
}

/// So many numbers off the front.
fn take<T: bytemuck::Pod>(bytes: &mut &[u8], count: usize) -> Option<Vec<T>> {
    let (front, rest) = bytes.split_at_checked(count * size_of::<T>())?;
    *bytes = rest;
    Some(bytemuck::allocation::pod_collect_to_vec(front))
}
