//! The data set's manifest. What is taken must be sound however its numbers are added up.
#![no_main]

use latent_core::data::manifest::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(manifest) = Manifest::parse(text) {
        for shard in manifest.train_images.iter().chain(&manifest.test_images) {
            assert_eq!(shard.bytes, shard.count * manifest.dataset.shape.values());
            assert!(!shard.file.contains(['/', ':', '%', '?', '#']));
        }
    }
});
