//! The files of the pretrained decoder and encoder, made smaller for the fuzzer: its weights are zeros but for the input's start.
#![no_main]

use latent_core::{
    model::ModelSpec,
    pretrained::{COMPONENTS, Pretrained, PretrainedEncoder},
    weights::Weights,
};
use libfuzzer_sys::fuzz_target;

/// Bytes of the weights, behind which digits follow.
const WEIGHTS: usize = 4 * (2 * 300 + 300 + 784 + 2 * COMPONENTS + 2) + COMPONENTS * (300 + 784);

fuzz_target!(|input: &[u8]| {
    let _ = Pretrained::parse(input);
    let (start, end) = input.split_at(input.len() / 2);
    let mut file = vec![0; WEIGHTS];
    file[..start.len().min(WEIGHTS)].copy_from_slice(&start[..start.len().min(WEIGHTS)]);
    file.extend(end);
    if let Ok(pretrained) = Pretrained::parse(&file) {
        assert_eq!(pretrained.codes().len(), 2 * pretrained.labels().len());
        assert!(pretrained.weights().values().all(f32::is_finite));
    }
    let mut file = vec![0; PretrainedEncoder::bytes()];
    file[..input.len().min(4_000)].copy_from_slice(&input[..input.len().min(4_000)]);
    if let Ok(encoder) = PretrainedEncoder::parse(&file) {
        let mut weights = Weights::zeros(&ModelSpec::default());
        encoder.complete(&mut weights);
        assert!(weights.values().all(f32::is_finite));
    }
});
