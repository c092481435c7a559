//! Batches on the device: images, and the random numbers of a training step.

use burn::tensor::{Device, Tensor, TensorData};
use latent_core::{
    data::Images,
    model::{LayerKind, ModelSpec},
    noise::{Key, Noise, NoiseError, corrupt_for_validation},
};
use std::ops::Range;

/// A part of a batch, as a step of training reads it.
pub(crate) struct TrainingBatch {
    /// What the reconstruction is compared with: `[images, pixels]`.
    pub(crate) clean: Tensor<2>,
    /// What the encoder reads: `[images, pixels]`.
    pub(crate) corrupted: Tensor<2>,
    /// The factors of each dropout layer: `[images, values]`.
    pub(crate) dropout: Vec<Tensor<2>>,
    /// Standard normal deviates of a variational code: `[images, code]`.
    pub(crate) deviates: Option<Tensor<2>>,
}

impl TrainingBatch {
    /// The images of a batch at these positions, with the random numbers of the step after so many.
    pub(crate) fn new(
        spec: &ModelSpec,
        noise: &Noise,
        steps_before: u64,
        images: &Images,
        (batch, positions): (&[u32], Range<usize>),
        device: &Device,
    ) -> Result<Self, NoiseError> {
        let count = positions.len();
        let pixels = images.gather(batch[positions.clone()].iter().map(|&index| index as usize));
        let clean = on_device(pixels.clone(), count, device);
        let mut corrupted = pixels;
        noise.corrupt(spec.corruption, steps_before, positions.clone(), Key::normals, &mut corrupted)?;
        let mut dropout = Vec::new();
        for layer in spec.layers() {
            if let LayerKind::Dropout { rate, .. } = layer.kind {
                let number = dropout.len() as u32;
                let factors = noise.dropout(steps_before, number, rate, positions.clone(), layer.outputs)?;
                dropout.push(on_device(factors, count, device));
            }
        }
        let deviates = match spec.is_variational() {
            true => {
                let deviates = noise.sampling(steps_before, positions, spec.latent_units())?;
                Some(on_device(deviates, count, device))
            }
            false => None,
        };
        Ok(Self { clean, corrupted: on_device(corrupted, count, device), dropout, deviates })
    }
}

/// Images as validation reads them: what the reconstruction is compared with, and what the encoder reads. Both
/// `[which, pixels]`.
pub(crate) fn validation_batch(
    spec: &ModelSpec,
    images: &Images,
    which: Range<usize>,
    device: &Device,
) -> [Tensor<2>; 2] {
    let (first, count) = (which.start, which.len());
    let clean = images.gather(which);
    let mut corrupted = clean.clone();
    corrupt_for_validation(spec.corruption, first, Key::normals, &mut corrupted, spec.input.values());
    [clean, corrupted].map(|pixels| on_device(pixels, count, device))
}

/// The pixels of these images: `[which, pixels]`.
pub(crate) fn pixels(images: &Images, which: Range<usize>, device: &Device) -> Tensor<2> {
    let count = which.len();
    on_device(images.gather(which), count, device)
}

/// Values in so many rows.
fn on_device(values: Vec<f32>, rows: usize, device: &Device) -> Tensor<2> {
    let shape = [rows, values.len() / rows.max(1)];
    Tensor::from_data(TensorData::new(values, shape), device)
}
