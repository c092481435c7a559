//! The compute passes on every kind of model: against float64 of the fixtures, and against plain loops in f64.

use crate::{gpu::on_gpu, model_kinds::assert_near};
use latent_core::{
    data::{ImageShape, Images},
    model::{Activation, ModelSpec},
    noise::{Noise, Supplied},
    training::{Progress, Trainer},
    weights::Tensor,
};
use latent_gpu::Gpu;
use latent_gpu::Passes;
use latent_tests::{
    largest_difference,
    model_fixture::{ModelFixture, Tolerances},
    plain::Plain,
    sample_models::{MODELS, images_of, model, models, shape, start},
};
use pollster::block_on;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use std::sync::Arc;

fn trainer(device: &Gpu, model: &ModelSpec, progress: &Progress) -> Passes {
    let trainer = block_on(Passes::new(device, model, progress)).unwrap();
    assert_eq!(trainer.description(), "own compute passes");
    trainer
}

#[test]
fn the_passes_agree_with_float64_on_every_kind_of_model() {
    on_gpu(|device| {
        for (name, tolerances) in ModelFixture::MODEL_KINDS {
            let fixture = ModelFixture::read(name);
            // Sums are divided into parts, so that their rounding is far below what the fixtures allow.
            let tolerances = Tolerances { losses: tolerances.losses.min(2e-5), ..tolerances };
            fixture.check(trainer(device, &fixture.model, &fixture.start()), tolerances, "passes");
        }
    });
}

#[test]
fn the_passes_train_every_kind_of_model_as_plain_loops_do() {
    on_gpu(|device| {
        for (what, input) in models() {
            let (what, model) = (&what, model(&what, input));
            let (images, noise, start) = (images_of(model.input, 40), Noise::seeded(3), start(&model));
            trains_as_plain_loops_do(device, &model, &images, &start, &noise, what);
        }
    });
}

fn trains_as_plain_loops_do(
    device: &Gpu,
    model: &ModelSpec,
    images: &Images,
    start: &Progress,
    noise: &Noise,
    what: &str,
) {
    let mut passes = trainer(device, model, start);
    passes.set_noise(noise.clone());
    let mut plain = Plain::new(model, &start.weights);
    let batches: Vec<Vec<u32>> = [12, 5, 12, 7]
        .into_iter()
        .enumerate()
        .map(|(step, size)| (0..size).map(|at| (at * 5 + step as u32) % 40).collect())
        .collect();
    let expected: Vec<_> = batches.iter().map(|batch| plain.step(images, batch, noise, 0.002)).collect();
    let named: Vec<_> = batches.iter().map(Vec::as_slice).collect();
    // The first step by itself, the others as one chunk.
    let mut found = block_on(passes.train(images, &named[..1], 0.002)).unwrap();
    found.extend(block_on(passes.train(images, &named[1..], 0.002)).unwrap());
    for (step, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_near(found, expected, &format!("{what}, step {step}"));
    }
    let weights = block_on(passes.weights()).unwrap();
    assert_eq!(weights.check(model), Ok(()));
    for (found, expected) in weights.tensors.iter().zip(plain.weights().tensors) {
        // A step moves a weight by about the learning rate, wherever rounding leads a gradient of about Adam's ε.
        let off = largest_difference(&found.values, &expected.values);
        assert!(off < 1e-4, "{what}: {} is off by {off}", found.name);
    }
    let evaluated = block_on(passes.evaluate(images, 3..40)).unwrap();
    assert_near(&evaluated, &plain.evaluate(images, 3..40), &format!("{what}, evaluation"));
    let floats = |values: &[f64]| values.iter().map(|&x| x as f32).collect::<Vec<_>>();
    let [mean, log_variance] = plain.encode(images, 17).map(|values| floats(&values));
    let codes = block_on(passes.encode(images, 16..18)).unwrap();
    assert!(largest_difference(&codes[codes.len() / 2..], &mean) < 1e-4, "{what}: {codes:?} for {mean:?}");
    let found = block_on(passes.log_variances(images, 17..18)).unwrap().unwrap_or_default();
    assert!(largest_difference(&found, &log_variance) < 1e-4, "{what}: {found:?} for {log_variance:?}");
    let doubles: Vec<_> = mean.iter().map(|&x| f64::from(x)).collect();
    let decoded = block_on(passes.decode(&mean)).unwrap();
    assert!(largest_difference(&decoded, &floats(&plain.decode(&doubles))) < 1e-4, "{what}");
}

