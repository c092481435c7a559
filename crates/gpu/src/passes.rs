//! A network in training on the device: steps, evaluation, both halves by themselves, weights in and out.

#[cfg(not(target_family = "wasm"))]
use super::profile::KernelTime;
use super::{
    buffers::Capacity,
    chunk::{Chunk, ImageSlot, Results, Update},
    device::Gpu,
    general::{Map, RandomSource},
    images::slices,
    layout::{BLOCK, ROWS},
    network::{LayOut, Network},
    runner::Runner,
    schedule::Task,
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    team::Rank,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
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
    pub(super) runner: Runner,
    pub(super) steps: u64,
    pub(super) noise: Noise,
}

impl Trainer for Passes {
    type Context = Gpu;

    /// Every model within the limits. What a device's limits refuse, [`Passes::new`] says.
    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        model.check().map_err(|error| Unsupported(format!("this model ({error})")))
    }

    async fn new(gpu: &Gpu, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::laid_out(Network::new, gpu, model, progress).await
    }

    fn set_noise(&mut self, noise: Noise) {
        self.noise = noise;
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let update = Update { learning_rate, steps: self.steps, ..self.update() };
        let chunk = training_chunk(images, batches, update, &self.noise);
        let sums = self.runner.run(chunk).await?;
        self.steps += batches.len() as u64;
        Ok(self.losses(&sums, batches))
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        let batches = batches(which.clone());
        let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
        let chunk = Chunk {
            images: Some((self.runner.slot_of(images), images)),
            batches: &batches,
            rank: Rank::SINGLE,
            update: self.update(),
            task: Task::Evaluate,
            random: RandomSource::Validation,
            results: Results::Sums,
        };
        let sums = self.runner.run(chunk).await?;
        let weighted = self.losses(&sums, &batches).into_iter().zip(&batches);
        let sum = weighted.fold(Losses::ZERO, |sum, (losses, batch)| sum.plus(batch.len() as f64, losses));
        Ok(sum.divided_by(which.len() as f64))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        self.encoded(images, which, Network::codes).await
    }

    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError> {
        if !self.runner.model.is_variational() {
            return Ok(None);
        }
        self.encoded(images, which, Network::log_variances).await.map(Some)
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        let units = self.runner.model.latent_units();
        assert!(codes.len().is_multiple_of(units), "codes have {units} numbers each");
        let mut images = Vec::with_capacity(codes.len() / units * self.runner.model.input.values());
        // What the decoder reads has to be there at once.
        for codes in codes.chunks(BATCH.min(self.runner.buffers.at_once) * units) {
            self.write_codes(codes);
            let chunk = Chunk {
                images: None,
                batches: &[&vec![0; codes.len() / units]],
                rank: Rank::SINGLE,
                update: Update::default(),
                task: Task::Decode,
                random: RandomSource::None,
                results: Results::Outputs(Network::images),
            };
            let rows = self.runner.run(chunk).await?;
            images.extend(self.network().images().values(&rows));
        }
        Ok(images)
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        let [weights] = self.runner.read_parameters(|buffers| [&buffers.weights]).await?;
        Ok(self.network().unpack(&weights, &self.runner.model))
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        let parameters = self
            .runner
            .read_parameters(|buffers| [&buffers.weights, &buffers.means, &buffers.squares])
            .await?;
        let [weights, first_moment, second_moment] =
            parameters.map(|packed| self.network().unpack(&packed, &self.runner.model));
        Ok(Progress { weights, first_moment, second_moment, steps: self.steps })
    }

    fn description(&self) -> String {
        "own compute passes".into()
    }
}

impl Passes {
    /// The same as [`Trainer::new`] for one of several ranks, whose kernels store gradients so that they can be exchanged. Those
    /// of a deterministic dense network are slower than the ones that it has alone.
    pub async fn for_rank(gpu: &Gpu, model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::laid_out(Network::general, gpu, model, progress).await
    }

