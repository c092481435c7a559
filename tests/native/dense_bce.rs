//! Parity of Burn and the GPU passes with float64 on dense models with tanh, sigmoid and binary cross-entropy.

use latent_burn::BurnTrainer;
#[cfg(feature = "wgpu")]
use latent_core::training::Trainer;
use latent_tests::model_fixture::{ModelFixture, Tolerances};

const TOLERANCES: Tolerances = Tolerances::DENSE;

#[cfg(feature = "flex")]
#[test]
fn burn_agrees_on_the_cpu() {
    for fixture in ModelFixture::DENSE_BCE.map(ModelFixture::read) {
        let trainer = BurnTrainer::on(&latent_burn::flex_device(), &fixture.model, &fixture.start()).unwrap();
        fixture.check(trainer, TOLERANCES, "Burn, flex");
    }
}

#[cfg(feature = "wgpu")]
#[test]
fn burn_agrees_on_the_gpu() {
    crate::gpu::on_burn_gpu(|device| {
        for fixture in ModelFixture::DENSE_BCE.map(ModelFixture::read) {
            let trainer = BurnTrainer::on(device, &fixture.model, &fixture.start()).unwrap();
            fixture.check(trainer, TOLERANCES, "Burn, wgpu");
        }
    });
}

#[cfg(feature = "wgpu")]
#[test]
fn the_gpu_engine_agrees() {
    use latent_gpu::Passes;
    crate::gpu::on_gpu(|gpu| {
        for fixture in ModelFixture::DENSE_BCE.map(ModelFixture::read) {
            let trainer = pollster::block_on(Passes::new(gpu, &fixture.model, &fixture.start())).unwrap();
            assert_eq!(trainer.description(), "own compute passes");
            fixture.check(trainer, TOLERANCES, "own passes, wgpu");
        }
    });
}
