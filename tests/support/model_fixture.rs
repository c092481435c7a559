//! Parity with an independent float64 computation: from the same weights, the same steps on the same images
//! (`tests/fixtures/models`).

use crate::{batches, images, largest_difference, path, totals};
use flate2::read::GzDecoder;
use latent_core::{
    model::{Activation, Latent, Loss, ModelSpec},
    training::{Progress, Trainer},
    weights::{Dense, Weights},
};
use pollster::block_on;
use serde_json::Value;
use std::{fs, io::Read};

/// A model of the fixtures, and what must come out.
pub struct ModelFixture {
    /// The model.
    pub model: ModelSpec,
    values: Value,
}

/// How far an engine may be from float64: losses relative, the others absolute. `gradients` is in units of a tensor's
/// Euclidean norm.
#[derive(Clone, Copy, Debug)]
pub struct Tolerances {
    /// Of each step's loss.
    pub losses: f32,
    /// Of codes before the first step.
    pub codes_before: f32,
    /// Of codes after the last step.
    pub codes_after: f32,
    /// Of decoded pixels after the last step.
    pub decoded: f32,
    /// Of the gradients at the first step.
    pub gradients: f64,
}

impl ModelFixture {
    /// The models with dense layers, tanh, and binary cross-entropy behind a sigmoid. They start from the same weights.
    pub const DENSE_BCE: [&str; 2] = ["dense-bce", "dense-bce-linear-code"];

    /// Reads a fixture.
    pub fn read(name: &str) -> Self {
        let json = fs::read(path(&format!("tests/fixtures/models/{name}.json"))).unwrap();
        let values: Value = serde_json::from_slice(&json).unwrap();
        let layers = |half: &str| values["model"][half].as_array().unwrap().clone();
        let activation =
            |layer: &Value| Activation::from_name(layer["activation"].as_str().unwrap()).unwrap();
        let units = |layer: &Value| layer["out"].as_u64().unwrap() as usize;
        let (encoder, decoder) = (layers("encoder"), layers("decoder"));
        let model = ModelSpec {
            activation: activation(&encoder[0]),
            latent: Latent { units: units(&encoder[1]), activation: Some(activation(&encoder[1])) },
            output: activation(&decoder[1]),
            loss: Loss::from_name(values["loss"]["kind"].as_str().unwrap()).unwrap(),
            ..ModelSpec::dense(&[units(&encoder[0])], 2, 0.3)
        };
        Self { model, values }
    }

    /// The weights that it starts from.
    pub fn start(&self) -> Progress {
        let file = fs::File::open(path("tests/fixtures/models/dense-bce.safetensors.gz")).unwrap();
        let mut bytes = Vec::new();
        GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let values = |name: String| bytemuck::pod_collect_to_vec(tensors.tensor(&name).unwrap().data());
        let layers = self.model.layers().into_iter().map(|layer| Dense {
            kernel: values(format!("{}.kernel", layer.name)),
            bias: values(format!("{}.bias", layer.name)),
            name: layer.name,
        });
        Progress::with_weights(&self.model, Weights { layers: layers.collect() })
    }

    /// Trains the fixture's steps and compares everything that it says of them. Gives the losses.
    pub fn check(&self, mut trainer: impl Trainer, tolerances: Tolerances, engine: &str) -> Vec<f32> {
        let (training, test) = (images("train", 6), images("test", 1));
        let codes_off =
            |codes: &[f32], key| largest_difference(codes, &self.numbers(&["float64", key, "code"]));
        let before = codes_off(&block_on(trainer.encode(&test, 0..8)).unwrap(), "codes_before");
        let batches = batches(0..20, 256);
        let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
        let mut losses = totals(&block_on(trainer.train(&training, &batches[..1], 0.0005)).unwrap());
        let gradients = self.gradients_off(&block_on(trainer.progress()).unwrap());
        losses.extend(totals(&block_on(trainer.train(&training, &batches[1..], 0.0005)).unwrap()));
        let expected = self.numbers(&["float64", "loss"]);
        assert_eq!(losses.len(), expected.len());
        let relative = losses.iter().zip(expected).map(|(loss, exact)| (loss - exact).abs() / exact);
        let loss = relative.fold(0.0, f32::max);
        let after = codes_off(&block_on(trainer.encode(&test, 0..8)).unwrap(), "codes_after");
        let decoded = block_on(trainer.decode(&self.numbers(&["decode", "codes"]))).unwrap();
        let decoded = largest_difference(&decoded, &self.numbers(&["decode", "float64"]));
        let name = self.values["name"].as_str().unwrap();
        let found = format!(
            "{engine}, {name}: losses {loss:.1e}, codes {before:.1e} and {after:.1e}, decoded {decoded:.1e}, \
             gradients {gradients:.1e}"
        );
        println!("{found}");
        let is_near = loss < tolerances.losses
            && before < tolerances.codes_before
            && after < tolerances.codes_after
            && decoded < tolerances.decoded
            && gradients < tolerances.gradients;
        assert!(is_near, "{found}");
        losses
    }

    /// How far the gradients of the first step are off. They follow from Adam's first moment after it, which is a tenth of them.
    fn gradients_off(&self, progress: &Progress) -> f64 {
        let tenth = f64::from((1.0 - latent_core::training::adam::BETA_1) as f32);
        let mut worst = 0.0f64;
        for layer in &progress.first_moment.layers {
            for (part, moments) in [("kernel", &layer.kernel), ("bias", &layer.bias)] {
                let expected =
                    &self.values["to_find_a_mistake"]["gradients_step1"][format!("{}.{part}", layer.name)];
                let expected = |key: &str| expected[key].as_f64().unwrap();
                let gradient = || moments.iter().map(|&m| f64::from(m) / tenth);
                let sum = gradient().sum::<f64>();
                let l2 = gradient().map(|g| g * g).sum::<f64>().sqrt();
                let places = (1..).map(|place| f64::from(place) / moments.len() as f64);
                let moment = gradient().zip(places).map(|(g, place)| g * place).sum::<f64>();
                // Sums are of as many terms as the tensor has: their errors add up as a random walk does.
                let walk = (moments.len() as f64).sqrt();
                for (found, key, terms) in [(sum, "sum", walk), (l2, "l2", 1.0), (moment, "moment", walk)] {
                    worst = worst.max((found - expected(key)).abs() / (terms * expected("l2")));
                }
            }
        }
        worst
    }

    /// The numbers under a path of keys, flattened.
    fn numbers(&self, keys: &[&str]) -> Vec<f32> {
        fn flat(value: &Value) -> Vec<f32> {
            match value {
                Value::Array(values) => values.iter().flat_map(flat).collect(),
                number => vec![number.as_f64().unwrap() as f32],
            }
        }
        flat(keys.iter().fold(&self.values, |value, key| &value[key]))
    }
}
