//! Models as files: what is written reads back, and whatever else a file may hold is refused in a sentence.

mod any_run;
mod foreign;
mod kinds;
mod notes;
mod refused;

use latent_core::{
    data::DatasetId,
    link::Link,
    model::{Activation, ImageShape, Latent, Loss, ModelSpec},
    settings::{Field, Settings},
    training::{
        LossParts, Progress, StepLosses,
        checkpoint::{Checkpoint, CheckpointError, MOST_BYTES},
        history::{History, Validation},
    },
    weights::Weights,
};
use latent_tests::{Keras, model_fixture::ModelFixture, path};
use proptest::prelude::*;
use safetensors::tensor::{Dtype, TensorView, serialize};
use std::fs;

/// A run of some steps of a small network, with every kind of number in it.
fn checkpoint(hidden: Vec<usize>, code: usize, seed: u64, known: usize, unknown: u64) -> Checkpoint {
    let model = ModelSpec::dense(&hidden, code, 0.1);
    let steps = unknown + known as u64;
    let mut progress = Progress { steps, ..Progress::initial(&model, seed) };
    progress.weights.tensors[0].values[..4].copy_from_slice(&[-0.0, f32::MIN_POSITIVE / 2.0, f32::MAX, 0.1]);
    if steps > 0 {
        progress.first_moment = Weights::initial(&model, seed ^ 1);
        progress.second_moment = Weights::initial(&model, seed ^ 2);
        let values = progress.second_moment.layers_mut().flat_map(|layer| &mut layer.kernel.values);
        values.for_each(|value| *value *= *value);
    }
    let losses: Vec<f32> = (0..known).map(|step| 0.1 / (1.0 + step as f32)).collect();
    let validation = (unknown..=steps).step_by(7).map(|steps| Validation::total(steps, 1.0 / 3.0)).collect();
    let history = History::restored(unknown, losses, validation);
    let settings =
        Settings { model, seed, learning_rates: (0.1 + 0.2).into(), shuffle: false, ..Settings::default() };
    Checkpoint { settings, progress, history }
}

fn small() -> Checkpoint {
    checkpoint(vec![3], 2, 7, 20, 10)
}

/// A run of a variational model: `totals` losses after `unknown` steps, of which the last `parts` have parts, as have the last
/// `validated` of three validations.
fn variational(unknown: u64, totals: usize, parts: usize, validated: usize, seed: u64) -> Checkpoint {
    let mut checkpoint = checkpoint(vec![3], 2, seed, 0, unknown + totals as u64);
    checkpoint.settings.model.latent = Latent::Variational { units: 2, beta: 0.5 };
    let model = &checkpoint.settings.model;
    checkpoint.progress = Progress { steps: checkpoint.progress.steps, ..Progress::initial(model, seed) };
    let part = |at: usize| LossParts { reconstruction: 3.0 / (1.0 + at as f32), divergence: 0.1 * at as f32 };
    let losses = StepLosses {
        totals: (0..totals).map(|at| 1.0 + at as f32).collect(),
        parts: (totals - parts..totals).map(part).collect(),
    };
    let taken = |at: usize| {
        let parts = (at >= 3 - validated).then(|| part(at));
        Validation { parts, ..Validation::total(unknown, 2.0) }
    };
    checkpoint.history = History::restored(unknown, losses, (0..3).map(taken).collect());
    checkpoint
}

fn refusal(bytes: &[u8]) -> String {
    Checkpoint::parse(bytes).unwrap_err().to_string()
}

/// A file with these tensors and notes, as other programs write them.
fn file(tensors: &[(&str, Dtype, &[usize])], notes: &[(&str, &str)]) -> Vec<u8> {
    let zeros = vec![0; 1 << 20];
    let views = tensors.iter().map(|&(name, dtype, shape)| {
        let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        (name, TensorView::new(dtype, shape.to_vec(), &zeros[..bytes]).unwrap())
    });
    let notes = notes.iter().map(|&(key, text)| (key.to_owned(), text.to_owned())).collect();
    serialize(views, Some(notes)).unwrap()
}

const BARE: [(&str, Dtype, &[usize]); 8] = [
    ("encoder_dense_1.kernel", Dtype::F32, &[784, 3]),
    ("encoder_dense_1.bias", Dtype::F32, &[3]),
    ("encoder_dense_2.kernel", Dtype::F32, &[3, 2]),
    ("encoder_dense_2.bias", Dtype::F32, &[2]),
    ("decoder_dense_1.kernel", Dtype::F32, &[2, 3]),
    ("decoder_dense_1.bias", Dtype::F32, &[3]),
    ("decoder_dense_2.kernel", Dtype::F32, &[3, 784]),
    ("decoder_dense_2.bias", Dtype::F32, &[784]),
];

/// [`BARE`] with something else in one place.
fn bare_but(at: usize, tensor: (&str, Dtype, &[usize])) -> Vec<u8> {
    let mut tensors = BARE;
    tensors[at] = tensor;
    file(&tensors, &[])
}

#[test]
fn the_same_run_makes_the_same_file_and_safetensors_reads_it() {
    let bytes = small().to_bytes().unwrap();
    assert_eq!(small().to_bytes().unwrap(), bytes);
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let tensor = tensors.tensor("optimizer.velocity.decoder_dense_2.kernel").unwrap();
    assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F32, &[3, 784][..]));
    assert_eq!(tensors.tensor("history.loss").unwrap().shape(), [20]);
    assert_eq!(tensors.tensor("history.val_loss_steps").unwrap().dtype(), Dtype::I64);
    // The numbers begin at a multiple of eight, so that readers can use them where they are.
    assert_eq!(u64::from_le_bytes(bytes[..8].try_into().unwrap()) % 8, 0);
}

#[test]
fn whether_a_run_can_be_written_is_known_before_it_is_trained() {
    assert_eq!(Checkpoint::fits(&ModelSpec::default(), 4_700), Ok(()));
    assert!(Checkpoint::fits(&ModelSpec::default(), 250_000_000).is_err());
    let large = ModelSpec::dense(&[4096, 2048], 2, 0.3);
    assert!(matches!(Checkpoint::fits(&large, 0), Err(CheckpointError::TooLarge(278_652_000..279_500_000))));
}

/// A run of a model with every kind of layer, a variational code and corrupted images.
fn every_kind() -> Checkpoint {
    let (link, problems) = Link::parse(
        "encoder=conv3k3s2,dropout0.2,conv4k3s2,dense5&code=3&variational=1&beta=0.5&output=sigmoid&loss=bce-sum\
         &corruption=masking0.3",
    );
    assert_eq!(problems, []);
    let progress = Progress::initial(&link.settings.model, 3);
    Checkpoint { settings: link.settings, progress, history: History::default() }
}