    async fn laid_out(
        lay_out: LayOut,
        gpu: &Gpu,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        Self::supports(model)?;
        for weights in [&progress.weights, &progress.first_moment, &progress.second_moment] {
            weights.check(model)?;
        }
        let capacity = Capacity { rows: BATCH, steps: STEPS, order: STEPS * BATCH };
        let runner = Runner::new(gpu, lay_out, model, progress, capacity).await?;
        Ok(Self { runner, steps: progress.steps, noise: Noise::default() })
    }

    /// Trains on batches, and says what each kernel took. The device has to come from [`Gpu::request_for_profiling`].
    ///
    /// # Errors
    /// As [`Trainer::train`], and where the device has no timestamps or the batches need too many of them.
    #[cfg(not(target_family = "wasm"))]
    pub async fn profile(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<KernelTime>, TrainerError> {
        // Buffers and images are there after a chunk of the same kind.
        self.train(images, batches, learning_rate).await?;
        let update = Update { learning_rate, steps: self.steps, ..self.update() };
        let chunk = training_chunk(images, batches, update, &self.noise);
        let times = self.runner.profile(chunk).await?;
        self.steps += batches.len() as u64;
        Ok(times)
    }

    /// A part of what the encoder gives for these images.
    async fn encoded(
        &mut self,
        images: &Images,
        which: Range<usize>,
        map: fn(&Network) -> Map,
    ) -> Result<Vec<f32>, TrainerError> {
        let batches = batches(which);
        let chunk = Chunk {
            images: Some((self.runner.slot_of(images), images)),
            batches: &batches.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            rank: Rank::SINGLE,
            update: Update::default(),
            task: Task::Encode,
            random: RandomSource::None,
            results: Results::Outputs(map),
        };
        let rows = self.runner.run(chunk).await?;
        Ok(map(self.network()).values(&rows))
    }

    pub(super) fn network(&self) -> &Network {
        &self.runner.buffers.network
    }

    pub(super) fn update(&self) -> Update {
        let model = &self.runner.model;
        Update { loss: model.loss, values: model.input.values(), beta: model.beta(), ..Update::default() }
    }

    /// Writes codes where the decoder reads them.
    fn write_codes(&self, codes: &[f32]) {
        let (position, rows) = self.network().code_rows(codes, self.runner.model.latent_units());
        self.runner.write_activations(position, &rows);
    }

    /// The losses of batches, from the sums of each four images.
    fn losses(&self, mut sums: &[f32], batches: &[&[u32]]) -> Vec<Losses> {
        let of_four = self.network().sums();
        let of_batch = |batch: &&[u32]| {
            let fours = batch.len().next_multiple_of(ROWS) / BLOCK;
            let own = sums.split_off(..of_four * fours).unwrap_or_default();
            self.losses_of(self.totals(own), batch.len())
        };
        batches.iter().map(of_batch).collect()
    }

    /// The values' losses and the divergences, which only variational models have, from the sums of each four images.
    pub(super) fn totals(&self, sums: &[f32]) -> [f64; 2] {
        let of_four = self.network().sums();
        [0, 1].map(|which| sums.iter().skip(which).step_by(of_four).copied().map(f64::from).sum())
    }

    /// The losses of a batch of so many images, from its totals.
    pub(super) fn losses_of(&self, [values, divergence]: [f64; 2], images: usize) -> Losses {
        let model = &self.runner.model;
        let reconstruction = values * model.loss.scale(images, model.input.values());
        if model.is_variational() {
            Losses::variational(reconstruction, divergence / images as f64, model.beta())
        } else {
            Losses::deterministic(reconstruction)
        }
    }
}

/// Training steps on these batches.
pub(super) fn training_chunk<'a>(
    images: &'a Images,
    batches: &'a [&'a [u32]],
    update: Update,
    noise: &'a Noise,
) -> Chunk<'a> {
    Chunk {
        images: Some((ImageSlot::Training, images)),
        batches,
        rank: Rank::SINGLE,
        update,
        task: Task::Train,
        random: RandomSource::Training(noise),
        results: Results::Sums,
    }
}

/// The images of a range, in batches.
fn batches(which: Range<usize>) -> Vec<Vec<u32>> {
    slices(which, BATCH).map(|slice| slice.map(|image| image as u32).collect()).collect()
}
