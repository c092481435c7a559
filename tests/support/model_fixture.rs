//! Parity with an independent float64 computation: from the same weights, the same steps on the same images
//! (`tests/fixtures/models`).

use crate::{batches, images, path, read_weights};
use flate2::read::GzDecoder;
use latent_core::{
    model::{Activation, Latent, LayerSpec, Loss, LossKind, ModelSpec, Reduction},
    noise::{Noise, Supplied},
    training::{Losses, Progress, Trainer},
    weights::Tensor,
};
use pollster::block_on;
use serde_json::Value;
use std::{fs, io::Read, sync::Arc};

/// A model of the fixtures, and what must come out.
pub struct ModelFixture {
    /// The model.
    pub model: ModelSpec,
    /// The fixture's JSON.
    pub values: Value,
}

/// How far an engine may be from float64. Losses are relative, codes relative to the largest of them, decoded pixels absolute,
/// and gradients in units of a tensor's Euclidean norm.
#[derive(Clone, Copy, Debug)]
pub struct Tolerances {
    /// Of each step's loss and reconstruction.
    pub losses: f64,
    /// Of each step's divergence.
    pub divergence: f64,
    /// Of codes before the first step.
    pub codes_before: f64,
    /// Of codes after the last step.
    pub codes_after: f64,
    /// Of decoded pixels after the last step.
    pub decoded: f64,
    /// Of the gradients at the first step.
    pub gradients: f64,
}

impl Tolerances {
    /// Those that the fixtures propose for dense models.
    pub const DENSE: Self = Self {
        losses: 1e-4,
        divergence: 1e-3,
        codes_before: 1e-5,
        codes_after: 2e-3,
        decoded: 1e-4,
        gradients: 1e-5,
    };
    /// Those that the fixtures propose for convolutions.
    pub const CONVOLUTIONAL: Self = Self { gradients: 2e-3, ..Self::DENSE };
    /// The same for `conv-small`, whose losses hardly move.
    pub const SMALL: Self = Self { losses: 1e-5, ..Self::CONVOLUTIONAL };
}

impl ModelFixture {
    /// The models with dense layers, tanh, and binary cross-entropy behind a sigmoid. They start from the same weights.
    pub const DENSE_BCE: [&str; 2] = ["dense-bce", "dense-bce-linear-code"];
    /// The models with convolutions or a variational code, each with its tolerances.
    pub const MODEL_KINDS: [(&str, Tolerances); 3] = [
        ("dense-vae", Tolerances::DENSE),
        ("conv-small", Tolerances::SMALL),
        ("conv-vae", Tolerances::CONVOLUTIONAL),
    ];

    /// Reads a fixture.
    pub fn read(name: &str) -> Self {
        let json = fs::read(path(&format!("tests/fixtures/models/{name}.json"))).unwrap();
        let values: Value = serde_json::from_slice(&json).unwrap();
        Self { model: model(&values), values }
    }

    /// The weights that it starts from.
    pub fn start(&self) -> Progress {
        Progress::with_weights(&self.model, read_weights(&self.weights_file(), &self.model))
    }

