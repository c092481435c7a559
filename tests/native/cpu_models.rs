//! Parity of the CPU engine with float64 on the fixtures of further models.

use latent_core::training::{Progress, Trainer};
use latent_cpu::{CpuTrainer, Instructions};
use latent_tests::{
    images,
    model_fixture::{ModelFixture, Tolerances},
};
use pollster::block_on;

/// A tenth of what the fixtures allow: Adam's step size is exact here.
const TOLERANCES: Tolerances =
    Tolerances { losses: 1e-5, codes_after: 2e-4, decoded: 1e-5, ..Tolerances::DENSE };

#[test]
fn dense_models_with_cross_entropy_agree_with_every_instruction_set() {
    let fixtures = ModelFixture::DENSE_BCE.map(ModelFixture::read);
    ModelFixture::check_all(fixtures.iter().flat_map(|fixture| {
        Instructions::available().into_iter().map(|instructions| {
            let trainer =
                CpuTrainer::with_instructions(instructions, &fixture.model, &fixture.start()).unwrap();
            fixture.compare(trainer, TOLERANCES, &format!("CPU, {instructions:?}"))
        })
    }));
}

#[test]
fn dense_models_with_cross_entropy_give_equal_bits_with_any_number_of_threads() {
    let images = images("train", 1);
    let batches: Vec<Vec<u32>> = vec![(0..256).collect(), (256..512).collect(), (300..333).collect()];
    let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
    for fixture in ModelFixture::DENSE_BCE.map(ModelFixture::read) {
        for instructions in Instructions::available() {
            let outcome = |threads| {
                let mut trainer =
                    CpuTrainer::with_threads(threads, instructions, &fixture.model, &fixture.start())
                        .unwrap();
                let losses = block_on(trainer.train(&images, &batches, 0.0005)).unwrap();
                let evaluated = block_on(trainer.evaluate(&images, 0..600)).unwrap();
                (losses, evaluated, block_on(trainer.progress()).unwrap())
            };
            let expected = outcome(1);
            for threads in [2, 4] {
                assert!(outcome(threads) == expected, "{threads} threads, {instructions:?}");
            }
        }
    }
}

#[test]
fn the_portable_and_the_128_bit_kernels_give_equal_bits() {
    let fixture = ModelFixture::read("dense-bce");
    let images = images("train", 1);
    let batch: Vec<u32> = (0..256).collect();
    let outcome = |instructions| -> Progress {
        let mut trainer =
            CpuTrainer::with_instructions(instructions, &fixture.model, &fixture.start()).unwrap();
        block_on(trainer.train(&images, &[&batch, &batch], 0.0005)).unwrap();
        block_on(trainer.progress()).unwrap()
    };
    let expected = outcome(Instructions::Portable);
    #[cfg(target_arch = "x86_64")]
    assert!(outcome(Instructions::Sse2) == expected);
    assert_eq!(expected.steps, 2);
}
