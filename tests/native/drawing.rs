//! Drawings: pictures of test images lie where the images' dots are, by the network that draws before any training.

use latent_core::{
    data::{DatasetId, Images},
    model::ModelSpec,
    plane::Range,
    pretrained::{Pretrained, PretrainedEncoder},
};
use latent_cpu::{CpuNetwork, Inference};
use latent_import::OnePicture;
use latent_tests::{images_of, inflate_of, manifest_of, pretrained_codes_moved};

/// Images that are drawn.
const DRAWN: usize = 100;
/// Pixels for each of an image.
const ENLARGED: usize = 10;

/// The pretrained network of a data set, and the codes of its first test images.
fn pretrained(dataset: DatasetId) -> (CpuNetwork, Vec<f32>) {
    let manifest = manifest_of(dataset);
    let decoder = Pretrained::parse(&inflate_of(dataset, &manifest.pretrained.unwrap())).unwrap();
    let encoder = inflate_of(dataset, &manifest.pretrained_encoder.unwrap());
    let mut weights = decoder.weights();
    PretrainedEncoder::parse(&encoder).unwrap().complete(&mut weights);
    (CpuNetwork::new(&ModelSpec::default(), &weights).unwrap(), decoder.codes())
}

/// The distances of codes in percent of the width of the plane that shows the sample.
fn percent_of_width(codes: &[f32], dots: &[f32], sample: &[f32]) -> Vec<f32> {
    let width = 2.0 * Range::fitting(sample).unwrap().radius;
    let pairs = codes.chunks_exact(2).zip(dots.chunks_exact(2));
    pairs.map(|(a, b)| 100.0 * (a[0] - b[0]).hypot(a[1] - b[1]) / width).collect()
}

/// A grey PNG file of an image, each pixel `ENLARGED` times as large, as `value` makes it.
fn picture(image: &[u8], side: usize, value: impl Fn(u8) -> u8) -> Vec<u8> {
    let at = |place: usize| {
        value(image[place / (side * ENLARGED) / ENLARGED * side + place % (side * ENLARGED) / ENLARGED])
    };
    let values: Vec<u8> = (0..image.len() * ENLARGED * ENLARGED).map(at).collect();
    let mut file = Vec::new();
    let size = (side * ENLARGED) as u32;
    let mut encoder = png::Encoder::new(&mut file, size, size);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&values).unwrap();
    file
}

/// The first test images, drawn from pictures.
fn drawn(dataset: DatasetId, value: impl Fn(u8) -> u8) -> (Images, Images) {
    let test = images_of(dataset, "test", 1);
    let mut drawn = Images::new(dataset.shape());
    for image in 0..DRAWN {
        let file = picture(test.get(image), dataset.shape().width, &value);
        drawn.append(&OnePicture::read(&file).unwrap().placed(dataset).unwrap()).unwrap();
    }
    (test, drawn)
}

#[test]
fn an_enlarged_test_image_is_drawn_as_it_is() {
    let (test, drawn) = drawn(DatasetId::Mnist, |value| value);
    let same = (0..DRAWN).filter(|&image| test.get(image) == drawn.get(image)).count();
    assert!(same >= 99, "{same}");
}

#[test]
fn of_a_hundred_pictures_of_test_images_95_lie_within_two_percent_of_their_dots() {
    for (dataset, name, value) in [
        (DatasetId::Mnist, "white on black", (|value| value) as fn(u8) -> u8),
        (DatasetId::Mnist, "black on white", |value| 255 - value),
        (DatasetId::Mnist, "pencil on grey paper", |value| 210 - value / 2),
    ] {
        let (mut network, sample) = pretrained(dataset);
        let (_, drawn) = drawn(dataset, value);
        let codes = network.encode(&drawn, 0..DRAWN);
        let distances = percent_of_width(&codes, &sample, &sample);
        let near = distances.iter().filter(|distance| **distance <= 2.0).count();
        println!("{} {name}: {near} of {DRAWN} within 2 %", dataset.title());
        assert!(near >= 95, "{} {name}: {near}, {distances:?}", dataset.title());
    }
}

#[test]
fn a_rounded_encoder_moves_no_dot_by_a_hundredth_of_the_width_and_is_small() {
    for dataset in [DatasetId::Mnist, DatasetId::FashionMnist] {
        let entry = manifest_of(dataset).pretrained_encoder.unwrap();
        assert!(entry.bytes_gzip <= 300_000, "{}", entry.bytes_gzip);
        assert_eq!(entry.bytes, PretrainedEncoder::bytes());
        let decoder = inflate_of(dataset, &manifest_of(dataset).pretrained.unwrap());
        let moved =
            pretrained_codes_moved(&decoder, &inflate_of(dataset, &entry), &images_of(dataset, "test", 2));
        let most = 100.0 * moved;
        println!("{}: {most:.3} % of the width at most", dataset.title());
        assert!(most < 0.5, "{most}");
    }
}
