//! The program for Burn.

mod computation; // the bodies of encode, decode and loss
mod layers; // fields, initial values, loading
mod pieces; // what only some models need

use super::{
    facts,
    template::{WIDTH, fill, wrapped},
};
use latent_core::{
    data::DatasetId,
    model::{Corruption, ModelSpec},
    settings::Settings,
};
use pieces::Pieces;

/// The program.
pub(super) fn program(settings: &Settings) -> String {
    let model = &settings.model;
    let pieces = Pieces::of(settings);
    let chance =
        facts::chance(settings).map_or(String::new(), |it| format!("\n//!\n{}", wrapped(&it, WIDTH, "//! ")));
    let (constant, rate) = learning_rate(settings);
    let is_variational = model.is_variational();
    let (train, test, place) = files(settings.data);
    let in_training = |text| if draws_in_loss(model) { text } else { "" };
    fill(
        include_str!("main.rs"),
        &[
            ("kind", &facts::kind(model)),
            ("images", facts::images(settings.data)),
            ("zip dependency", if settings.data.is_own() { ZIP } else { "" }),
            ("zip import", if settings.data.is_own() { "use zip::ZipArchive;\n" } else { "" }),
            ("where images are", &wrapped(place, WIDTH, "//! ")),
            ("chance", &chance),
            ("layer imports", &pieces.layer_imports()),
            ("distribution", pieces.distribution()),
            ("activation", pieces.activation()),
            ("training images", &settings.training_images.to_string()),
            ("batch", &settings.batch.to_string()),
            ("epochs", &settings.epochs.to_string()),
            ("rate constant", &constant),
            ("rate", rate),
            ("other constants", &pieces.constants(model)),
            ("seed", &settings.seed.to_string()),
            ("train file", train),
            ("test file", test),
            ("order", if settings.shuffle { SHUFFLED } else { IN_FILE_ORDER }),
            ("is training", in_training(", true")),
            ("is not training", in_training(", false")),
            ("training argument", in_training(", is_training: bool")),
            ("codes", if is_variational { "(codes, _)" } else { "codes" }),
            ("reconstructions", computation::reconstructions(model)),
            ("fields", &layers::fields(model)),
            ("initial", &layers::initial(model)),
            ("load", &layers::load(model)),
            ("encode title", if is_variational { HEADS } else { CODES }),
            ("codes type", if is_variational { "(Tensor<2>, Tensor<2>)" } else { "Tensor<2>" }),
            ("encode", &computation::encode(model)),
            ("decode title", if model.loss.reads_logits() { "The logits" } else { "The images" }),
            ("decode", &computation::decode(model)),
            ("loss title", model.loss.title()),
            ("plus divergence", if is_variational { ", and the weighted divergence" } else { "" }),
            ("loss", &computation::loss(model)),
            ("functions", &pieces.functions()),
            ("load images", &load_images(settings)),
        ],
    )
}

const ZIP: &str =
    "//! zip = { version = \"9\", default-features = false, features = [\"deflate-flate2\"] }\n";
const SHUFFLED: &str = "Tensor::<1>::random([IMAGES], Distribution::Uniform(0.0, 1.0), &device).argsort(0)";
const IN_FILE_ORDER: &str = "Tensor::arange(0..IMAGES as i64, &device)";
const CODES: &str = "The codes, `[batch, code]`, of images, `[batch, channels, rows, columns]`.";
const HEADS: &str = "Mean and logarithm of the variance of each image's distribution, both `[batch, code]`.";

/// Whether the loss differs in training, where random numbers are drawn. Dropout finds out for itself.
fn draws_in_loss(model: &ModelSpec) -> bool {
    model.is_variational() || model.corruption != Corruption::None
}

/// How the training and the test images are named, and where they come from.
fn files(data: DatasetId) -> (&'static str, &'static str, &'static str) {
    const SERVED: (&str, &str) = ("data/train-images-idx3-ubyte.gz", "data/t10k-images-idx3-ubyte.gz");
    match data {
        DatasetId::Mnist => (
            SERVED.0,
            SERVED.1,
            "The images are the two files of images of MNIST, gzipped, in the folder data: http://yann.lecun.com/exdb/mnist/",
        ),
        DatasetId::FashionMnist => (
            SERVED.0,
            SERVED.1,
            "The images are the two files of images of https://github.com/zalandoresearch/fashion-mnist, in the folder data.",
        ),
        DatasetId::Own(_) => (
            "train-images",
            "test-images",
            "The images are images.zip beside Cargo.toml, the set as the page saves it: \"Your own images\", \"Save\".",
        ),
    }
}

/// The constant with the learning rate, and the rate of a step.
fn learning_rate(settings: &Settings) -> (String, &'static str) {
    let rates = facts::learning_rates(settings);
    if let [(_, rate)] = &rates[..] {
        return (format!("const LEARNING_RATE: f64 = {rate};"), "LEARNING_RATE");
    }
    let rates: Vec<_> = rates.iter().map(|(steps, rate)| format!("({steps}, {rate})")).collect();
    let constant = format!(
        "/// Each rate behind the steps that are done when it begins.\nconst LEARNING_RATES: [(i32, f64); {}] = [{}];",
        rates.len(),
        rates.join(", ")
    );
    const LAST_BEGUN: &str =
        "LEARNING_RATES.iter().rfind(|(begins, _)| *begins <= self.steps).map_or(0.0, |(_, rate)| *rate)";
    (constant, LAST_BEGUN)
}

fn load_images(settings: &Settings) -> String {
    let template = match settings.data.is_own() {
        true => include_str!("load_own.rs"),
        false => include_str!("load_served.rs"),
    };
    let shape = settings.model.input;
    let [rows, columns, channels] = [shape.height, shape.width, shape.channels].map(|it| it.to_string());
    fill(template, &[("rows", &rows), ("columns", &columns), ("channels", &channels)])
}
