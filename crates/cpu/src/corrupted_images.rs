//! Corrupted images as the first layer reads them, for models that learn from such.

use super::{
    deviates::{StepNoise, normals},
    simd::Simd,
    sparse::SparseImages,
    tensors::Shape,
};
use latent_core::{
    data::Images,
    model::{Corruption, ModelSpec},
    noise::{NoiseError, corrupt_for_validation},
};
use std::{convert::Infallible, ops::Range};

type OfBatch = fn(&mut SparseImages, &Shape, &Images, &[u32], StepNoise<'_>) -> Result<(), NoiseError>;

/// How corrupted images are gathered; the copies that the loss reads are clean. Programs whose models corrupt none do without
/// this code, so nothing else refers to it.
#[derive(Clone, Copy)]
pub(super) struct CorruptedImages {
    /// Gathers a batch as a step reads it.
    pub(super) of_batch: OfBatch,
    /// Gathers images as validation reads them: the same images are always corrupted the same.
    pub(super) for_validation: fn(&mut SparseImages, &Shape, &Images, Range<usize>),
}

impl CorruptedImages {
    /// How a model's images are gathered, if it corrupts them.
    pub(super) fn of<F: Simd>(model: &ModelSpec) -> Option<Self> {
        (model.corruption != Corruption::None)
            .then_some(Self { of_batch: of_batch::<F>, for_validation: for_validation::<F> })
    }
}

fn of_batch<F: Simd>(
    pixels: &mut SparseImages,
    shape: &Shape,
    images: &Images,
    batch: &[u32],
    StepNoise { noise, steps }: StepNoise<'_>,
) -> Result<(), NoiseError> {
    let these = batch.iter().map(|&image| images.get(image as usize));
    pixels.gather_corrupted(shape.size_of_image(), these, |position, values| {
        noise.corrupt(shape.model.corruption, steps, position..position + 1, normals::<F>, values)
    })
}

fn for_validation<F: Simd>(pixels: &mut SparseImages, shape: &Shape, images: &Images, which: Range<usize>) {
    let these = which.clone().map(|image| images.get(image));
    let Ok(()) = pixels.gather_corrupted(shape.size_of_image(), these, |at, values| {
        let count = values.len();
        corrupt_for_validation(shape.model.corruption, which.start + at, normals::<F>, values, count);
        Ok::<(), Infallible>(())
    });
}
