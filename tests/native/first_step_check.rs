//! The first-step check: finds a trainer that computes wrongly at its first step, and never suspects a sound one.

use latent_core::{
    data::Images,
    model::ModelSpec,
    noise::Noise,
    training::{Losses, Progress, Trainer, TrainerError, Unsupported},
    weights::Weights,
};
use latent_cpu::CpuTrainer;
use latent_tests::{batches, images};
use latent_worker::first_step_check::Checked;
use pollster::block_on;
use std::{cell::Cell, ops::Range};

/// What a device may compute wrongly without an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    None,
    /// The forward pass.
    Loss(f32),
    /// Adam writes nothing.
    NothingLearned,
    /// Adam goes uphill in one small layer.
    OneLayerUphill,
    /// The gradient is half of what it should be, which the first steps of Adam don't show in the weights.
    HalfGradient,
    /// Adam's second moment stays what it was.
    NoSecondMoment,
    /// A weight is not a number.
    NotANumber,
}

thread_local! { pub(crate) static FAULT: Cell<Fault> = const { Cell::new(Fault::None) }; }

/// The CPU's trainer, with the fault.
pub(crate) struct Faulty {
    trainer: CpuTrainer,
    start: Progress,
}

impl Trainer for Faulty {
    type Context = ();

    fn supports(model: &ModelSpec) -> Result<(), Unsupported> {
        CpuTrainer::supports(model)
    }

    async fn new((): &(), model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Ok(Self { trainer: CpuTrainer::new(&(), model, progress).await?, start: progress.clone() })
    }
    fn set_noise(&mut self, noise: Noise) {
        self.trainer.set_noise(noise);
    }
    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let mut losses = self.trainer.train(images, batches, rate).await?;
        if let Fault::Loss(factor) = FAULT.get() {
            losses.iter_mut().for_each(|losses| losses.total *= f64::from(factor));
        }
        Ok(losses)
    }
    async fn evaluate(&mut self, images: &Images, which: Range<usize>) -> Result<Losses, TrainerError> {
        self.trainer.evaluate(images, which).await
    }
    async fn encode(&mut self, images: &Images, which: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        self.trainer.encode(images, which).await
    }
    async fn log_variances(
        &mut self,
        images: &Images,
        which: Range<usize>,
    ) -> Result<Option<Vec<f32>>, TrainerError> {
        self.trainer.log_variances(images, which).await
    }
    async fn decode(&mut self, codes: &[f32]) -> Result<Vec<f32>, TrainerError> {
        self.trainer.decode(codes).await
    }
    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        Ok(self.progress().await?.weights)
    }
    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        let mut progress = self.trainer.progress().await?;
        match FAULT.get() {
            Fault::None | Fault::Loss(_) => {}
            Fault::NothingLearned => progress.weights = self.start.weights.clone(),
            Fault::OneLayerUphill => {
                let (kernel, start) = (&mut progress.weights.tensors[2], &self.start.weights.tensors[2]);
                for (weight, start) in kernel.values.iter_mut().zip(&start.values) {
                    *weight = 2.0 * start - *weight;
                }
            }
            Fault::HalfGradient => {
                for tensor in &mut progress.first_moment.tensors {
                    tensor.values.iter_mut().for_each(|moment| *moment *= 0.5);
                }
            }
            Fault::NoSecondMoment => progress.second_moment = self.start.second_moment.clone(),
            Fault::NotANumber => progress.weights.tensors[1].values[0] = f32::NAN,
        }
        Ok(progress)
    }
}

fn new_checked(
    model: &ModelSpec,
    progress: &Progress,
) -> impl Future<Output = Result<Checked<Faulty>, TrainerError>> {
    <Checked<Faulty> as Trainer>::new(&(), model, progress)
}

fn first_step(fault: Fault, progress: &Progress) -> Result<Vec<Losses>, TrainerError> {
    FAULT.set(fault);
    let (images, batches) = (images("train", 1), batches(0..3, 256));
    let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
    let mut checked = block_on(new_checked(&ModelSpec::default(), progress)).unwrap();
    block_on(checked.train(&images, &batches, 0.0005))
}

