//! The engines against their plain Burn reference: same start, same images, on random shapes, odd ones too.

#[cfg(feature = "wgpu")]
use latent_playground::engine::gpu::GpuTrainer;
use latent_playground::{
    data::Images,
    kernels::cpu::CpuTrainer,
    network::Weights,
    settings::{Architecture, PIXELS},
    training::{
        Progress, Trainer,
        burn::{BurnTrainer, flex_device},
    },
};
use pollster::block_on;
use proptest::prelude::*;

const IMAGES: usize = 60;
const STEPS: usize = 4;
const RATE: f32 = 0.002;

/// What training comes to: losses, codes, images at those codes, the error, the weights.
#[derive(Debug)]
struct Outcome {
    losses: Vec<f32>,
    codes: Vec<f32>,
    decoded: Vec<f32>,
    error: f64,
    weights: Weights,
}

async fn outcome(mut trainer: impl Trainer, images: &Images, batch: usize) -> Outcome {
    let order: Vec<u32> = (0..).take(IMAGES).map(|at| at * 37 % IMAGES as u32).collect();
    let batches: Vec<_> = order.chunks(batch).cycle().take(STEPS).collect();
    let losses = trainer.train(images, &batches, RATE).await.unwrap();
    let codes = trainer.encode(images, 3..IMAGES).await.unwrap();
    let decoded = trainer.decode(&codes).await.unwrap();
    let error = trainer.evaluate(images, 3..IMAGES).await.unwrap();
    Outcome { losses, codes, decoded, error, weights: trainer.weights().await.unwrap() }
}

/// Images as sparse as MNIST's: a bright block at a place of its own in each.
fn images() -> Images {
    let mut images = Images::default();
    for image in 0..IMAGES {
        let shade = |pixel: usize| {
            let (row, column) = (pixel / 28, pixel % 28);
            let inside = (row + image) % 28 < 9 && (column + 3 * image) % 28 < 11;
            if inside { (50 + (pixel * 31 + image * 17) % 206) as u8 } else { 0 }
        };
        images.append(&(0..PIXELS).map(shade).collect::<Vec<_>>());
    }
    images
}

fn largest_difference(a: impl IntoIterator<Item = f32>, b: impl IntoIterator<Item = f32>) -> f32 {
    a.into_iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Burn's, on the CPU.
fn reference(architecture: &Architecture, start: &Progress, images: &Images, batch: usize) -> Outcome {
    let reference = BurnTrainer::on(&flex_device(), architecture, start).unwrap();
    block_on(outcome(reference, images, batch))
}

fn check(ours: Outcome, reference: Outcome) -> Result<(), TestCaseError> {
    for (loss, expected) in ours.losses.iter().zip(&reference.losses) {
        prop_assert!((loss - expected).abs() <= 1e-4 * expected, "{loss} for {expected}");
    }
    prop_assert!((ours.error - reference.error).abs() <= 1e-4 * reference.error);
    // Where a gradient is as small as Adam's ε, rounding decides how far a weight goes: by less than a step.
    prop_assert!(largest_difference(ours.weights.values(), reference.weights.values()) < RATE);
    prop_assert!(largest_difference(ours.codes, reference.codes) < 2e-3);
    prop_assert!(largest_difference(ours.decoded, reference.decoded) < 2e-3);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_cpu_engine_learns_the_same(
        hidden in proptest::collection::vec(1usize..70, 1..=4), code in 1usize..6, batch in 1usize..50,
        slope in 0.05f32..0.6, seed: u64,
    ) {
        let architecture = Architecture { hidden, code, slope };
        let (start, images) = (Progress::initial(&architecture, seed), images());
        let ours = block_on(async {
            let trainer = CpuTrainer::new(&architecture, &start).await.unwrap();
            outcome(trainer, &images, batch).await
        });
        check(ours, reference(&architecture, &start, &images, batch))?;
    }
}

#[cfg(feature = "wgpu")]
fn check_gpu(architecture: &Architecture, batch: usize, seed: u64) -> Result<(), TestCaseError> {
    let (start, images) = (Progress::initial(architecture, seed), images());
    let mut result = Ok(());
    crate::gpu::on_gpu(|device| {
        let ours = block_on(async {
            let trainer = GpuTrainer::on(device, architecture, &start).await.unwrap();
            assert_eq!(trainer.to_string(), "own compute passes");
            outcome(trainer, &images, batch).await
        });
        result = check(ours, reference(architecture, &start, &images, batch));
    });
    result
}

#[cfg(feature = "wgpu")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn the_gpu_engine_learns_the_same(
        hidden in proptest::collection::vec(1usize..70, 1..=4), code in 1usize..=32, batch in 1usize..=IMAGES,
        slope in 0f32..=1.0, seed: u64,
    ) {
        check_gpu(&Architecture { hidden, code, slope }, batch, seed)?;
    }

    /// Networks whose decoder is taken by what it is linear in (`wgsl/linear.wgsl`).
    #[test]
    fn the_gpu_engine_learns_the_same_with_a_linear_decoder(
        hidden in 1usize..600, code in 1usize..=3, batch in 1usize..=IMAGES, slope in 0f32..=1.0, seed: u64,
    ) {
        check_gpu(&Architecture { hidden: vec![hidden], code, slope }, batch, seed)?;
    }
}
