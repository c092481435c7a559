//! Model files. What is taken must be finite, and survive being written and read again.
#![no_main]

use latent_core::training::checkpoint::Checkpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    if let Ok(checkpoint) = Checkpoint::parse(file) {
        assert!(checkpoint.progress.weights.values().all(f32::is_finite));
        let again = checkpoint.to_bytes().expect("what was read can be written");
        assert_eq!(Checkpoint::parse(&again).expect("and read again"), checkpoint);
    }
});