#[test]
fn every_fault_of_the_first_step_is_found_at_the_beginning_and_after_an_epoch() {
    let model = ModelSpec::default();
    let start = Progress::initial(&model, 1);
    let mut trainer = block_on(CpuTrainer::new(&(), &model, &start)).unwrap();
    let (all, batches) = (images("train", 10), batches(0..39, 256));
    let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
    block_on(trainer.train(&all, &batches, 0.0005)).unwrap();
    for progress in [start, block_on(trainer.progress()).unwrap()] {
        let honest = first_step(Fault::None, &progress).unwrap();
        assert_eq!(honest.len(), 3);
        for fault in [
            Fault::Loss(1.01),
            Fault::Loss(f32::NAN),
            Fault::NothingLearned,
            Fault::OneLayerUphill,
            Fault::HalfGradient,
            Fault::NoSecondMoment,
            Fault::NotANumber,
        ] {
            let outcome = first_step(fault, &progress);
            assert!(matches!(outcome, Err(TrainerError::Wrong(_))), "{fault:?}: {outcome:?}");
        }
    }
    let told = first_step(Fault::Loss(3.0), &Progress::initial(&model, 1)).unwrap_err().to_string();
    assert!(told.starts_with("the GPU computed a wrong result (loss 0.3"), "{told}");
}

#[test]
fn only_the_first_step_is_checked_and_its_losses_are_the_trainers_own() {
    let start = Progress::initial(&ModelSpec::default(), 1);
    let (images, steps) = (images("train", 1), batches(0..3, 256));
    let steps: Vec<_> = steps.iter().map(Vec::as_slice).collect();
    FAULT.set(Fault::None);
    let mut checked = block_on(new_checked(&ModelSpec::default(), &start)).unwrap();
    let mut bare = block_on(CpuTrainer::new(&(), &ModelSpec::default(), &start)).unwrap();
    let expected = block_on(bare.train(&images, &steps, 0.0005)).unwrap();
    assert_eq!(block_on(checked.train(&images, &steps, 0.0005)).unwrap(), expected);
    FAULT.set(Fault::Loss(3.0));
    assert!(block_on(checked.train(&images, &steps[..1], 0.0005)).is_ok());
}

/// What explodes on the CPU as well is the run's own failure.
#[test]
fn a_run_that_explodes_is_not_the_devices_fault() {
    let mut progress = Progress::initial(&ModelSpec::default(), 1);
    progress.weights.tensors[0].values.fill(1e30);
    progress.weights.tensors[2].values.fill(1e30);
    let losses = first_step(Fault::None, &progress).unwrap();
    assert!(!losses[0].total.is_finite());
}

#[cfg(feature = "wgpu")]
mod on_gpu {
    use super::*;
    use crate::gpu::on_gpu;
    use latent_gpu::Passes;
    use proptest::prelude::*;

    fn is_sound(model: &ModelSpec, batch: u32, rate: f32, seed: u64) -> Result<(), TrainerError> {
        let images = images("train", 1);
        let steps = batches(0..1_000 / batch.max(32), batch);
        let steps: Vec<_> = steps.iter().map(Vec::as_slice).collect();
        let mut result = Ok(());
        on_gpu(|device| {
            // At the beginning, and where another worker goes on.
            let mut progress = Progress::initial(model, seed);
            for _ in 0..2 {
                result = result.clone().and_then(|()| {
                    block_on(async {
                        let mut checked = <Checked<Passes> as Trainer>::new(device, model, &progress).await?;
                        checked.train(&images, &steps, rate).await?;
                        progress = checked.progress().await?;
                        Ok(())
                    })
                });
            }
        });
        result
    }

    #[test]
    fn the_tutorials_network_on_a_sound_gpu_is_believed() {
        for rate in [1e-7, 0.0005, 10.0] {
            assert_eq!(is_sound(&ModelSpec::default(), 256, rate, 1), Ok(()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn any_network_on_a_sound_gpu_is_believed(
            hidden in proptest::collection::vec(1usize..70, 1..=4), code in 1usize..=32, batch in 1u32..=400,
            slope in 0f32..=1.0, rate in prop_oneof![Just(1e-7f32), 1e-5f32..0.1, Just(10.0)], seed: u64,
        ) {
            let model = ModelSpec::dense(&hidden, code, slope);
            let outcome = is_sound(&model, batch, rate, seed);
            // At such a rate weights may explode, on any engine.
            prop_assert!(!matches!(outcome, Err(TrainerError::Wrong(_))), "{outcome:?}");
            prop_assert!(outcome.is_ok() || rate > 0.01, "{outcome:?}");
        }
    }
}
