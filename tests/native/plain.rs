//! The f64 reference in `tests/support` against the fixtures, which numpy computed by hand: so it can stand for them where there
//! is no fixture.

use latent_core::training::Losses;
use latent_tests::{images, model_fixture::ModelFixture, plain::Plain};

/// Losses of the first steps to the digits that rounding in another order leaves.
fn first_losses_are_those_of_numpy(name: &str, steps: usize) {
    let fixture = ModelFixture::read(name);
    let (training, noise) = (images("train", 6), fixture.noise());
    let mut plain = Plain::new(&fixture.model, &fixture.start().weights);
    let batches = fixture.batches();
    let rate = f64::from(fixture.learning_rate());
    let step = |batch: &Vec<u32>| plain.step(&training, batch, &noise, rate);
    let losses: Vec<Losses> = batches[..steps].iter().map(step).collect();
    let [loss, divergence] = fixture.losses_off(&losses);
    println!("f64, {name}: losses {loss:.1e}, divergence {divergence:.1e}");
    // numpy divides pixels by 255 in f32 as well, and takes the learning rate in f64.
    assert!(loss < 1e-8 && divergence < 1e-6, "{name}: {loss} {divergence}");
}

#[test]
fn a_variational_dense_model_trains_as_in_numpy() {
    first_losses_are_those_of_numpy("dense-vae", 4);
}

#[test]
fn models_with_dropout_and_with_corrupted_images_train_as_in_numpy() {
    for name in ["dense-dropout", "dense-gaussian", "dense-masking"] {
        first_losses_are_those_of_numpy(name, 4);
    }
}

#[test]
fn a_convolutional_model_trains_as_in_numpy() {
    first_losses_are_those_of_numpy("conv-small", 3);
}

#[test]
fn a_variational_convolutional_model_trains_as_in_numpy() {
    first_losses_are_those_of_numpy("conv-vae", 2);
}
