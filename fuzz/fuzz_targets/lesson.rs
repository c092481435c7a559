//! A file of lessons. Whatever is read has valid settings, and a step that can be asked for.
#![no_main]

use latent_core::lesson::{Progress, Walk, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let progress = Progress::parse(text);
    for lesson in parse(text).unwrap_or_default() {
        lesson.link.settings.check().unwrap();
        assert!(Walk::at(lesson.clone(), progress.of(&lesson)).step().is_some());
    }
});
