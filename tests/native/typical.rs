//! The example of a class that a path begins with is one in which the class is seen.

use latent_core::{
    data::{DatasetId, Images},
    model::ModelSpec,
    plane::Cloud,
    pretrained::{Pretrained, PretrainedEncoder},
};
use latent_cpu::{CpuNetwork, Inference};
use latent_tests::{inflate_of, manifest_of};

/// Neighbours that say what a decoded image is taken for.
const NEIGHBOURS: usize = 15;

#[test]
fn what_is_decoded_at_the_example_of_a_digit_is_mostly_taken_for_that_digit() {
    let dataset = DatasetId::Mnist;
    let manifest = manifest_of(dataset);
    let decoder = Pretrained::parse(&inflate_of(dataset, &manifest.pretrained.unwrap())).unwrap();
    let encoder = inflate_of(dataset, &manifest.pretrained_encoder.unwrap());
    let mut weights = decoder.weights();
    PretrainedEncoder::parse(&encoder).unwrap().complete(&mut weights);
    let mut network = CpuNetwork::new(&ModelSpec::default(), &weights).unwrap();
    let cloud = Cloud { units: 2, labels: decoder.labels().to_vec(), codes: decoder.codes() };
    let mut right = Vec::new();
    for digit in 0..10 {
        let typical = cloud.most_typical(digit).unwrap();
        assert_eq!(cloud.labels[typical], digit);
        let mut decoded = Images::new(dataset.shape());
        let image = network.decode(&cloud.codes[2 * typical..2 * typical + 2]);
        let bytes: Vec<u8> =
            image.iter().map(|value| (255.0 * value.clamp(0.0, 1.0)).round() as u8).collect();
        decoded.append(&bytes).unwrap();
        let code = network.encode(&decoded, 0..1);
        let near = cloud.nearest(&code, NEIGHBOURS);
        let of_digit = near.iter().filter(|&&image| cloud.labels[image as usize] == digit).count();
        if 2 * of_digit > NEIGHBOURS {
            right.push(digit);
        }
    }
    // On two numbers 4 and 9 share a place, and so do 3, 5 and 8.
    assert!(right.len() >= 7 && right.contains(&7), "{right:?}");
}
