//! The original MNIST files.
#![no_main]

use latent_core::{data::idx, settings::PIXELS};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    if let Ok(pixels) = idx::images(file) {
        assert_eq!(pixels.len() % PIXELS, 0);
    }
    let _ = idx::labels(file);
});
