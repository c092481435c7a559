//! The CPU engine on every kind of model: against float64 of the fixtures, against plain loops in f64, and against itself with
//! other numbers of threads.

use latent_core::{
    model::{Activation, ModelSpec},
    noise::Noise,
    training::{Losses, Progress, Trainer},
};
use latent_cpu::{CpuTrainer, Instructions, LayeredTrainer, default_threads};
use latent_tests::{
    largest_difference,
    model_fixture::{ModelFixture, Tolerances},
    plain::Plain,
    sample_models::{images_of, model, models, shape, start},
};
use pollster::block_on;
use proptest::prelude::*;

fn layered(instructions: Instructions, model: &ModelSpec, start: &Progress) -> LayeredTrainer {
    LayeredTrainer::with_threads(default_threads(), instructions, model, start).unwrap()
}

/// The engine that the page takes: dense kernels where there are any.
fn chosen(instructions: Instructions, model: &ModelSpec, start: &Progress) -> CpuTrainer {
    CpuTrainer::with_instructions(instructions, model, start).unwrap()
}

/// The portable kernels give the bits of the 128-bit vectors, and take long on the large models.
#[test]
fn fixtures_agree_with_float64_with_every_instruction_set() {
    ModelFixture::check_all(ModelFixture::MODEL_KINDS.iter().flat_map(|(name, tolerances)| {
        let fixture = ModelFixture::read(name);
        // Adam's step size is exact here.
        let tolerances = Tolerances { losses: 1e-5, decoded: 5e-5, ..*tolerances };
        let is_small = fixture.model.multiply_adds(1) < 100_000;
        let instructions = Instructions::available().into_iter();
        instructions.filter(move |it| is_small || it.name() != "portable").map(move |instructions| {
            let trainer = CpuTrainer::with_instructions(instructions, &fixture.model, &fixture.start());
            fixture.compare(trainer.unwrap(), tolerances, &format!("CPU, {instructions:?}"))
        })
    }));
}

#[test]
fn dense_models_without_noise_agree_with_float64_too() {
    ModelFixture::check_all(ModelFixture::DENSE_BCE.map(ModelFixture::read).iter().map(|fixture| {
        let trainer = layered(Instructions::best(), &fixture.model, &fixture.start());
        fixture.compare(trainer, Tolerances::DENSE, "CPU, layered")
    }));
}

fn assert_near(found: &Losses, expected: &Losses, what: &str) {
    let is_near = |found: f64, expected: f64| (found - expected).abs() <= 1e-5 * (1e-2 + expected.abs());
    let divergences = found.divergence.zip(expected.divergence);
    let near = is_near(found.total, expected.total)
        && is_near(found.reconstruction, expected.reconstruction)
        && divergences.is_none_or(|(found, expected)| is_near(found, expected))
        && found.divergence.is_some() == expected.divergence.is_some();
    assert!(near, "{what}: {found:?} for {expected:?}");
}