/// Supplied numbers take the place of the seed's, for every purpose.
#[test]
fn supplied_noise_is_what_the_passes_draw() {
    on_gpu(|device| {
        let what = "encoder=conv3k3s2,dropout0.3,dense7&corruption=gaussian0.3&variational=1&code=3";
        let model = model(what, MODELS[4].1);
        let (images, start) = (images_of(model.input, 40), start(&model));
        let layers = model.layers();
        let values = |name: &str| layers.iter().find(|layer| layer.name == name).unwrap().outputs;
        let tensor = |name: &str, of_image: usize, value: fn(usize) -> f32| {
            let shape = vec![4, 12, of_image];
            Tensor { values: (0..4 * 12 * of_image).map(value).collect(), name: name.into(), shape }
        };
        let deviate = |at: usize| (at * 7_919 % 1_000) as f32 / 300.0 - 1.6;
        let tensors = vec![
            tensor("eps", 3, deviate),
            tensor("corruption", model.input.values(), deviate),
            tensor("encoder_dropout_1", values("encoder_dropout_1"), |at| f32::from(at % 3 != 0)),
        ];
        let supplied = Supplied::new(&model, tensors).unwrap();
        let noise = Noise { seed: 1, supplied: Some(Arc::new(supplied)) };
        trains_as_plain_loops_do(device, &model, &images, &start, &noise, what);
    });
}

/// Layers of any kind behind each other, on images of any shape.
fn any_model() -> impl Strategy<Value = (String, ImageShape)> {
    let convolution =
        (1..10usize, 1..8usize, 1..3usize, any::<bool>()).prop_map(|(filters, kernel, stride, drops)| {
            format!("conv{filters}k{kernel}s{stride}{}", if drops { ",dropout0.25" } else { "" })
        });
    let dense = (1..12usize, any::<bool>())
        .prop_map(|(units, drops)| format!("dense{units}{}", if drops { ",dropout0.5" } else { "" }));
    let layers =
        (vec(convolution, 0..3), vec(dense, 0..3)).prop_filter("no layer", |(a, b)| a.len() + b.len() > 0);
    let sizes = (1..11usize, 1..11usize, prop_oneof![Just(1), Just(3)]);
    let rest = (
        select(&Activation::ALL),
        select(&["variational=1&beta=2", "code-activation=linear", "code-activation=tanh"][..]),
        select(
            &["output=sigmoid&loss=bce", "output=sigmoid&loss=bce-sum", "output=tanh", "loss=mse-sum", ""][..],
        ),
        select(&["", "&corruption=gaussian0.3", "&corruption=masking0.3"][..]),
        1..6usize,
    );
    (layers, sizes, rest).prop_map(|((convolutions, dense), (height, width, channels), rest)| {
        let (activation, code, output, corruption, units) = rest;
        let encoder = [convolutions, dense].concat().join(",");
        let text = format!(
            "encoder={encoder}&activation={}&{code}&{output}{corruption}&code={units}",
            activation.name()
        );
        (text.replace("&&", "&"), shape(height, width, channels))
    })
}

#[test]
fn the_passes_train_any_model_as_plain_loops_do() {
    on_gpu(|device| {
        let mut runner =
            TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let result = runner.run(&any_model(), |(text, input)| {
            let model = model(&text, input);
            let (images, noise, start) = (images_of(model.input, 40), Noise::seeded(3), start(&model));
            trains_as_plain_loops_do(device, &model, &images, &start, &noise, &text);
            Ok(())
        });
        assert!(result.is_ok(), "{result:?}");
    });
}

/// Maps so large that a buffer holds a part of the batch at once.
#[test]
fn a_batch_that_no_buffer_holds_is_trained_by_parts() {
    on_gpu(|device| {
        let text = "encoder=conv1k1s2,dropout0.2,conv2k3s2&variational=1&corruption=masking0.2&loss=mse-sum";
        let model = model(text, shape(200, 160, 1));
        let (images, start, noise) = (images_of(model.input, 40), start(&model), Noise::seeded(5));
        let mut passes = trainer(device, &model, &start);
        passes.set_noise(noise.clone());
        let mut plain = Plain::new(&model, &start.weights);
        for size in [40, 25] {
            let batch: Vec<_> = (0..size).collect();
            let expected = plain.step(&images, &batch, &noise, 0.002);
            let found = block_on(passes.train(&images, &[&batch], 0.002)).unwrap();
            assert_near(&found[0], &expected, &format!("{size} images"));
        }
        let evaluated = block_on(passes.evaluate(&images, 0..40)).unwrap();
        assert_near(&evaluated, &plain.evaluate(&images, 0..40), "evaluation");
        let codes = block_on(passes.encode(&images, 0..40)).unwrap();
        let expected: Vec<_> =
            (0..40).flat_map(|image| plain.encode(&images, image)[0].clone()).map(|x| x as f32).collect();
        assert!(largest_difference(&codes, &expected) < 1e-4);
        assert_eq!(block_on(passes.decode(&codes)).unwrap().len(), 40 * model.input.values());
    });
}
