//! Parity with Keras: from the same weights, twenty steps on the same images give the same losses and codes.
//! Textbook Adam would be off by 2 %: the fixture holds its losses too.

use latent_core::{
    model::ModelSpec,
    training::{Progress, Trainer},
};
use latent_cpu::{CpuTrainer, Instructions};
use latent_tests::{Keras, batches, images, largest, largest_difference, totals};
use pollster::block_on;

/// The start that the fixture gives.
fn start() -> (ModelSpec, Progress) {
    let model = ModelSpec::default();
    let progress = Progress::with_weights(&model, Keras::weights());
    (model, progress)
}

fn twenty_steps_are_those_of_keras(mut trainer: impl Trainer, what: &str) {
    let (keras, training, test) = (Keras::read(), images("train", 6), images("test", 1));
    let mut codes = |key| {
        let codes = block_on(trainer.encode(&test, 0..16)).unwrap();
        largest_difference(&codes, &keras.numbers(key))
    };
    let before = codes("codes_before");
    let batches = batches(0..20, 256);
    let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
    let losses = totals(&block_on(trainer.train(&training, &batches, 0.0005)).unwrap());
    let expected = keras.numbers("loss_before_update");
    assert_eq!(losses.len(), expected.len());
    let off =
        largest(losses.iter().zip(expected).map(|(loss, keras)| f64::from((loss - keras).abs() / keras)));
    let codes = block_on(trainer.encode(&test, 0..16)).unwrap();
    let after = largest_difference(&codes, &keras.numbers("codes_after"));
    println!("{what}: losses off by {off:.1e} relative, codes by {before:.1e} before and {after:.1e} after");
    assert!(off < 1e-4 && before < 1e-5 && after < 2e-3, "{what}: {off} {before} {after}");
}

#[test]
fn the_cpu_engine_agrees_with_every_instruction_set() {
    for instructions in Instructions::available() {
        let (model, start) = start();
        let trainer = CpuTrainer::with_instructions(instructions, &model, &start).unwrap();
        twenty_steps_are_those_of_keras(trainer, &format!("{instructions:?}"));
    }
}

#[cfg(feature = "flex")]
#[test]
fn burn_agrees_on_the_cpu() {
    use latent_burn::{BurnTrainer, flex_device};
    let (model, start) = start();
    let trainer = BurnTrainer::on(&flex_device(), &model, &start).unwrap();
    twenty_steps_are_those_of_keras(trainer, "Burn, flex");
}

#[cfg(feature = "wgpu")]
#[test]
fn burn_agrees_on_the_gpu() {
    use latent_burn::BurnTrainer;
    crate::gpu::on_burn_gpu(|device| {
        let (model, start) = start();
        let trainer = BurnTrainer::on(device, &model, &start).unwrap();
        twenty_steps_are_those_of_keras(trainer, "Burn, wgpu");
    });
}

#[cfg(feature = "wgpu")]
#[test]
fn the_gpu_engine_agrees() {
    use latent_gpu::Passes;
    crate::gpu::on_gpu(|gpu| {
        let (model, start) = start();
        let trainer = block_on(Passes::new(gpu, &model, &start)).unwrap();
        twenty_steps_are_those_of_keras(trainer, "own passes, wgpu");
    });
}
