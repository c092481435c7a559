//! The Burn trainer against itself: on the CPU, and with the feature `wgpu` on a Vulkan adapter.

use burn::tensor::Device;
use latent_burn::{BurnTrainer, flex_device};
use latent_core::{
    data::{Images, mnist::PIXELS},
    model::ModelSpec,
    training::{Progress, Trainer, TrainerError},
    weights::Weights,
};
use latent_tests::{batches, images, largest_difference, totals};
use pollster::block_on;

const RATE: f32 = 0.0005;
const BATCH: u32 = 256;

fn train(trainer: &mut BurnTrainer, images: &Images, batches: &[Vec<u32>], rate: f32) -> Vec<f32> {
    let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
    totals(&block_on(trainer.train(images, &batches, rate)).unwrap())
}

fn assert_near(a: &Weights, b: &Weights, tolerance: f32) {
    let [a, b] = [a, b].map(|weights| weights.values().collect::<Vec<_>>());
    let difference = largest_difference(&a, &b);
    assert!(difference <= tolerance, "{difference} > {tolerance}");
}

fn a_run_goes_on_from_its_progress(device: &Device) {
    let images = images("train", 2);
    let model = ModelSpec::dense(&[30], 2, 0.3);
    let start = Progress::initial(&model, 5);
    let mut through = BurnTrainer::on(device, &model, &start).unwrap();
    let losses = train(&mut through, &images, &batches(0..4, BATCH), RATE);

    let mut first = BurnTrainer::on(device, &model, &start).unwrap();
    train(&mut first, &images, &batches(0..2, BATCH), RATE);
    let between = block_on(first.progress()).unwrap();
    assert_eq!(between.steps, 2);
    let mut second = BurnTrainer::on(device, &model, &between).unwrap();
    assert_eq!(block_on(second.progress()).unwrap(), between);
    let last = train(&mut second, &images, &batches(2..4, BATCH), RATE);

    assert!(largest_difference(&losses[2..], &last) < 1e-6);
    let [through, second] = [&mut through, &mut second].map(|trainer| block_on(trainer.progress()).unwrap());
    assert_eq!(through.steps, second.steps);
    assert_near(&through.weights, &second.weights, 1e-6);
    assert_near(&through.first_moment, &second.first_moment, 1e-6);
    assert_near(&through.second_moment, &second.second_moment, 1e-6);
}

fn a_deeper_network_learns(device: &Device) {
    let images = images("train", 1);
    let model = ModelSpec::dense(&[20, 7], 3, 0.3);
    let start = Progress::initial(&model, 1);
    let mut trainer = BurnTrainer::on(device, &model, &start).unwrap();
    // The last batch is a partial one.
    let mut epoch = batches(0..10, 96);
    epoch.push((960..1000).collect());
    let losses: Vec<_> = (0..4).map(|_| train(&mut trainer, &images, &epoch, 0.005)).collect();
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    let (first, last) = (mean(&losses[0]), mean(&losses[3]));
    assert!(last < 0.8 * first, "{first} -> {last}");
}

/// 1,100 images: a full slice and a partial one.
fn evaluation_is_of_what_encoder_and_decoder_make(device: &Device) {
    let images = images("train", 2);
    let model = ModelSpec::dense(&[12], 2, 0.2);
    let start = Progress::initial(&model, 9);
    let mut trainer = BurnTrainer::on(device, &model, &start).unwrap();
    let which = 500..1_600;
    let codes = block_on(trainer.encode(&images, which.clone())).unwrap();
    assert_eq!(codes.len(), 1_100 * 2);
    let decoded = block_on(trainer.decode(&codes)).unwrap();
    assert_eq!(decoded.len(), 1_100 * PIXELS);
    let squares =
        images.gather(which.clone()).into_iter().zip(decoded).map(|(x, y)| f64::from(y - x).powi(2));
    let expected = squares.sum::<f64>() / (1_100 * PIXELS) as f64;
    let loss = block_on(trainer.evaluate(&images, which)).unwrap().total;
    assert!((loss - expected).abs() < 1e-5 * expected, "{loss} {expected}");

    let batch: Vec<_> = (500..756).collect();
    let trained = block_on(trainer.train(&images, &[&batch], RATE)).unwrap();
    let mut again = BurnTrainer::on(device, &model, &start).unwrap();
    let evaluated = block_on(again.evaluate(&images, 500..756)).unwrap().total;
    assert!((trained[0].total - evaluated).abs() < 1e-5 * evaluated);
    assert_eq!(block_on(again.weights()).unwrap(), start.weights);
}

mod flex {
    use super::*;

    #[test]
    fn a_run_goes_on_from_its_progress() {
        super::a_run_goes_on_from_its_progress(&flex_device());
    }

    #[test]
    fn a_deeper_network_learns() {
        super::a_deeper_network_learns(&flex_device());
    }

    #[test]
    fn evaluation_is_of_what_encoder_and_decoder_make() {
        super::evaluation_is_of_what_encoder_and_decoder_make(&flex_device());
    }

    #[test]
    fn progress_of_another_network_is_refused() {
        let progress = Progress::initial(&ModelSpec::default(), 1);
        let other = ModelSpec::dense(&[300], 3, 0.3);
        let refused = BurnTrainer::on(&flex_device(), &other, &progress);
        assert!(matches!(refused.err(), Some(TrainerError::Weights(_))));
    }

    #[test]
    fn nothing_to_do_is_done() {
        let model = ModelSpec::dense(&[4], 2, 0.3);
        let progress = Progress::initial(&model, 1);
        let mut trainer = BurnTrainer::on(&flex_device(), &model, &progress).unwrap();
        let none = Images::default();
        assert_eq!(block_on(trainer.train(&none, &[], RATE)), Ok(vec![]));
        assert_eq!(block_on(trainer.encode(&none, 0..0)), Ok(vec![]));
        assert_eq!(block_on(trainer.decode(&[])), Ok(vec![]));
    }
}

#[cfg(feature = "wgpu")]
mod wgpu {
    use super::*;
    use crate::gpu::on_burn_gpu;
    use latent_burn::burn_gpu;

    #[test]
    fn a_run_goes_on_from_its_progress() {
        on_burn_gpu(super::a_run_goes_on_from_its_progress);
    }

    // The others would compile Burn's shaders for a minute more on a GPU in software. `flex` runs the same modules, and the
    // fixtures compare losses, codes and images of Burn on a GPU.
    #[test]
    fn the_device_is_set_up_once() {
        on_burn_gpu(|device| assert_eq!(block_on(burn_gpu()).unwrap().device, *device));
    }
}
