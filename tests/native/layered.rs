//! The CPU engine on every kind of model: against float64 of the fixtures, against plain loops in f64, and against itself with
//! other numbers of threads.

use latent_core::{
    data::{ImageShape, Images},
    link::Link,
    model::ModelSpec,
    noise::Noise,
    training::{Losses, Progress, Trainer},
    weights::Weights,
};
use latent_cpu::{CpuTrainer, Instructions, LayeredTrainer, default_threads};
use latent_tests::{
    largest_difference,
    model_fixture::{ModelFixture, Tolerances},
    plain::Plain,
};
use pollster::block_on;
use proptest::prelude::*;

fn trainer(instructions: Instructions, model: &ModelSpec, start: &Progress) -> LayeredTrainer {
    LayeredTrainer::with_threads(default_threads(), instructions, model, start).unwrap()
}

/// The portable kernels give the bits of the 128-bit vectors, and take long without optimisation.
#[test]
fn fixtures_agree_with_float64_with_every_instruction_set() {
    for (name, tolerances) in ModelFixture::MODEL_KINDS {
        let fixture = ModelFixture::read(name);
        // Adam's step size is exact here.
        let tolerances = Tolerances { losses: 1e-5, decoded: 5e-5, ..tolerances };
        for instructions in Instructions::available().into_iter().filter(|it| it.name() != "portable") {
            let trainer = CpuTrainer::with_instructions(instructions, &fixture.model, &fixture.start());
            fixture.check(trainer.unwrap(), tolerances, &format!("CPU, {instructions:?}"));
        }
    }
}

#[test]
fn dense_models_without_noise_agree_with_float64_too() {
    for fixture in ModelFixture::DENSE_BCE.map(ModelFixture::read) {
        let trainer = trainer(Instructions::best(), &fixture.model, &fixture.start());
        fixture.check(trainer, Tolerances::DENSE, "layered");
    }
}

const fn shape(height: usize, width: usize, channels: usize) -> ImageShape {
    ImageShape { height, width, channels }
}

fn model(fragment: &str, input: ImageShape) -> ModelSpec {
    let (link, problems) = Link::parse(fragment);
    assert_eq!(problems, [], "{fragment}");
    ModelSpec { input, ..link.settings.model }
}

/// Images of which two values in three are black, as most of MNIST's are.
fn images_of(shape: ImageShape, count: usize) -> Images {
    let mut images = Images::new(shape);
    let value = |at: usize| if at.is_multiple_of(3) { (at * 7_919 % 256) as u8 } else { 0 };
    images.append(&(0..count * shape.values()).map(value).collect::<Vec<_>>()).unwrap();
    images
}

/// Initial weights with biases that are not zero.
fn start(model: &ModelSpec, seed: u64) -> Progress {
    let mut weights = Weights::initial(model, seed);
    for layer in weights.layers_mut() {
        let bias = |at: usize| 0.02 * (at % 7) as f32 - 0.05;
        layer.bias.values.iter_mut().enumerate().for_each(|(at, value)| *value = bias(at));
    }
    Progress::with_weights(model, weights)
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
fn trains_as_plain_loops_do(instructions: Instructions, what: &str, model: &ModelSpec, batch: usize) {
    let (images, noise, start) = (images_of(model.input, 40), Noise::seeded(3), start(model, 11));
    let mut found = trainer(instructions, model, &start);
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

/// Models with what no fixture has: dropout, corruption, other kernels and strides, odd sizes, colours, and β.
const MODELS: [(&str, ImageShape); 9] = [
    ("encoder=dense20,dropout0.3,dense9,dropout0.5&output=sigmoid", shape(5, 7, 1)),
    ("encoder=dense20&corruption=gaussian0.4&loss=mse-sum", shape(6, 6, 1)),
    ("encoder=dense20&corruption=masking0.3&output=sigmoid&loss=bce", shape(4, 5, 3)),
    (
        "encoder=dense12&code=3&variational=1&beta=4&output=sigmoid&loss=bce-sum&activation=relu",
        shape(5, 5, 1),
    ),
    ("encoder=conv4k3s2,dropout0.2,conv3k3s2,dense6&activation=relu", shape(7, 13, 1)),
    ("encoder=conv3k5s2,conv4k2s1&code=3&variational=1&beta=0.5&output=tanh", shape(9, 8, 3)),
    ("encoder=conv3k1s2,conv2k4s2,dense5&activation=tanh&output=sigmoid&loss=bce", shape(10, 7, 1)),
    ("encoder=conv2k7s1,conv3k6s2&activation=sigmoid&code-activation=linear", shape(6, 9, 1)),
    ("encoder=conv4k3s2,dense8&corruption=gaussian0.2&variational=1&loss=mse-sum", shape(8, 8, 1)),
];

#[test]
fn every_kind_of_model_trains_as_plain_loops_do() {
    for (what, input) in MODELS {
        for instructions in Instructions::available() {
            trains_as_plain_loops_do(instructions, what, &model(what, input), 12);
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
        activation in proptest::sample::select(vec!["relu", "leaky_relu", "tanh"]),
        is_variational: bool,
        batch in 1usize..=9,
    ) {
        let mut fragment = format!("encoder=conv{filters}k{kernel}s{stride}");
        if let Some((filters, kernel, stride)) = second {
            fragment += &format!(",conv{filters}k{kernel}s{stride}");
        }
        fragment += &format!("&activation={activation}&output=sigmoid&loss=bce-sum");
        if is_variational {
            fragment += "&variational=1";
        }
        let model = model(&fragment, shape(height, width, channels));
        trains_as_plain_loops_do(Instructions::best(), &fragment, &model, batch);
    }
}