/// Trains a few steps as plain loops do, and compares losses, the gradients of the first step, codes and images.
fn trains_as_plain_loops_do<T: Trainer>(
    trainer: impl FnOnce(&Progress) -> T,
    what: &str,
    model: &ModelSpec,
    batch: usize,
) {
    let (images, noise, start) = (images_of(model.input, 40), Noise::seeded(3), start(model));
    let mut found = trainer(&start);
    found.set_noise(noise.clone());
    let mut plain = Plain::new(model, &start.weights);
    for step in 0..3 {
        let batch: Vec<u32> = (0..batch as u32 + step).map(|at| (at * 5 + step) % 40).collect();
        let expected = plain.step(&images, &batch, &noise, 0.002);
        let losses = block_on(found.train(&images, &[&batch], 0.002)).unwrap();
        assert_near(&losses[0], &expected, &format!("{what}, step {step}"));
        if step == 0 {
            gradients_are_near(&block_on(found.progress()).unwrap(), &plain, what);
        }
    }
    assert_near(
        &block_on(found.evaluate(&images, 3..40)).unwrap(),
        &plain.evaluate(&images, 3..40),
        &format!("{what}, evaluation"),
    );
    let singles = |values: &[f64]| values.iter().map(|&x| x as f32).collect::<Vec<_>>();
    let [mean, log_variance] = plain.encode(&images, 17);
    let code = block_on(found.encode(&images, 17..18)).unwrap();
    assert!(largest_difference(&code, &singles(&mean)) < 2e-4, "{what}: {code:?} for {mean:?}");
    let variance = block_on(found.log_variances(&images, 17..18)).unwrap().unwrap_or_default();
    assert!(largest_difference(&variance, &singles(&log_variance)) < 2e-4, "{what}: {variance:?}");
    let image = block_on(found.decode(&singles(&mean))).unwrap();
    assert!(largest_difference(&image, &singles(&plain.decode(&mean))) < 2e-4, "{what}");
}

/// The gradients of the first step, which Adam's first moment holds, in units of the tensor's norm.
fn gradients_are_near(progress: &Progress, plain: &Plain, what: &str) {
    for (found, expected) in progress.first_moment.tensors.iter().zip(plain.first_moment().tensors) {
        let norm = expected.values.iter().map(|x| x * x).sum::<f32>().sqrt();
        let off = largest_difference(&found.values, &expected.values);
        assert!(off <= 1e-5 * norm + 1e-9, "{what}: {} is off by {off} of {norm}", found.name);
    }
}

#[test]
fn every_kind_of_model_trains_as_plain_loops_do() {
    for (what, input) in models() {
        for instructions in Instructions::available() {
            let model = model(&what, input);
            trains_as_plain_loops_do(|start| layered(instructions, &model, start), &what, &model, 12);
            trains_as_plain_loops_do(|start| chosen(instructions, &model, start), &what, &model, 12);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn convolutions_of_any_shape_train_as_plain_loops_do(
        (height, width, channels) in (1usize..10, 1usize..10, 1usize..=3),
        (filters, kernel, stride) in (1usize..=20, 1usize..=7, 1usize..=2),
        second in proptest::option::of((1usize..=6, 1usize..=5, 1usize..=2)),
        activation in proptest::sample::select(&Activation::ALL),
        is_variational: bool,
        batch in 1usize..=9,
    ) {
        let mut fragment = format!("encoder=conv{filters}k{kernel}s{stride}");
        if let Some((filters, kernel, stride)) = second {
            fragment += &format!(",conv{filters}k{kernel}s{stride}");
        }
        fragment += &format!("&activation={}&output=sigmoid&loss=bce-sum", activation.name());
        if is_variational {
            fragment += "&variational=1";
        }
        let model = model(&fragment, shape(height, width, channels));
        trains_as_plain_loops_do(|start| layered(Instructions::best(), &model, start), &fragment, &model, batch);
    }

    #[test]
    fn dense_models_with_random_numbers_train_as_plain_loops_do(
        (height, width, channels) in (1usize..10, 1usize..10, 1usize..=3),
        (units, code) in (1usize..60, 1usize..9),
        activation in proptest::sample::select(&Activation::ALL),
        beta in proptest::option::of(0.1f32..4.0),
        corruption in proptest::sample::select(&["none", "gaussian0.4", "masking0.3"][..]),
        batch in 1usize..=30,
    ) {
        let name = activation.name();
        let mut fragment = format!(
            "encoder=dense{units}&code={code}&activation={name}&output=sigmoid&loss=bce-sum&corruption={corruption}"
        );
        if let Some(beta) = beta {
            fragment += &format!("&variational=1&beta={beta}");
        }
        let model = model(&fragment, shape(height, width, channels));
        trains_as_plain_loops_do(|start| chosen(Instructions::best(), &model, start), &fragment, &model, batch);
    }
}
