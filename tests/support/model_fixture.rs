//! Parity with an independent float64 computation: from the same weights, the same steps on the same images
//! (`tests/fixtures/models`).

use crate::{batches, images, largest, path, read_weights};
use flate2::read::GzDecoder;
use latent_core::{
    model::{Activation, Corruption, Latent, LayerSpec, Loss, LossKind, ModelSpec, Reduction},
    noise::{Noise, Supplied},
    training::{Losses, Progress, Trainer},
    weights::Tensor,
};
use pollster::block_on;
use serde_json::Value;
use std::{fs, io::Read, ops::Range, sync::Arc};

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
    /// Of each step's loss and reconstruction, and of a validation loss.
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
    /// The models with what goes beyond a deterministic dense network, each with its tolerances.
    pub const MODEL_KINDS: [(&str, Tolerances); 6] = [
        ("dense-vae", Tolerances::DENSE),
        ("dense-dropout", Tolerances::DENSE),
        ("dense-gaussian", Tolerances::DENSE),
        ("dense-masking", Tolerances::DENSE),
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
        read(&format!("{file}.gz"))
    }

    /// The random numbers that it draws.
    pub fn noise(&self) -> Noise {
        let files = ["eps", "noise"].map(|key| self.values[key]["file"].as_str());
        let Some(file) = files.into_iter().flatten().next() else { return Noise::default() };
        let bytes = read(file);
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap().tensors().into_iter();
        let tensor = |(name, tensor): (String, safetensors::tensor::TensorView<'_>)| Tensor {
            name,
            shape: tensor.shape().to_vec(),
            values: bytemuck::pod_collect_to_vec(tensor.data()),
        };
        let supplied = Supplied::new(&self.model, tensors.map(tensor).collect()).unwrap();
        Noise { seed: 0, supplied: Some(Arc::new(supplied)) }
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
    pub fn check(&self, trainer: impl Trainer, tolerances: Tolerances, engine: &str) -> Vec<Losses> {
        self.compare(trainer, tolerances, engine).unwrap_or_else(|found| panic!("{found}"))
    }

    /// Fails with all that was too far off in several comparisons.
    pub fn check_all(compared: impl IntoIterator<Item = Result<Vec<Losses>, String>>) {
        let too_far: Vec<_> = compared.into_iter().filter_map(Result::err).collect();
        assert!(too_far.is_empty(), "{}", too_far.join("\n"));
    }

    /// The same as [`Self::check`], but gives what was found where something is too far off.
    pub fn compare(
        &self,
        mut trainer: impl Trainer,
        tolerances: Tolerances,
        engine: &str,
    ) -> Result<Vec<Losses>, String> {
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
        let mut compared = vec![
            ("losses", loss, tolerances.losses),
            ("divergence", divergence, tolerances.divergence),
            ("codes before", before, tolerances.codes_before),
            ("codes after", after, tolerances.codes_after),
            ("decoded", largest_off(&decoded, &self.numbers(&["decode", "float64"])), tolerances.decoded),
            ("gradients", gradients, tolerances.gradients),
        ];
        if let Some((which, expected)) = self.validation() {
            let found = block_on(trainer.evaluate(&test, which)).unwrap().total;
            compared.push(("validation", (found - expected).abs() / expected, tolerances.losses));
        }
        let found: Vec<_> = compared.iter().map(|(what, off, _)| format!("{what} {off:.1e}")).collect();
        let mut found = format!("{engine}, {}: {}", self.values["name"].as_str().unwrap(), found.join(", "));
        // Not a number is too far, too.
        let is_near = |&(_, off, tolerance): &(&str, f64, f64)| off < tolerance;
        let too_far: Vec<_> = compared.iter().filter(|it| !is_near(it)).map(|(what, ..)| *what).collect();
        if !too_far.is_empty() {
            found += &format!("; too far: {}", too_far.join(", "));
        }
        println!("{found}");
        if too_far.is_empty() { Ok(losses) } else { Err(found) }
    }

    /// The test images that are validated after the last step, and their loss, if the fixture has it.
    fn validation(&self) -> Option<(Range<usize>, f64)> {
        let validation = &self.values["float64"]["validation"];
        let index = |key: &str| validation[key].as_u64().map(|index| index as usize);
        Some((index("first")?..index("end")?, validation["loss"].as_f64()?))
    }

    /// How far losses and reconstructions of these first steps are off, and how far their divergences are.
    pub fn losses_off(&self, losses: &[Losses]) -> [f64; 2] {
        let off = |key: &str, of: fn(&Losses) -> f64| {
            let expected = self.numbers(&["float64", key]);
            let found = losses.iter().map(of);
            largest(found.zip(expected).map(|(found, exact)| (found - exact).abs() / exact))
        };
        let total = off("loss", |it| it.total);
        let reconstruction = off("reconstruction", |it| it.reconstruction);
        let divergence = match self.model.is_variational() {
            true => off("kl", |it| it.divergence.unwrap()),
            false => 0.0,
        };
        assert_eq!(losses[0].divergence.is_some(), self.model.is_variational());
        [largest([total, reconstruction]), divergence]
    }

    /// How far the codes of the first test images are off, relative to the largest of them.
    fn codes_off(&self, trainer: &mut impl Trainer, test: &latent_core::data::Images, key: &str) -> f64 {
        let off = |codes: &[f32], part: &str| {
            let expected = self.numbers(&["float64", key, part]);
            largest_off(codes, &expected) / largest(expected.iter().map(|code| code.abs()))
        };
        let codes = block_on(trainer.encode(test, 0..8)).unwrap();
        match block_on(trainer.log_variances(test, 0..8)).unwrap() {
            None => off(&codes, "code"),
            Some(log_variances) => largest([off(&codes, "z_mean"), off(&log_variances, "z_log_var")]),
        }
    }

    /// How far the gradients of the first step are off. They follow from Adam's first moment after it, which is a tenth of them.
    fn gradients_off(&self, progress: &Progress) -> f64 {
        let tenth = f64::from((1.0 - latent_core::training::adam::BETA_1) as f32);
        let mut off = Vec::new();
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
                off.push((found - expected(key)).abs() / (terms * expected("l2")));
            }
        }
        largest(off)
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

/// The bytes of a fixture's file, inflated where it is gzipped.
fn read(file: &str) -> Vec<u8> {
    let bytes = fs::read(path(&format!("tests/fixtures/models/{file}"))).unwrap();
    if !file.ends_with(".gz") {
        return bytes;
    }
    let mut inflated = Vec::new();
    GzDecoder::new(bytes.as_slice()).read_to_end(&mut inflated).unwrap();
    inflated
}

fn largest_off(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    largest(found.iter().zip(expected).map(|(&found, exact)| (f64::from(found) - exact).abs()))
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
        "dropout" => LayerSpec::Dropout { rate: layer["rate"].as_f64().unwrap() as f32 },
        "dense" => LayerSpec::Dense { units: number(layer, "out") },
        other => panic!("no layer is of the kind {other}"),
    };
    let corruption = &values["model"]["corruption"];
    let strength = |key: &str| corruption[key].as_f64().unwrap() as f32;
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
        corruption: match corruption["kind"].as_str() {
            None => Corruption::None,
            Some("gaussian") => Corruption::Gaussian { deviation: strength("deviation") },
            Some("masking") => Corruption::Masking { fraction: strength("fraction") },
            Some(other) => panic!("no corruption is of the kind {other}"),
        },
        ..ModelSpec::default()
    }
}
