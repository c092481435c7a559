//! The original MNIST files.
#![no_main]

use latent_core::data::{idx, mnist::SHAPE};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    if let Ok(pixels) = idx::images(file, SHAPE) {
        assert_eq!(pixels.len() % SHAPE.values(), 0);
    }
    let _ = idx::labels(file);
});
