//! A network on the device, and what a trainer does with it.

use super::{
    chunk::{Chunk, Set, Wanted},
    device::{Gpu, Scopes},
    images::{Resident, slices},
    layout::{BLOCK, Layout, ROWS},
    memory::{Memory, Need},
    readback::{FLOAT, Readback},
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    settings::PIXELS,
    training::{Losses, Progress, TrainerError},
    weights::Weights,
};
use std::ops::Range;

/// Images that are taken through the network at once outside training; room for as many in a batch is made first.
const SLICE: usize = 256;
/// The longest chunk of steps that room is made for first (`training::run` has no longer ones).
const STEPS: usize = 64;

/// A network in training on a GPU.
///
/// Whatever it does is one submission, and what comes back is read once, when that is done. Nothing is made for it on
/// the device, but for a larger batch or a longer chunk than any before.
pub struct Passes {
    pub(super) gpu: Gpu,
    pub(super) model: ModelSpec,
    pub(super) memory: Memory,
    pub(super) resident: [Option<Resident>; 2],
    pub(super) readback: Readback,
    pub(super) steps: u64,
    /// Work was done, and the device had nothing against it.
    pub(super) proven: bool,
}

impl Passes {
    /// A network that goes on from `progress`, whose tensors must fit `model`.
    pub async fn new(gpu: &Gpu, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        for weights in [&progress.weights, &progress.first_moment, &progress.second_moment] {
            weights.check(model)?;
        }
        let scopes = Scopes::open(&gpu.device);
        let need = Need { rows: SLICE, steps: STEPS, order: STEPS * SLICE };
        let memory = Memory::new(gpu, model, progress, need);
        scopes.close().await?;
        Ok(Self {
            gpu: gpu.clone(),
            model: model.clone(),
            memory: memory?,
            resident: [None, None],
            readback: Readback::default(),
            steps: progress.steps,
            proven: false,
        })
    }

