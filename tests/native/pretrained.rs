//! The pretrained decoder: the file that is served is sound, small, and what `make pretrained` makes.

use latent_core::{
    data::DatasetId,
    model::ModelSpec,
    plane::Plotted,
    pretrained::{COMPONENTS, Pretrained},
    weights::Weights,
};
use latent_tests::{images_of, inflate_of, manifest_of, pretrained_file as file, pretrained_loss as loss};
use proptest::prelude::*;

const PIXELS: usize = latent_core::data::mnist::PIXELS;

#[test]
fn pretrained_decoders_are_small_and_draw_the_first_test_images_from_their_codes() {
    for (dataset, losses) in [(DatasetId::Mnist, 0.040..0.048), (DatasetId::FashionMnist, 0.020..0.032)] {
        let manifest = manifest_of(dataset);
        let entry = manifest.pretrained.unwrap();
        assert!(entry.bytes_gzip < 40_000, "{} bytes", entry.bytes_gzip);
        let count = Plotted::Sample.count(dataset);
        let pretrained = Pretrained::parse(&inflate_of(dataset, &entry)).unwrap();
        assert_eq!((entry.count, pretrained.labels().len()), (count, count));
        assert_eq!(pretrained.labels(), &inflate_of(dataset, &manifest.test_labels)[..count]);
        let loss = loss(&pretrained, &images_of(dataset, "test", 2));
        assert!(losses.contains(&loss), "{loss}");
    }
}

/// Parts of a decoder: the tutorial's initial weights, and as many components, codes and labels as they should be.
fn parts() -> (Weights, Vec<f32>, Vec<f32>, Vec<f32>, Vec<u8>) {
    let numbers = |count: usize| (0..count).map(|at| (at as f32).sin()).collect();
    let weights = Weights::initial(&ModelSpec::default(), 5);
    (weights, numbers(COMPONENTS * 300), numbers(COMPONENTS * PIXELS), vec![1.0, -2.0, 0.25, 8.0], vec![9, 3])
}

#[test]
fn a_decoder_is_rounded_once_and_then_stays_as_it_is() {
    let file = file();
    assert_eq!(Pretrained::parse(&file).unwrap().to_bytes(), file);

    let (weights, columns, rows, codes, labels) = parts();
    let made = Pretrained::new(&weights, &columns, &rows, &codes, labels.clone()).unwrap();
    let parsed = Pretrained::parse(&made.to_bytes()).unwrap();
    assert_eq!(parsed, made);
    assert_eq!(parsed.labels(), labels);
    assert!(parsed.codes().iter().zip(&codes).all(|(a, b)| (a - b).abs() < 0.001));
    let tensors = parsed.weights().tensors;
    assert_eq!((&tensors[4..6], &tensors[7]), (&weights.tensors[4..6], &weights.tensors[7]));
    assert!(tensors[..4].iter().all(|tensor| tensor.values.iter().all(|&weight| weight == 0.0)));
    // A weight is the sum of 16 products of numbers up to 1, each off by half a step of 1/127 at most.
    for (hidden, pixel) in [(0, 0), (7, 400), (299, 783)] {
        let exact: f32 =
            (0..COMPONENTS).map(|at| columns[at * 300 + hidden] * rows[at * PIXELS + pixel]).sum();
        assert!((tensors[6].values[hidden * PIXELS + pixel] - exact).abs() < 16.0 * 1.01 / 127.0);
    }
}

#[test]
fn what_is_no_sound_decoder_is_neither_made_nor_read() {
    type Parts = (Weights, Vec<f32>, Vec<f32>, Vec<f32>, Vec<u8>);
    let spoil: [fn(&mut Parts); 7] = [
        |it| it.4[1] = 10,
        |it| it.4.truncate(1),
        |it| it.3[2] = f32::INFINITY,
        |it| it.1[7] = f32::INFINITY,
        |it| it.2.truncate(4 * PIXELS),
        |it| it.0.tensors[7].values[0] = f32::INFINITY,
        |it| it.0.tensors.truncate(6),
    ];
    for (at, spoil) in spoil.into_iter().enumerate() {
        let mut it = parts();
        spoil(&mut it);
        assert!(Pretrained::new(&it.0, &it.1, &it.2, &it.3, it.4).is_err(), "{at}");
    }
    let mut label = file();
    *label.last_mut().unwrap() = 10;
    assert!(Pretrained::parse(&label).is_err());
    let [file, longer] = [file(), [file(), file()].concat()];
    for bytes in [&b"<!DOCTYPE html>"[..], &file[1..], &file[..file.len() - 1], &longer] {
        let refusal = Pretrained::parse(bytes).unwrap_err().to_string();
        assert_eq!(refusal, format!("a pretrained network does not have {} bytes", bytes.len()));
    }
}

proptest! {
    #[test]
    fn any_spoiled_file_is_read_or_refused(at in 0usize..52_000, byte: u8, end: usize) {
        let mut file = file();
        let at = at % file.len();
        file[at] = byte;
        let _ = Pretrained::parse(&file);
        let _ = Pretrained::parse(&file[..end % file.len()]);
    }
}
