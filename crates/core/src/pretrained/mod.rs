//! The pretrained decoder, which the page shows before anything is trained: a file of the tutorial's network after its
//! 20 epochs, as `make pretrained` makes it. It holds, one after the other and little-endian:
//!
//! | what | numbers |
//! |---|---|
//! | `decoder_dense_1.kernel`, `decoder_dense_1.bias`, `decoder_dense_2.bias` | f32: 2 · 300, 300, 784 |
//! | the steps that the other numbers are in: of each component, and of a code's two numbers | f32: 2 · 16, 2 |
//! | `decoder_dense_2.kernel` as a product of two matrices: of each component the column, then the row | i8: 16 · 300, 16 · 784 |
//! | where the encoder put the first test images, one axis after the other | i16: 2 · images |
//! | their labels | u8: images |
//!
//! A plane's worth of images has far fewer than 300 dimensions, so the large kernel is kept by its [`COMPONENTS`]
//! principal ones, a byte a number: a tenth of the bytes that the whole kernel takes so, and no farther from it, since
//! rounding errors of 300 weights a pixel add up to more than what is left out. docs/measurements.md has the figures.
//!
//! No container and no names, since a reader for those would be a fifth of the explorer's program.

mod encoder;

pub use encoder::PretrainedEncoder;

use crate::{
    data::mnist::{CLASSES, TEST_IMAGES},
    model::ModelSpec,
    weights::{Weights, WeightsError},
};
use thiserror::Error;

// Numbers are little-endian in the file, and so is every target of this project.
const _: () = assert!(cfg!(target_endian = "little"));

/// Components that the last kernel is kept by.
pub const COMPONENTS: usize = 16;

/// The decoder, and test images with their codes: rounded, as in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Pretrained {
    /// The tutorial's network but for the last kernel. The encoder is not in the file: there its weights are zeros.
    rest: Weights,
    /// The last kernel's components, each the product of a column and a row.
    columns: Vec<Rounded<i8>>,
    rows: Vec<Rounded<i8>>,
    /// The codes' numbers on each axis.
    codes: Vec<Rounded<i16>>,
    labels: Vec<u8>,
}

/// Numbers in whole steps.
#[derive(Clone, Debug, PartialEq)]
struct Rounded<T> {
    step: f32,
    values: Vec<T>,
}

/// What numbers are rounded to.
trait Whole: bytemuck::Pod {
    const MOST: f32;
    fn nearest(value: f32) -> Self;
    fn value(self) -> f32;
}