    /// Trains one step on each of `batches` in turn and gives each one's mean squared error before its update.
    pub async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let chunk = Chunk {
            images: Some((Set::Training, images)),
            batches,
            learning_rate,
            passes: Layout::train,
            wanted: Wanted::Losses,
        };
        let losses = losses(&self.run(chunk).await?, batches);
        self.steps += batches.len() as u64;
        Ok(losses.into_iter().map(Losses::deterministic).collect())
    }

    /// The mean squared error over these images.
    pub async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        let batches = batches(which.clone());
        let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
        let chunk = Chunk {
            images: Some((self.set_of(images), images)),
            batches: &batches,
            learning_rate: 0.0,
            passes: Layout::compare,
            wanted: Wanted::Losses,
        };
        let errors = losses(&self.run(chunk).await?, &batches);
        let sum: f64 = errors.iter().zip(&batches).map(|(error, batch)| error * batch.len() as f64).sum();
        Ok(Losses::deterministic(sum / which.len() as f64))
    }

    /// The codes of these images: `[which, code]`.
    pub async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        let batches = batches(which);
        let layer = self.memory.layout.encoder - 1;
        let chunk = Chunk {
            images: Some((self.set_of(images), images)),
            batches: &batches.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            learning_rate: 0.0,
            passes: Layout::encode,
            wanted: Wanted::Outputs(layer),
        };
        let rows = self.run(chunk).await?;
        Ok(columns(&rows, self.memory.layout.output_length(layer), self.model.latent_units()))
    }

    /// The images at these codes (`[n, code]`), as the network gives them, about 0..=1: `[n, 784]`.
    pub async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        let units = self.model.latent_units();
        assert!(codes.len().is_multiple_of(units), "codes have {units} numbers each");
        let layer = self.memory.layout.layers.len() - 1;
        let mut images = Vec::with_capacity(codes.len() / units * PIXELS);
        for codes in codes.chunks(SLICE * units) {
            self.write_codes(codes);
            let chunk = Chunk {
                images: None,
                batches: &[&vec![0; codes.len() / units]],
                learning_rate: 0.0,
                passes: Layout::decode,
                wanted: Wanted::Outputs(layer),
            };
            let rows = self.run(chunk).await?;
            images.extend(columns(&rows, self.memory.layout.output_length(layer), PIXELS));
        }
        Ok(images)
    }

    /// A copy of the weights.
    pub async fn weights(&mut self) -> Result<Weights, TrainerError> {
        let [weights] = self.read_parameters(|memory| [&memory.weights]).await?;
        Ok(weights)
    }

    /// A copy of all that training has changed.
    pub async fn progress(&mut self) -> Result<Progress, TrainerError> {
        let [weights, first_moment, second_moment] =
            self.read_parameters(|memory| [&memory.weights, &memory.means, &memory.squares]).await?;
        Ok(Progress { weights, first_moment, second_moment, steps: self.steps })
    }

    /// Reads buffers laid out as the weights.
    async fn read_parameters<const N: usize>(
        &mut self,
        buffers: impl Fn(&Memory) -> [&wgpu::Buffer; N],
    ) -> Result<[Weights; N], TrainerError> {
        let numbers = BLOCK * self.memory.layout.weights;
        let scopes = (!self.readback.holds(N * numbers)).then(|| Scopes::open(&self.gpu.device));
        self.readback.reserve(&self.gpu.device, N * numbers);
        let mut encoder = self.gpu.encoder();
        for (at, buffer) in buffers(&self.memory).into_iter().enumerate() {
            self.readback.copy(&mut encoder, buffer, 0, at * numbers, numbers);
        }
        self.gpu.queue.submit([encoder.finish()]);
        if let Some(scopes) = scopes {
            scopes.close().await?;
        }
        let values = self.readback.read(&self.gpu.device, N * numbers).await?;
        Ok(std::array::from_fn(|at| {
            self.memory.layout.unpack(&values[at * numbers..][..numbers], &self.model)
        }))
    }

    /// Puts codes where the decoder reads them.
    fn write_codes(&self, codes: &[f32]) {
        let (units, code) = (self.model.latent_units(), self.memory.layout.encoder - 1);
        let length = self.memory.layout.output_length(code);
        let mut rows = vec![0.0; codes.len() / units * length];
        for (row, code) in rows.chunks_exact_mut(length).zip(codes.chunks_exact(units)) {
            row[..units].copy_from_slice(code);
            row[length - BLOCK] = 1.0;
        }
        let place = (FLOAT * BLOCK * self.memory.layout.layers[code].output) as u64;
        self.gpu.queue.write_buffer(&self.memory.activations, place, bytemuck::cast_slice(&rows));
    }

    /// Where images that are not trained lie: among the trained ones, if they are of those.
    fn set_of(&self, images: &Images) -> Set {
        let trained = self.resident[Set::Training as usize].as_ref();
        if trained.is_some_and(|trained| trained.is_of(images)) { Set::Training } else { Set::Other }
    }
}

/// The images of a range, in batches.
fn batches(which: Range<usize>) -> Vec<Vec<u32>> {
    slices(which, SLICE).map(|slice| slice.map(|image| image as u32).collect()).collect()
}

/// Mean squared errors of batches, from the squared errors of each four images.
fn losses(mut squares: &[f32], batches: &[&[u32]]) -> Vec<f64> {
    let mean = |batch: &&[u32]| {
        let own = squares.split_off(..batch.len().next_multiple_of(ROWS) / BLOCK).unwrap_or_default();
        own.iter().copied().map(f64::from).sum::<f64>() / (batch.len() * PIXELS) as f64
    };
    batches.iter().map(mean).collect()
}

/// The first `columns` columns of rows of `length` numbers.
fn columns(rows: &[f32], length: usize, columns: usize) -> Vec<f32> {
    rows.chunks_exact(length).flat_map(|row| &row[..columns]).copied().collect()
}
