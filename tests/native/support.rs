//! What several tests need: images from the shards, and the figures that Keras gave.

use flate2::read::GzDecoder;
use latent_playground::{
    data::Images,
    network::{Dense, Weights},
    settings::Architecture,
};
use serde_json::Value;
use std::{fs, io::Read, path::PathBuf};

/// A path in the repository.
pub(crate) fn path(of: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(of)
}

/// The first so many thousand images of a set (`train` or `test`).
pub(crate) fn images(set: &str, thousands: usize) -> Images {
    let mut images = Images::default();
    let mut shards = 0..;
    while let (true, Some(shard)) = (images.len() < 1_000 * thousands, shards.next()) {
        let path = path(&format!("public/mnist/{set}-images-{shard:03}.gz"));
        let mut pixels = Vec::new();
        GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut pixels).unwrap();
        images.append(&pixels);
    }
    images
}

/// Batches of `size` images in file order.
pub(crate) fn batches(steps: std::ops::Range<u32>, size: u32) -> Vec<Vec<u32>> {
    steps.map(|step| (step * size..(step + 1) * size).collect()).collect()
}

/// What Keras computed from given weights in twenty steps (tests/fixtures/keras).
pub(crate) struct Keras(Value);

impl Keras {
    pub(crate) fn read() -> Self {
        let json = fs::read(path("tests/fixtures/keras/fixture.json")).unwrap();
        Self(serde_json::from_slice(&json).unwrap())
    }

    /// The numbers under a key, flattened.
    pub(crate) fn numbers(&self, key: &str) -> Vec<f32> {
        fn flat(value: &Value) -> Vec<f32> {
            match value {
                Value::Array(values) => values.iter().flat_map(flat).collect(),
                number => vec![number.as_f64().unwrap() as f32],
            }
        }
        flat(&self.0[key])
    }

    /// The weights that it started from.
    pub(crate) fn weights() -> Weights {
        let file = fs::read(path("tests/fixtures/keras/weights.safetensors")).unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&file).unwrap();
        let values = |name: String| bytemuck::pod_collect_to_vec(tensors.tensor(&name).unwrap().data());
        let layers = Architecture::default().layers().into_iter().map(|layer| Dense {
            kernel: values(format!("{}.kernel", layer.name)),
            bias: values(format!("{}.bias", layer.name)),
            name: layer.name,
        });
        Weights { layers: layers.collect() }
    }
}

/// The largest distance between numbers in the same place.
pub(crate) fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}
