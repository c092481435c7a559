//! The file of the pretrained encoder, the other half of the network: loaded when an image has to be encoded before anything is
//! trained. It holds, one after the other and little-endian:
//!
//! | what | numbers |
//! |---|---|
//! | `encoder_dense_1.bias`, `encoder_dense_2.kernel`, `encoder_dense_2.bias` | f32: 300, 300 · 2, 2 |
//! | the steps that the first kernel is in, of each hidden unit | f32: 300 |
//! | `encoder_dense_1.kernel` | i8: 784 · 300 |
//!
//! A drawing may have ink where MNIST's images have none, so the kernel is kept whole, and not by its principal components as the
//! decoder's is.

use super::{FIRST_KERNEL, PretrainedError, Rounded, Whole, hidden, pixels, take};
use crate::{model::ModelSpec, weights::Weights};

/// Where the encoder's tensors stand: the first kernel, and all others.
const KERNEL: usize = 0;
const OTHERS: std::ops::Range<usize> = 1..FIRST_KERNEL;

/// The encoder, rounded as in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct PretrainedEncoder {
    /// The other tensors' numbers, then the steps.
    floats: Vec<f32>,
    /// The first kernel: of each hidden unit the weights of all pixels, in its steps.
    kernel: Vec<i8>,
}

impl PretrainedEncoder {
    /// Numbers in floats: the bias, kernel and bias of the code's layer, and the steps.
    fn floats() -> usize {
        let units = ModelSpec::default().latent_units();
        hidden() + hidden() * units + units + hidden()
    }

    /// Bytes of the file.
    pub fn bytes() -> usize {
        Self::floats() * size_of::<f32>() + hidden() * pixels()
    }

    /// The encoder of the tutorial's network with these weights.
    pub fn new(weights: &Weights) -> Result<Self, PretrainedError> {
        weights.check(&ModelSpec::default())?;
        let mut floats: Vec<f32> = OTHERS.flat_map(|at| &weights.tensors[at].values).copied().collect();
        let mut kernel = Vec::with_capacity(hidden() * pixels());
        for unit in 0..hidden() {
            let weights = weights.tensors[KERNEL].values.iter().skip(unit).step_by(hidden());
            let Rounded { step, values } = Rounded::<i8>::new(weights.copied());
            floats.push(step);
            kernel.extend(values);
        }
        Ok(Self { floats, kernel })
    }

    /// Puts the encoder's weights into the tutorial's network.
    pub fn complete(&self, weights: &mut Weights) {
        let mut floats = self.floats.as_slice();
        for tensor in &mut weights.tensors[OTHERS] {
            let (values, rest) = floats.split_at(tensor.values.len());
            tensor.values.copy_from_slice(values);
            floats = rest;
        }
        let kernel = &mut weights.tensors[KERNEL].values;
        for (unit, (step, values)) in floats.iter().zip(self.kernel.chunks_exact(pixels())).enumerate() {
            for (pixel, value) in values.iter().enumerate() {
                kernel[pixel * hidden() + unit] = step * value.value();
            }
        }
    }

    /// The file's bytes: the same for the same encoder.
    pub fn to_bytes(&self) -> Vec<u8> {
        [bytemuck::cast_slice(&self.floats), bytemuck::cast_slice::<i8, u8>(&self.kernel)].concat()
    }

    /// Reads a file of [`PretrainedEncoder::to_bytes`]. Takes any bytes and trusts none of them.
    pub fn parse(mut bytes: &[u8]) -> Result<Self, PretrainedError> {
        let wrong_length = PretrainedError::Length(bytes.len());
        let floats: Vec<f32> = take(&mut bytes, Self::floats()).ok_or(wrong_length.clone())?;
        let kernel =
            take(&mut bytes, hidden() * pixels()).filter(|_| bytes.is_empty()).ok_or(wrong_length)?;
        match floats.iter().all(|number| (number * i8::MOST).is_finite()) {
            true => Ok(Self { floats, kernel }),
            false => Err(PretrainedError::Parts("a number is not finite")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoder() -> PretrainedEncoder {
        PretrainedEncoder::new(&Weights::initial(&ModelSpec::default(), 5)).unwrap()
    }

    #[test]
    fn an_encoder_is_rounded_once_and_leaves_the_decoder() {
        let initial = Weights::initial(&ModelSpec::default(), 5);
        let file = encoder().to_bytes();
        assert_eq!(file.len(), PretrainedEncoder::bytes());
        let read = PretrainedEncoder::parse(&file).unwrap();
        assert_eq!(read.to_bytes(), file);
        let mut weights = Weights::initial(&ModelSpec::default(), 6);
        let decoder = weights.tensors[FIRST_KERNEL..].to_vec();
        read.complete(&mut weights);
        assert_eq!(weights.tensors[FIRST_KERNEL..], decoder);
        assert_eq!(weights.tensors[OTHERS], initial.tensors[OTHERS]);
        let kernels = weights.tensors[KERNEL].values.iter().zip(&initial.tensors[KERNEL].values);
        // Initial weights are below 0.08: half a step is less than 0.0004.
        assert!(kernels.into_iter().all(|(a, b)| (a - b).abs() < 4e-4));
    }

    #[test]
    fn what_is_no_encoder_is_refused() {
        let file = encoder().to_bytes();
        for bytes in [&b"<!DOCTYPE html>"[..], &file[1..], &[file.as_slice(), &[0]].concat()] {
            assert_eq!(PretrainedEncoder::parse(bytes), Err(PretrainedError::Length(bytes.len())));
        }
        for at in [0, 4 * 902] {
            let mut broken = file.clone();
            broken[at..at + 4].copy_from_slice(&f32::INFINITY.to_le_bytes());
            assert!(PretrainedEncoder::parse(&broken).is_err(), "{at}");
        }
    }

    proptest! {
        #[test]
        fn any_spoiled_file_is_read_or_refused(at in 0usize..4_000, byte: u8, end: usize) {
            let mut file = encoder().to_bytes();
            file[at] = byte;
            let _ = PretrainedEncoder::parse(&file);
            let _ = PretrainedEncoder::parse(&file[..end % file.len()]);
        }
    }
}
