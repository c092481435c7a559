//! Parity with an independent float64 computation of dense models with tanh, sigmoid and binary cross-entropy: from the
//! same weights, twenty steps on the same images (`tests/fixtures/models`).

use flate2::read::GzDecoder;
use latent_burn::BurnTrainer;
use latent_core::{
    model::{Activation, Loss, ModelSpec},
    training::{Progress, Trainer},
    weights::{Dense, Weights},
};
use latent_tests::{batches, images, largest_difference, path, totals};
use pollster::block_on;
use serde_json::Value;
use std::{fs, io::Read};

/// The models of the fixtures: both start from the same weights.
const MODELS: [&str; 2] = ["dense-bce", "dense-bce-linear-code"];
/// Tolerances against float64: losses relative, codes and decoded pixels absolute.
const LOSS: f32 = 1e-4;
const CODES_BEFORE: f32 = 1e-5;
const CODES_AFTER: f32 = 2e-3;
const DECODED: f32 = 1e-4;

/// What a fixture says.
struct Fixture {
    model: ModelSpec,
    values: Value,
}

impl Fixture {
    fn read(name: &str) -> Self {
        let json = fs::read(path(&format!("tests/fixtures/models/{name}.json"))).unwrap();
        let values: Value = serde_json::from_slice(&json).unwrap();
        let layers = |half: &str| values["model"][half].as_array().unwrap().clone();
        let activation =
            |layer: &Value| Activation::from_name(layer["activation"].as_str().unwrap()).unwrap();
        let (encoder, decoder) = (layers("encoder"), layers("decoder"));
        let mut model = ModelSpec::dense(&[encoder[0]["out"].as_u64().unwrap() as usize], 2, 0.3);
        model.activation = activation(&encoder[0]);
        model.latent.activation = Some(activation(&encoder[1]));
        model.output = activation(&decoder[1]);
        model.loss = Loss::from_name(values["loss"]["kind"].as_str().unwrap()).unwrap();
        Self { model, values }
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

    /// The weights that it starts from.
    fn start(&self) -> Progress {
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

    /// Trains the fixture's steps and compares everything that it gives for them.
    fn check(&self, mut trainer: impl Trainer, engine: &str) {
        let (training, test) = (images("train", 6), images("test", 1));
        let codes_off =
            |codes: &[f32], key| largest_difference(codes, &self.numbers(&["float64", key, "code"]));
        let before = codes_off(&block_on(trainer.encode(&test, 0..8)).unwrap(), "codes_before");
        let batches = batches(0..20, 256);
        let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
        let losses = totals(&block_on(trainer.train(&training, &batches, 0.0005)).unwrap());
        let expected = self.numbers(&["float64", "loss"]);
        assert_eq!(losses.len(), expected.len());
        let relative = losses.iter().zip(expected).map(|(loss, due)| (loss - due).abs() / due);
        let loss = relative.fold(0.0, f32::max);
        let after = codes_off(&block_on(trainer.encode(&test, 0..8)).unwrap(), "codes_after");
        let decoded = block_on(trainer.decode(&self.numbers(&["decode", "codes"]))).unwrap();
        let decoded = largest_difference(&decoded, &self.numbers(&["decode", "float64"]));
        let what = self.values["name"].as_str().unwrap();
        let found = format!(
            "{engine}, {what}: losses {loss:.1e}, codes {before:.1e} and {after:.1e}, decoded {decoded:.1e}"
        );
        println!("{found}");
        let is_near = loss < LOSS && before < CODES_BEFORE && after < CODES_AFTER && decoded < DECODED;
        assert!(is_near, "{found}");
    }
}

#[cfg(feature = "flex")]
#[test]
fn burn_agrees_on_the_cpu() {
    for fixture in MODELS.map(Fixture::read) {
        let trainer = BurnTrainer::on(&latent_burn::flex_device(), &fixture.model, &fixture.start()).unwrap();
        fixture.check(trainer, "Burn, flex");
    }
}

#[cfg(feature = "wgpu")]
#[test]
fn burn_agrees_on_the_gpu() {
    crate::gpu::on_gpu(|gpu| {
        for fixture in MODELS.map(Fixture::read) {
            let trainer = BurnTrainer::on(&gpu.device, &fixture.model, &fixture.start()).unwrap();
            fixture.check(trainer, "Burn, wgpu");
        }
    });
}

#[cfg(feature = "wgpu")]
#[test]
fn the_gpu_engine_agrees() {
    use latent_worker::gpu::GpuTrainer;
    crate::gpu::on_gpu(|gpu| {
        for fixture in MODELS.map(Fixture::read) {
            let trainer = block_on(GpuTrainer::on(gpu, &fixture.model, &fixture.start())).unwrap();
            assert_eq!(trainer.to_string(), "own compute passes");
            fixture.check(trainer, "own passes, wgpu");
        }
    });
}
