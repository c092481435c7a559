//! The pretrained decoder: the file that is served is sound, small, and what `make pretrained` makes.

use crate::{
    mnist_files::{inflate, manifest},
    support::images,
};
use latent_playground::{
    data::Images,
    kernels::cpu::CpuNetwork,
    network::{Weights, pretrained::Pretrained},
    plane::Plotted,
    settings::{Architecture, PIXELS},
};
use proptest::prelude::*;

/// The file that is served.
pub(crate) fn file() -> Vec<u8> {
    inflate(&manifest().pretrained.unwrap())
}

/// The mean squared error of what a decoder makes of its digits' codes.
fn loss(pretrained: &Pretrained, images: &Images) -> f64 {
    let copies =
        CpuNetwork::new(&Architecture::default(), &pretrained.weights).unwrap().decode(&pretrained.codes);
    assert_eq!(copies.len(), images.len() * PIXELS);
    let errors = copies.iter().zip(images.pixels()).map(|(copy, &pixel)| copy - f32::from(pixel) / 255.0);
    errors.map(|error| f64::from(error * error)).sum::<f64>() / copies.len() as f64
}

#[test]
fn the_pretrained_decoder_is_small_and_draws_the_first_test_digits_from_their_codes() {
    let entry = manifest().pretrained.unwrap();
    assert!(entry.bytes_gzip < 210_000, "{} bytes", entry.bytes_gzip);
    let count = Plotted::Sample.count();
    let pretrained = Pretrained::parse(&file()).unwrap();
    assert_eq!((entry.count, pretrained.labels.len()), (count, count));
    assert_eq!(pretrained.labels, inflate(&manifest().test_labels)[..count]);
    let loss = loss(&pretrained, &images("test", 2));
    assert!((0.040..0.048).contains(&loss), "{loss}");
}

#[test]
fn a_decoder_is_rounded_once_and_then_stays_as_it_is() {
    let file = file();
    let pretrained = Pretrained::parse(&file).unwrap();
    assert_eq!(pretrained.to_bytes().unwrap(), file);

    let weights = Weights::initial(&Architecture::default(), 5);
    let decoder = Pretrained { weights: weights.clone(), codes: vec![1.0, -2.0], labels: vec![9] };
    let parsed = Pretrained::parse(&decoder.to_bytes().unwrap()).unwrap();
    assert_eq!((&parsed.codes, &parsed.labels), (&decoder.codes, &decoder.labels));
    assert_eq!(parsed.weights.layers[2], weights.layers[2]);
    let [kernel, exact] = [&parsed.weights, &weights].map(|weights| &weights.layers[3].kernel);
    let largest = exact.iter().fold(0f32, |largest, weight| largest.max(weight.abs()));
    assert!(kernel.iter().zip(exact).all(|(a, b)| (a - b).abs() < 0.501 * largest / 127.0));
}

#[test]
fn what_is_no_sound_decoder_is_neither_written_nor_read() {
    let sound = Pretrained::parse(&file()).unwrap();
    let spoil: [fn(&mut Pretrained); 5] = [
        |it| it.labels[3] = 10,
        |it| it.labels.truncate(1_999),
        |it| it.codes[7] = f32::NAN,
        |it| it.weights.layers[3].bias[0] = f32::INFINITY,
        |it| it.weights.layers.truncate(3),
    ];
    for spoil in spoil {
        let mut spoiled = sound.clone();
        spoil(&mut spoiled);
        assert!(spoiled.to_bytes().is_err());
    }
    let [file, longer] = [file(), [file(), file()].concat()];
    for bytes in [&b"<!DOCTYPE html>"[..], &file[1..], &file[..file.len() - 1], &longer] {
        let refusal = Pretrained::parse(bytes).unwrap_err().to_string();
        assert_eq!(refusal, format!("a pretrained decoder does not have {} bytes", bytes.len()));
    }
}

proptest! {
    #[test]
    fn any_spoiled_file_is_read_or_refused(at in 0usize..261_000, byte: u8, end: usize) {
        let mut file = file();
        let at = at % file.len();
        file[at] = byte;
        let _ = Pretrained::parse(&file);
        let _ = Pretrained::parse(&file[..end % file.len()]);
    }
}

/// Trains for a minute or more. The kernels' vectors differ from machine to machine, and with them the last bits of
/// every number, which twenty epochs make something of: so it is asked that the error be the same, not the file.
#[test]
#[ignore = "`make test-pretrained` runs it, in release mode"]
#[cfg(feature = "headless")]
fn the_pretrained_decoder_is_what_make_pretrained_makes() {
    use crate::headless::{folder, told};

    let folder = folder("pretrained");
    let [model, out] = ["model", "decoder"].map(|name| folder.join(name).display().to_string());
    // The Makefile's command.
    told(&["train", "--seed", "3", "--json", "--out", &model]);
    told(&["pack-pretrained", &model, "--out", &out]);
    let again = std::fs::read(&out).unwrap();
    let images = images("test", 2);
    let [served, made] = [&file(), &again].map(|file| loss(&Pretrained::parse(file).unwrap(), &images));
    let is_same = if again == file() { "the same file" } else { "another file" };
    println!("{is_same}: mean squared error {served:.6} as served, {made:.6} as made now");
    assert!((served - made).abs() < 0.001, "{served} {made}");
}
