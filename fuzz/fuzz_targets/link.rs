//! What follows the `#` of the page's address. What was understood, and written again, must be understood in full.
#![no_main]

use latent_core::link::Link;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (link, _) = Link::parse(text);
    let written = link.to_fragment();
    let (again, problems) = Link::parse(&written);
    assert!(problems.is_empty(), "{written}: {problems:?}");
    assert_eq!(again.to_fragment(), written);
});
