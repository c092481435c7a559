//! The network on the CPU in SIMD, in use and in training: no Burn, no browser.
//!
//! Read `tile` first (matrices in strips, and the two products that everything dense is made of), then `network`
//! (the way forward), then `training` (the way back, and Adam). `sparse` is why the first layer is cheap: it reads
//! only the pixels that aren't black. `linear` is why the last one is: behind the code, images that are close together
//! (`neighbours`) share most of what is to be multiplied. `crew` are the threads among which the work is shared out,
//! `simd` names the vectors, `team` is for workers that train one network together. ARCHITECTURE.md has a picture of a step.

#![expect(
    clippy::needless_range_loop,
    reason = "loops over a tile's rows and vectors read as the sums they are"
)]

mod adam;
mod crew;
mod inference;
mod linear;
mod neighbours;
mod network;
mod simd;
mod sparse;
mod strips;
pub mod team;
mod tensors;
mod tile;
mod training;

use self::{
    inference::{Desk, Infer},
    training::Train,
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use std::{num::NonZero, ops::Range, thread};

/// The vectors that the kernels are compiled for. Every one gives the same numbers up to rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// WebAssembly's 128-bit vectors.
    #[cfg(target_arch = "wasm32")]
    Wasm,
    /// x86-64's 128-bit vectors: the same bits as WebAssembly's.
    #[cfg(target_arch = "x86_64")]
    Sse2,
    /// x86-64's 256-bit vectors with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Arrays of four, of which the compiler makes what it can.
    #[cfg(not(target_arch = "wasm32"))]
    Portable,
}

impl Instructions {
    /// What this machine can run, the best first.
    pub fn available() -> Vec<Self> {
        #[cfg(target_arch = "wasm32")]
        let all = vec![Self::Wasm];
        #[cfg(target_arch = "x86_64")]
        let mut all = vec![Self::Sse2, Self::Portable];
        #[cfg(target_arch = "x86_64")]
        if simd::Avx8::is_available() {
            all.insert(0, Self::Avx2);
        }
        #[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
        let all = vec![Self::Portable];
        all
    }

    /// The best that this machine can run.
    pub fn best() -> Self {
        Self::available()[0]
    }
}

/// Calls something that is generic over these instructions' vectors. How wide the first layer's strips are is a matter
/// of registers, and of 300 units being a whole number of them.
macro_rules! with_vectors {
    ($instructions:expr, $($function:ident)::+($($argument:expr),*)) => {
        match $instructions {
            #[cfg(target_arch = "wasm32")]
            Instructions::Wasm => $($function)::+::<simd::Wasm4, 5>($($argument),*),
            #[cfg(target_arch = "x86_64")]
            Instructions::Sse2 => $($function)::+::<simd::Sse4, 5>($($argument),*),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => $($function)::+::<simd::Avx8, 3>($($argument),*),
            #[cfg(not(target_arch = "wasm32"))]
            Instructions::Portable => $($function)::+::<simd::Portable4, 5>($($argument),*),
        }
    };
}

/// A network to be used, not trained: weights and room for a few hundred images' activations.
pub struct CpuNetwork {
    network: Box<dyn Infer>,
    desk: Desk,
    code: usize,
}

impl CpuNetwork {
    /// A network with these weights.
    pub fn new(model: &ModelSpec, weights: &Weights) -> Result<Self, TrainerError> {
        let network = with_vectors!(Instructions::best(), inference::network(model));
        let mut network = Self { network, desk: Desk::new(1), code: model.latent_units() };
        network.load(weights)?;
        Ok(network)
    }

    /// Takes other weights: a copy, and nothing is allocated for it. If they don't fit, the network stays as it is.
    pub fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        self.network.load(weights)
    }

    /// The codes of these images: `[which, code]`.
    pub fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        self.network.encode(&mut self.desk, images, which)
    }

    /// The images at these codes (`[n, code]`), about 0..=1: `[n, 784]`.
    pub fn decode(&mut self, codes: &[f32]) -> Vec<f32> {
        assert!(codes.len().is_multiple_of(self.code), "codes have {} numbers each", self.code);
        self.network.decode(&mut self.desk, codes)
    }

    /// The mean squared error over these images.
    pub fn evaluate(&mut self, images: &Images, which: Range<usize>) -> f64 {
        self.network.evaluate(&mut self.desk, images, which)
    }
}

/// A network in training on the CPU, with every core of it. Everything it does is done when the method returns.
pub struct CpuTrainer {
    training: Box<dyn Train>,
    desk: Desk,
    code: usize,
}

impl CpuTrainer {
    /// A trainer with other instructions than the best, which must be among [`Instructions::available`].
    pub fn with_instructions(
        instructions: Instructions,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        Self::with_threads(threads(), instructions, model, progress)
    }

    /// The same with so many threads, the caller's included. Their number changes nothing in the results.
    pub fn with_threads(
        threads: usize,
        instructions: Instructions,
        model: &ModelSpec,
        progress: &Progress,
    ) -> Result<Self, TrainerError> {
        assert!(Instructions::available().contains(&instructions), "this machine has no {instructions:?}");
        let training = with_vectors!(instructions, training::start(model, progress))?;
        Ok(Self { training, desk: Desk::new(threads), code: model.latent_units() })
    }
}

/// How many threads this machine runs at once. A browser's worker is one.
fn threads() -> usize {
    if cfg!(target_family = "wasm") { 1 } else { thread::available_parallelism().map_or(1, NonZero::get) }
}

impl Trainer for CpuTrainer {
    type Context = ();

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        model
            .uniform_slope()
            .map(|_| ())
            .ok_or_else(|| Unsupported("other activations than LeakyReLU".into()))
    }

    async fn new((): &(), model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Self::with_instructions(Instructions::best(), model, progress)
    }

    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let crew = &mut self.desk.crew;
        let step =
            |batch: &&[u32]| Losses::deterministic(self.training.step(crew, images, batch, learning_rate));
        Ok(batches.iter().map(step).collect())
    }

    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        Ok(Losses::deterministic(self.training.network().evaluate(&mut self.desk, images, which)))
    }

    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        Ok(self.training.network().encode(&mut self.desk, images, which))
    }

    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        assert!(codes.len().is_multiple_of(self.code), "codes have {} numbers each", self.code);
        Ok(self.training.network().decode(&mut self.desk, codes))
    }

    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        Ok(self.training.network().weights())
    }

    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        Ok(self.training.progress())
    }
}
