//! The training step: the gradients of shards, their sum in a fixed tree, and Adam.

use super::{
    inference::Infer,
    network::Network,
    shard::{Shard, part_of_each},
    shards,
    train::Train,
    workspace::Workspace,
};
use crate::{
    adam::{Adam, Parameters},
    simd::{Simd, run},
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::{Noise, NoiseError},
    training::{Losses, Progress, TrainerError},
};
use std::{ops::Range, sync::Mutex, sync::PoisonError};

/// Parameters that a thread adds up and updates at once: those of all shards fit a second-level cache.
const PARAMETERS: usize = 2048;

/// A network in training.
pub(super) struct Training<F> {
    network: Network<F>,
    first_moment: Vec<f32>,
    second_moment: Vec<f32>,
    steps: u64,
    shards: Vec<Shard>,
}

/// Training that continues from `progress`. The width of the first layer's panels is the dense kernels' and not used here.
pub(super) fn start<F: Simd, const WIDE: usize>(
    model: &ModelSpec,
    progress: &Progress,
    workspace: &mut Workspace,
) -> Result<Box<dyn Train>, TrainerError> {
    let mut network = Network::<F>::new(model);
    network.load(&mut workspace.pool, &progress.weights)?;
    let first_moment = network.pack(&progress.first_moment)?;
    let second_moment = network.pack(&progress.second_moment)?;
    Ok(Box::new(Training { network, first_moment, second_moment, steps: progress.steps, shards: Vec::new() }))
}

impl<F: Simd> Train for Training<F> {
    fn shards(&self, images: usize) -> usize {
        shards::count(&self.network.plan.model, images)
    }

    fn gradients(
        &mut self,
        workspace: &mut Workspace,
        images: &Images,
        batch: &[u32],
        own: Range<usize>,
        noise: &Noise,
    ) -> Result<(), NoiseError> {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        let shards = self.shards(batch.len());
        self.shards.resize_with(shards, Shard::default);
        let (network, steps) = (&self.network, self.steps);
        let failure = Mutex::new(None);
        workspace.for_each(own.clone().zip(&mut self.shards[own]), |pass, (at, shard)| {
            let positions = shards::positions(at, shards, batch.len());
            if let Err(error) = shard.compute(network, pass, (images, batch), positions, (noise, steps)) {
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        });
        failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn read_sums(&mut self, workspace: &mut Workspace, subtrees: &[Range<usize>]) -> Vec<u8> {
        let parts = part_of_each(&mut self.shards, PARAMETERS);
        workspace.pool.for_each(parts, |mut part| {
            let mut add = |to, from| run!(F, add_part::<F>(&mut part, to, from));
            subtrees.iter().for_each(|tree| shards::add_up(tree.clone(), &[], &mut add));
        });
        self.add_losses(|add| subtrees.iter().for_each(|tree| shards::add_up(tree.clone(), &[], add)));
        let sums = subtrees.iter().map(|tree| &self.shards[tree.start]);
        sums.flat_map(Shard::to_bytes).collect()
    }

    fn write_sums(&mut self, subtrees: &[Range<usize>], bytes: &[u8]) -> Result<(), usize> {
        let len = Shard::bytes(self.network.plan.parameters);
        if bytes.len() != subtrees.len() * len {
            return Err(subtrees.len() * len);
        }
        for (tree, bytes) in subtrees.iter().zip(bytes.chunks_exact(len)) {
            self.shards[tree.start].read_bytes(bytes);
        }
        Ok(())
    }

    fn update(
        &mut self,
        workspace: &mut Workspace,
        images: usize,
        done: &[Range<usize>],
        learning_rate: f32,
    ) -> Losses {
        self.steps += 1;
        let adam = Adam::at(learning_rate, self.steps);
        let tree = 0..self.shards.len();
        let weights = self.network.weights.chunks_mut(PARAMETERS);
        let moments = self.first_moment.chunks_mut(PARAMETERS).zip(self.second_moment.chunks_mut(PARAMETERS));
        let parts = part_of_each(&mut self.shards, PARAMETERS).zip(weights.zip(moments));
        workspace.pool.for_each(parts, |(mut part, (weights, (first, second)))| {
            let mut add = |to, from| run!(F, add_part::<F>(&mut part, to, from));
            shards::add_up(tree.clone(), done, &mut add);
            run!(F, update_part::<F>(adam, [weights, first, second], part[0]));
        });
        self.network.transpose(&mut workspace.pool);
        self.add_losses(|add| shards::add_up(tree, done, add));
        self.network.plan.objective.losses(self.shards[0].losses, images)
    }

    fn progress(&self) -> Progress {
        Progress {
            weights: self.network.weights(),
            first_moment: self.network.unpack(&self.first_moment),
            second_moment: self.network.unpack(&self.second_moment),
            steps: self.steps,
        }
    }

    fn network(&self) -> &dyn Infer {
        &self.network
    }
}

impl<F: Simd> Training<F> {
    /// Adds the shards' losses as `add_up` adds their gradients.
    fn add_losses(&mut self, add_up: impl FnOnce(&mut dyn FnMut(usize, usize))) {
        let shards = &mut self.shards;
        add_up(&mut |to: usize, from: usize| {
            let other = shards[from].losses;
            shards[to].losses.iter_mut().zip(other).for_each(|(sum, loss)| *sum += loss);
        });
    }
}

/// Adds a shard's part of the gradient to another's, which comes before it.
#[inline(always)]
fn add_part<F: Simd>(parts: &mut [&mut [f32]], to: usize, from: usize) {
    let (before, behind) = parts.split_at_mut(from);
    for (sum, gradient) in before[to].chunks_exact_mut(F::LANES).zip(behind[0].chunks_exact(F::LANES)) {
        (F::load(sum) + F::load(gradient)).store(sum);
    }
}

#[inline(always)]
fn update_part<F: Simd>(adam: Adam, mut parameters: Parameters<'_>, gradient: &[f32]) {
    for (at, gradient) in (0..).step_by(F::LANES).zip(gradient.chunks_exact(F::LANES)) {
        adam.update(&mut parameters, at, [F::load(gradient)]);
    }
}
