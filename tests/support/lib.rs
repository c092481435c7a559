//! What several tests need: images from the shards, and the figures that Keras gave.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

pub mod model_fixture;
pub mod plain;
pub mod sample_models;

use flate2::read::GzDecoder;
use latent_core::{
    data::{DatasetId, Images, manifest::Manifest, shard::Shard},
    model::ModelSpec,
    plane::Range,
    pretrained::{Pretrained, PretrainedEncoder},
    training::Losses,
    weights::{Tensor, Weights, tensor_shapes},
};
use latent_cpu::{CpuNetwork, Inference};
use serde_json::Value;
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

/// A path in the repository.
pub fn path(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(of)
}

/// The first so many thousand images of a set of MNIST (`train` or `test`).
pub fn images(set: &str, thousands: usize) -> Images {
    images_of(DatasetId::Mnist, set, thousands)
}

/// The first so many thousand images of a set of a data set.
pub fn images_of(dataset: DatasetId, set: &str, thousands: usize) -> Images {
    let mut images = Images::new(dataset.shape());
    let mut shards = 0..;
    while let (true, Some(shard)) = (images.len() < 1_000 * thousands, shards.next()) {
        let path = folder(dataset).join(format!("{set}-images-{shard:03}.gz"));
        let mut pixels = Vec::new();
        GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut pixels).unwrap();
        images.append(&pixels).unwrap();
    }
    images
}

/// Batches of `size` images in file order.
pub fn batches(steps: std::ops::Range<u32>, size: u32) -> Vec<Vec<u32>> {
    steps.map(|step| (step * size..(step + 1) * size).collect()).collect()
}

/// What Keras computed from given weights in twenty steps (tests/fixtures/keras).
pub struct Keras(Value);

impl Keras {
    /// The figures of the fixture.
    pub fn read() -> Self {
        let json = fs::read(path("tests/fixtures/keras/fixture.json")).unwrap();
        Self(serde_json::from_slice(&json).unwrap())
    }

    /// The numbers under a key, flattened.
    pub fn numbers(&self, key: &str) -> Vec<f32> {
        fn flat(value: &Value) -> Vec<f32> {
            match value {
                Value::Array(values) => values.iter().flat_map(flat).collect(),
                number => vec![number.as_f64().unwrap() as f32],
            }
        }
        flat(&self.0[key])
    }

    /// The weights that it started from.
    pub fn weights() -> Weights {
        let file = fs::read(path("tests/fixtures/keras/weights.safetensors")).unwrap();
        read_weights(&file, &ModelSpec::default())
    }
}

/// A model's weights from a safetensors file.
pub fn read_weights(file: &[u8], model: &ModelSpec) -> Weights {
    let file = safetensors::SafeTensors::deserialize(file).unwrap();
    let tensor = |(name, shape): (String, Vec<usize>)| {
        let found = file.tensor(&name).unwrap();
        assert_eq!(found.shape(), shape, "{name}");
        Tensor { values: bytemuck::pod_collect_to_vec(found.data()), shape, name }
    };
    Weights { tensors: tensor_shapes(model).map(tensor).collect() }
}

/// The total losses of these steps.
pub fn totals(losses: &[Losses]) -> Vec<f32> {
    losses.iter().map(|losses| losses.total as f32).collect()
}

/// The largest distance between numbers in the same place.
pub fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    largest(a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs()))) as f32
}

/// The largest of some distances. It is NaN if one of them is, so that no tolerance allows it; `f64::max` ignores NaN.
pub fn largest(distances: impl IntoIterator<Item = f64>) -> f64 {
    let larger = |a: f64, b: f64| if a.is_nan() || b <= a { a } else { b };
    distances.into_iter().fold(0.0, larger)
}

/// The inflated bytes of a file of MNIST, which are what the manifest says.
pub fn inflate(shard: &Shard) -> Vec<u8> {
    inflate_of(DatasetId::Mnist, shard)
}

/// The inflated bytes of a file of a data set, which are what the manifest says.
pub fn inflate_of(dataset: DatasetId, shard: &Shard) -> Vec<u8> {
    let packed = fs::read(folder(dataset).join(&shard.file)).unwrap();
    assert_eq!(packed.len(), shard.bytes_gzip, "{}", shard.file);
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    shard.verify(&bytes).unwrap();
    bytes
}

/// The manifest of MNIST.
pub fn manifest() -> Manifest {
    manifest_of(DatasetId::Mnist)
}

/// The manifest of a data set.
pub fn manifest_of(dataset: DatasetId) -> Manifest {
    Manifest::parse(&fs::read(folder(dataset).join(Manifest::FILE)).unwrap()).unwrap()
}

fn folder(dataset: DatasetId) -> PathBuf {
    path("public").join(dataset.name())
}

/// The file that is served.
pub fn pretrained_file() -> Vec<u8> {
    inflate(&manifest().pretrained.unwrap())
}

/// The encoder that is served.
pub fn pretrained_encoder_file() -> Vec<u8> {
    inflate(&manifest().pretrained_encoder.unwrap())
}

/// The mean squared error of what a decoder makes of its digits' codes.
pub fn pretrained_loss(pretrained: &Pretrained, images: &Images) -> f64 {
    let mut network = CpuNetwork::new(&ModelSpec::default(), &pretrained.weights()).unwrap();
    let copies = network.decode(&pretrained.codes());
    assert_eq!(copies.len(), images.pixels().len());
    let errors = copies.iter().zip(images.pixels()).map(|(copy, &pixel)| copy - f32::from(pixel) / 255.0);
    errors.map(|error| f64::from(error * error)).sum::<f64>() / copies.len() as f64
}

/// How far the codes of an encoder are from those that came with a decoder at most, in shares of the width of the plane.
pub fn pretrained_codes_moved(decoder: &[u8], encoder: &[u8], images: &Images) -> f32 {
    let decoder = Pretrained::parse(decoder).unwrap();
    let mut weights = decoder.weights();
    PretrainedEncoder::parse(encoder).unwrap().complete(&mut weights);
    let mut network = CpuNetwork::new(&ModelSpec::default(), &weights).unwrap();
    let (codes, known) = (network.encode(images, 0..images.len()), decoder.codes());
    assert_eq!(codes.len(), known.len());
    let pairs = codes.chunks_exact(2).zip(known.chunks_exact(2));
    let distances = pairs.map(|(a, b)| f64::from((a[0] - b[0]).hypot(a[1] - b[1])));
    largest(distances) as f32 / (2.0 * Range::fitting(&known).unwrap().radius)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_distance_that_is_no_number_is_the_largest() {
        assert_eq!(super::largest([1.0, 3.0, 2.0]), 3.0);
        assert!(super::largest([1.0, f64::NAN, 2.0]).is_nan());
        assert!(super::largest_difference(&[f32::NAN, 0.0], &[0.0; 2]).is_nan());
    }
}