/// Why a file is refused as a pretrained decoder or encoder.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PretrainedError {
    /// There are too few bytes for the weights, or behind them no whole number of images, or more than there are.
    #[error("a pretrained network does not have {0} bytes")]
    Length(usize),
    /// The weights are not the tutorial's network's, or not finite.
    #[error("the pretrained network: {0}")]
    Weights(#[from] WeightsError),
    /// Components, codes or labels that can't be.
    #[error("the pretrained network: {0}")]
    Parts(&'static str),
}

impl Pretrained {
    /// The decoder of the tutorial's network with these `weights`, its last kernel by its components: `columns`
    /// `[COMPONENTS, 300]` and `rows` `[COMPONENTS, 784]`. Beside it the codes of images, `[images, 2]`, and their labels.
    pub fn new(
        weights: &Weights,
        columns: &[f32],
        rows: &[f32],
        codes: &[f32],
        labels: Vec<u8>,
    ) -> Result<Self, PretrainedError> {
        let model = ModelSpec::default();
        weights.check(&model)?;
        let mut rest = Weights::zeros(&model);
        for (kept, tensor) in rest.tensors.iter_mut().zip(&weights.tensors).skip(FIRST_KERNEL) {
            kept.clone_from(tensor);
        }
        rest.tensors[LAST_KERNEL].values.fill(0.0);
        let axis = |axis| Rounded::new(codes.iter().skip(axis).step_by(model.latent_units()).copied());
        let parts = |numbers: &[f32], length| -> Vec<_> {
            numbers.chunks(length).map(|part| Rounded::new(part.iter().copied())).collect()
        };
        let pretrained = Self {
            columns: parts(columns, hidden()),
            rows: parts(rows, pixels()),
            codes: (0..model.latent_units()).map(axis).collect(),
            rest,
            labels,
        };
        pretrained.check().map(|()| pretrained)
    }

    /// The tutorial's network. The encoder's weights are zeros.
    pub fn weights(&self) -> Weights {
        let mut weights = self.rest.clone();
        let kernel = &mut weights.tensors[LAST_KERNEL].values;
        for (column, row) in self.columns.iter().zip(&self.rows) {
            for (to, weight) in kernel.chunks_exact_mut(pixels()).zip(column.values()) {
                to.iter_mut().zip(row.values()).for_each(|(sum, value)| *sum += weight * value);
            }
        }
        weights
    }

    /// Where the encoder put the first test images: `[images, 2]`.
    pub fn codes(&self) -> Vec<f32> {
        let code = |image: usize| self.codes.iter().map(move |axis| axis.step * axis.values[image].value());
        (0..self.labels.len()).flat_map(code).collect()
    }

    /// Their labels: `[images]`.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The file's bytes: the same for the same decoder.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tensor = |at: usize| self.rest.tensors[at].values.as_slice();
        let components = || self.columns.iter().chain(&self.rows);
        let steps: Vec<_> =
            components().map(|part| part.step).chain(self.codes.iter().map(|axis| axis.step)).collect();
        let floats =
            [tensor(FIRST_KERNEL), tensor(FIRST_KERNEL + 1), tensor(LAST_KERNEL + 1), &steps].concat();
        let mut bytes = bytemuck::cast_slice(&floats).to_vec();
        components().for_each(|part| bytes.extend_from_slice(bytemuck::cast_slice(&part.values)));
        self.codes.iter().for_each(|axis| bytes.extend_from_slice(bytemuck::cast_slice(&axis.values)));
        bytes.extend_from_slice(&self.labels);
        bytes
    }

    /// Reads a file of [`Pretrained::to_bytes`]. Takes any bytes and trusts none of them.
    pub fn parse(bytes: &[u8]) -> Result<Self, PretrainedError> {
        let wrong_length = PretrainedError::Length(bytes.len());
        Self::read(bytes).ok_or(wrong_length).and_then(|pretrained| pretrained.check().map(|()| pretrained))
    }

    /// What the bytes hold, if their number is right.
    fn read(mut bytes: &[u8]) -> Option<Self> {
        let model = ModelSpec::default();
        let mut rest = Weights::zeros(&model);
        for at in [FIRST_KERNEL, FIRST_KERNEL + 1, LAST_KERNEL + 1] {
            let values = &mut rest.tensors[at].values;
            *values = take(&mut bytes, values.len())?;
        }
        let mut steps = take::<f32>(&mut bytes, 2 * COMPONENTS + model.latent_units())?.into_iter();
        let mut part = |length| Some(Rounded { step: steps.next()?, values: take(&mut bytes, length)? });
        let columns = (0..COMPONENTS).map(|_| part(hidden())).collect::<Option<_>>()?;
        let rows = (0..COMPONENTS).map(|_| part(pixels())).collect::<Option<_>>()?;
        let images = bytes.len() / (model.latent_units() * size_of::<i16>() + 1);
        let codes = steps.map(|step| Some(Rounded { step, values: take(&mut bytes, images)? }));
        let codes = codes.collect::<Option<_>>()?;
        let labels = take(&mut bytes, images)?;
        (bytes.is_empty() && images <= TEST_IMAGES).then_some(Self { rest, columns, rows, codes, labels })
    }

    fn check(&self) -> Result<(), PretrainedError> {
        self.rest.check(&ModelSpec::default())?;
        let Self { columns, rows, codes, labels, .. } = self;
        let are_whole = |parts: &[Rounded<i8>], length| {
            parts.len() == COMPONENTS && parts.iter().all(|part| part.values.len() == length)
        };
        if !are_whole(columns, hidden()) || !are_whole(rows, pixels()) {
            return Err(PretrainedError::Parts("it has other components"));
        }
        let images = labels.len();
        if images > TEST_IMAGES || codes.iter().any(|axis| axis.values.len() != images) {
            return Err(PretrainedError::Parts("it has not a code for each label"));
        }
        // What a weight and a number of a code come to at most has to be finite too.
        let most = |column: &Rounded<_>, row: &Rounded<_>| column.step * row.step * i8::MOST * i8::MOST;
        let largest_weight: f32 = columns.iter().zip(rows).map(|(column, row)| most(column, row).abs()).sum();
        let mut largest = codes.iter().map(|axis| axis.step * i16::MOST).chain([largest_weight]);
        if !largest.all(f32::is_finite) {
            return Err(PretrainedError::Parts("a number is not finite"));
        }
        if labels.iter().any(|&label| usize::from(label) >= CLASSES) {
            return Err(PretrainedError::Parts("a label is not one of the classes"));
        }
        Ok(())
    }
}

/// Where the kernels of the tutorial's decoder stand among its tensors. Each one's bias follows it.
const FIRST_KERNEL: usize = 4;
const LAST_KERNEL: usize = 6;

/// The tutorial's hidden units.
fn hidden() -> usize {
    ModelSpec::default().hidden()[0]
}

/// Pixels of an image.
fn pixels() -> usize {
    ModelSpec::default().input.values()
}

impl<T: Whole> Rounded<T> {
    fn new(numbers: impl Iterator<Item = f32> + Clone) -> Self {
        let largest = numbers.clone().fold(f32::MIN_POSITIVE, |largest, number| largest.max(number.abs()));
        let step = largest / T::MOST;
        Self { step, values: numbers.map(|number| T::nearest(number / step)).collect() }
    }

    fn values(&self) -> impl Iterator<Item = f32> {
        self.values.iter().map(|value| self.step * value.value())
    }
}

impl Whole for i8 {
    const MOST: f32 = i8::MAX as f32;
    fn nearest(value: f32) -> Self {
        value.round() as i8
    }
    fn value(self) -> f32 {
        f32::from(self)
    }
}

impl Whole for i16 {
    const MOST: f32 = i16::MAX as f32;
    fn nearest(value: f32) -> Self {
        value.round() as i16
    }
    fn value(self) -> f32 {
        f32::from(self)
    }
}

/// So many numbers off the front.
fn take<T: bytemuck::Pod>(bytes: &mut &[u8], count: usize) -> Option<Vec<T>> {
    let (front, rest) = bytes.split_at_checked(count * size_of::<T>())?;
    *bytes = rest;
    Some(bytemuck::allocation::pod_collect_to_vec(front))
}
