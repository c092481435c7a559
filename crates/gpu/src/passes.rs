//! A network in training on the device: steps, evaluation, both halves by themselves, weights in and out.

use super::{
    buffers::Capacity,
    chunk::{Chunk, ImageSlot, Results, Update},
    device::Gpu,
    images::slices,
    layout::{BLOCK, Layout, MAX_LAYERS, ROWS},
    runner::Runner,
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, Progress, TrainerError, Unsupported},
    weights::Weights,
};
use std::ops::Range;

/// Images in a batch outside training. Buffers are made for as many at first.
const BATCH: usize = 256;
/// The longest chunk of steps that buffers are made for at first (`training::run` has no longer ones).
const STEPS: usize = 64;

/// A network in training on a GPU.
///
/// Each method makes one submission and reads back once, when that is done. Buffers are created for a larger batch or a
/// longer chunk than any before only.
pub struct Passes {
    runner: Runner,
    steps: u64,
}

impl Passes {
    /// Whether the passes can train the model. What a device's limits refuse, [`Passes::new`] says.
    pub fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        model.check().map_err(|error| Unsupported(format!("this model ({error})")))?;
        if let Some(feature) = model.beyond_dense() {
            return Err(Unsupported(format!("{feature} by its own passes yet: Burn can")));
        }
        match model.layers().len() {
            0..=MAX_LAYERS => Ok(()),
            layers => Err(Unsupported(format!("{layers} layers, only up to {MAX_LAYERS}"))),
        }
    }

    /// A network that goes on from `progress`. Fails when its tensors do not fit `model`, and when the model is beyond
    /// the passes or the device.
    pub async fn new(gpu: &Gpu, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::supports(model)?;
        for weights in [&progress.weights, &progress.first_moment, &progress.second_moment] {
            weights.check(model)?;
        }
        let capacity = Capacity { rows: BATCH, steps: STEPS, order: STEPS * BATCH };
        let runner = Runner::new(gpu, model, progress, capacity).await?;
        Ok(Self { runner, steps: progress.steps })
    }

    /// Trains one step on each of `batches` in turn and gives each one's losses before its update.
    pub async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let chunk = Chunk {
            images: Some((ImageSlot::Training, images)),
            batches,
            update: Update { learning_rate, steps: self.steps, ..self.update() },
            passes: Layout::train,
            results: Results::Losses,
        };
        let sums = self.runner.run(chunk).await?;
        self.steps += batches.len() as u64;
        Ok(self.losses(&sums, batches).into_iter().map(Losses::deterministic).collect())
    }

    /// The losses over these images.
    pub async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        let batches = batches(which.clone());
        let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
        let chunk = Chunk {
            images: Some((self.runner.slot_of(images), images)),
            batches: &batches,
            update: self.update(),
            passes: Layout::evaluate,
            results: Results::Losses,
        };
        let losses = self.runner.run(chunk).await?;
        let losses = self.losses(&losses, &batches);
        let sum: f64 = losses.iter().zip(&batches).map(|(loss, batch)| loss * batch.len() as f64).sum();
        Ok(Losses::deterministic(sum / which.len() as f64))
    }

    /// The codes of these images: `[which, code]`.
    pub async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        let batches = batches(which);
        let layer = self.code_layer();
        let chunk = Chunk {
            images: Some((self.runner.slot_of(images), images)),
            batches: &batches.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            update: Update::default(),
            passes: Layout::encode,
            results: Results::Outputs(layer),
        };
        let rows = self.runner.run(chunk).await?;
        Ok(self.outputs(&rows, layer))
    }

    /// The images at these codes (`[n, code]`), as the network gives them, about 0..=1: `[n, pixels]`.
    pub async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        let units = self.runner.model.latent_units();
        assert!(codes.len().is_multiple_of(units), "codes have {units} numbers each");
        let layer = self.layout().layers.len() - 1;
        let mut images = Vec::with_capacity(codes.len() / units * self.layout().layers[layer].units);
        for codes in codes.chunks(BATCH * units) {
            self.write_codes(codes);
            let chunk = Chunk {
                images: None,
                batches: &[&vec![0; codes.len() / units]],
                update: Update::default(),
                passes: Layout::decode,
                results: Results::Outputs(layer),
            };
            let rows = self.runner.run(chunk).await?;
            images.extend(self.outputs(&rows, layer));
        }
        Ok(images)
    }

    /// A copy of the weights.
    pub async fn weights(&mut self) -> Result<Weights, TrainerError> {
        let [weights] = self.runner.read_parameters(|buffers| [&buffers.weights]).await?;
        Ok(self.layout().unpack(&weights, &self.runner.model))
    }

    /// A copy of all that training has changed.
    pub async fn progress(&mut self) -> Result<Progress, TrainerError> {
        let parameters = self
            .runner
            .read_parameters(|buffers| [&buffers.weights, &buffers.means, &buffers.squares])
            .await?;
        let [weights, first_moment, second_moment] =
            parameters.map(|packed| self.layout().unpack(&packed, &self.runner.model));
        Ok(Progress { weights, first_moment, second_moment, steps: self.steps })
    }

    fn layout(&self) -> &Layout {
        &self.runner.buffers.layout
    }

    fn code_layer(&self) -> usize {
        self.layout().encoder - 1
    }

    fn update(&self) -> Update {
        let ModelSpec { loss, input, .. } = self.runner.model;
        Update { loss, values: input.values(), ..Update::default() }
    }

    /// Writes codes where the decoder reads them.
    fn write_codes(&self, codes: &[f32]) {
        let (units, layer) = (self.runner.model.latent_units(), self.code_layer());
        let length = self.layout().output_length(layer);
        let mut rows = vec![0.0; codes.len() / units * length];
        for (row, code) in rows.chunks_exact_mut(length).zip(codes.chunks_exact(units)) {
            row[..units].copy_from_slice(code);
            row[length - BLOCK] = 1.0;
        }
        self.runner.write_activations(self.layout().layers[layer].output, &rows);
    }

    /// The losses of batches, from the summed losses of each four images.
    fn losses(&self, mut sums: &[f32], batches: &[&[u32]]) -> Vec<f64> {
        let Update { loss, values, .. } = self.update();
        let of_batch = |batch: &&[u32]| {
            let own = sums.split_off(..batch.len().next_multiple_of(ROWS) / BLOCK).unwrap_or_default();
            own.iter().copied().map(f64::from).sum::<f64>() * loss.scale(batch.len(), values)
        };
        batches.iter().map(of_batch).collect()
    }

    /// A layer's outputs without padding: `[images, units]`.
    fn outputs(&self, rows: &[f32], layer: usize) -> Vec<f32> {
        let units = self.layout().layers[layer].units;
        rows.chunks_exact(self.layout().output_length(layer)).flat_map(|row| &row[..units]).copied().collect()
    }
}

/// The images of a range, in batches.
fn batches(which: Range<usize>) -> Vec<Vec<u32>> {
    slices(which, BATCH).map(|slice| slice.map(|image| image as u32).collect()).collect()
}