    /// The safetensors file of those weights.
    pub fn weights_file(&self) -> Vec<u8> {
        let file = self.values["weights"]["file"].as_str().unwrap().trim_end_matches(".gz");
        let file = fs::File::open(path(&format!("tests/fixtures/models/{file}.gz"))).unwrap();
        let mut bytes = Vec::new();
        GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// The random numbers that it draws.
    pub fn noise(&self) -> Noise {
        let Some(file) = self.values["eps"]["file"].as_str() else { return Noise::default() };
        let bytes = fs::read(path(&format!("tests/fixtures/models/{file}"))).unwrap();
        let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let deviates = file.tensor("eps").unwrap();
        let values = bytemuck::pod_collect_to_vec(deviates.data());
        let tensor = Tensor { name: "eps".into(), shape: deviates.shape().to_vec(), values };
        Noise { seed: 0, supplied: Some(Arc::new(Supplied::new(&self.model, vec![tensor]).unwrap())) }
    }

    /// Adam's learning rate.
    pub fn learning_rate(&self) -> f32 {
        self.values["optimizer"]["learning_rate"].as_f64().unwrap() as f32
    }

    /// The batches of its steps.
    pub fn batches(&self) -> Vec<Vec<u32>> {
        let number = |key: &str| self.values[key].as_u64().unwrap() as u32;
        batches(0..number("steps"), number("batch"))
    }

    /// Trains the fixture's steps and compares everything that it says of them. Gives the losses.
    pub fn check(&self, mut trainer: impl Trainer, tolerances: Tolerances, engine: &str) -> Vec<Losses> {
        let (training, test) = (images("train", 6), images("test", 1));
        let rate = self.learning_rate();
        trainer.set_noise(self.noise());
        let before = self.codes_off(&mut trainer, &test, "codes_before");
        let batches = self.batches();
        let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
        let mut losses = block_on(trainer.train(&training, &batches[..1], rate)).unwrap();
        let gradients = self.gradients_off(&block_on(trainer.progress()).unwrap());
        losses.extend(block_on(trainer.train(&training, &batches[1..], rate)).unwrap());
        let [loss, divergence] = self.losses_off(&losses);
        let after = self.codes_off(&mut trainer, &test, "codes_after");
        let codes: Vec<_> = self.numbers(&["decode", "codes"]).iter().map(|&code| code as f32).collect();
        let decoded = block_on(trainer.decode(&codes)).unwrap();
        let decoded = largest_difference(&decoded, &self.numbers(&["decode", "float64"]));
        let name = self.values["name"].as_str().unwrap();
        let found = format!(
            "{engine}, {name}: losses {loss:.1e}, divergence {divergence:.1e}, codes {before:.1e} and {after:.1e}, \
             decoded {decoded:.1e}, gradients {gradients:.1e}"
        );
        println!("{found}");
        let is_near = loss < tolerances.losses
            && divergence < tolerances.divergence
            && before < tolerances.codes_before
            && after < tolerances.codes_after
            && decoded < tolerances.decoded
            && gradients < tolerances.gradients;
        assert!(is_near, "{found}");
        losses
    }

    /// How far losses and reconstructions of these first steps are off, and how far their divergences are.
    pub fn losses_off(&self, losses: &[Losses]) -> [f64; 2] {
        let off = |key: &str, of: fn(&Losses) -> f64| {
            let expected = self.numbers(&["float64", key]);
            let relative =
                losses.iter().map(of).zip(expected).map(|(found, exact)| (found - exact).abs() / exact);
            relative.fold(0.0, f64::max)
        };
        let total = off("loss", |it| it.total);
        let reconstruction = off("reconstruction", |it| it.reconstruction);
        let divergence = match self.model.is_variational() {
            true => off("kl", |it| it.divergence.unwrap()),
            false => 0.0,
        };
        assert_eq!(losses[0].divergence.is_some(), self.model.is_variational());
        [total.max(reconstruction), divergence]
    }

    /// How far the codes of the first test images are off, relative to the largest of them.
    fn codes_off(&self, trainer: &mut impl Trainer, test: &latent_core::data::Images, key: &str) -> f64 {
        let off = |codes: &[f32], part: &str| {
            let expected = self.numbers(&["float64", key, part]);
            let largest = expected.iter().fold(0.0f64, |largest, code| largest.max(code.abs()));
            largest_difference(codes, &expected) / largest
        };
        let codes = block_on(trainer.encode(test, 0..8)).unwrap();
        match block_on(trainer.log_variances(test, 0..8)).unwrap() {
            None => off(&codes, "code"),
            Some(log_variances) => off(&codes, "z_mean").max(off(&log_variances, "z_log_var")),
        }
    }

    /// How far the gradients of the first step are off. They follow from Adam's first moment after it, which is a tenth of them.
    fn gradients_off(&self, progress: &Progress) -> f64 {
        let tenth = f64::from((1.0 - latent_core::training::adam::BETA_1) as f32);
        let mut worst = 0.0f64;
        for tensor in &progress.first_moment.tensors {
            let expected = &self.values["to_find_a_mistake"]["gradients_step1"][&tensor.name];
            let expected = |key: &str| expected[key].as_f64().unwrap();
            let gradient = || tensor.values.iter().map(|&m| f64::from(m) / tenth);
            let count = tensor.values.len() as f64;
            let sum = gradient().sum::<f64>();
            let l2 = gradient().map(|g| g * g).sum::<f64>().sqrt();
            let places = (1..).map(|place| f64::from(place) / count);
            let moment = gradient().zip(places).map(|(g, place)| g * place).sum::<f64>();
            // Sums are of as many terms as the tensor has: their errors add up as a random walk does.
            let walk = count.sqrt();
            for (found, key, terms) in [(sum, "sum", walk), (l2, "l2", 1.0), (moment, "moment", walk)] {
                worst = worst.max((found - expected(key)).abs() / (terms * expected("l2")));
            }
        }
        worst
    }

    /// The numbers under a path of keys, flattened.
    fn numbers(&self, keys: &[&str]) -> Vec<f64> {
        fn flat(value: &Value) -> Vec<f64> {
            match value {
                Value::Array(values) => values.iter().flat_map(flat).collect(),
                number => vec![number.as_f64().unwrap()],
            }
        }
        flat(keys.iter().fold(&self.values, |value, key| &value[key]))
    }
}

fn largest_difference(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(&found, exact)| (f64::from(found) - exact).abs()).fold(0.0, f64::max)
}

/// The model that a fixture describes layer by layer.
fn model(values: &Value) -> ModelSpec {
    let layers = |half: &str| values["model"][half].as_array().unwrap().clone();
    let activation = |layer: &Value| Activation::from_name(layer["activation"].as_str().unwrap()).unwrap();
    let number = |layer: &Value, key: &str| layer[key].as_u64().unwrap() as usize;
    let (encoder, decoder) = (layers("encoder"), layers("decoder"));
    let is_variational = values["model"]["variational"].as_bool().unwrap();
    let (hidden, heads) = encoder.split_at(encoder.len() - if is_variational { 2 } else { 1 });
    let hidden_layer = |layer: &Value| match layer["kind"].as_str().unwrap() {
        "conv2d" => LayerSpec::Conv2d {
            filters: layer["out"][2].as_u64().unwrap() as usize,
            kernel: number(layer, "kernel"),
            stride: number(layer, "stride"),
        },
        _ => LayerSpec::Dense { units: number(layer, "out") },
    };
    let units = number(&heads[0], "out");
    let kind = match values["loss"]["kind"].as_str().unwrap() {
        "bce" => LossKind::BinaryCrossEntropy,
        _ => LossKind::MeanSquaredError,
    };
    let is_sum = values["loss"]["reduction"].as_str().unwrap() == "sum";
    let reduction = if is_sum { Reduction::Sum } else { Reduction::Mean };
    ModelSpec {
        encoder: hidden.iter().map(hidden_layer).collect(),
        activation: activation(&encoder[0]),
        latent: match values["loss"]["beta"].as_f64() {
            Some(beta) => Latent::Variational { units, beta: beta as f32 },
            None => Latent::Deterministic { units, activation: Some(activation(&heads[0])) },
        },
        output: activation(&decoder[decoder.len() - 1]),
        slope: encoder[0]["slope"].as_f64().unwrap_or(0.3) as f32,
        loss: Loss { kind, reduction },
        ..ModelSpec::default()
    }
}
