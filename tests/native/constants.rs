//! MNIST's numbers stand in one place, crates/core/src/data/mnist.rs: other code reads them from a description.

use latent_tests::path;
use std::{collections::BTreeSet, fs, path::Path};

/// What no other source says. Tests and comments may: their examples are MNIST's.
const CONSTANTS: [&str; 7] = ["784", "28", "60_000", "60000", "10_000", "10000", "digit"];

/// The only place.
const MNIST: &str = "crates/core/src/data/mnist.rs";

/// Where digits are those of any number in decimal form.
const NUMBERS: [&str; 4] = [
    "crates/core/src/math/decimal.rs",
    "crates/core/src/math/natural.rs",
    "crates/core/src/math/number.rs",
    "crates/core/src/training/checkpoint/json.rs",
];

/// Sources whose code holds one of the constants.
fn found() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let crates = fs::read_dir(path("crates")).unwrap().map(|entry| entry.unwrap().path().join("src"));
    crates.chain([path("src")]).for_each(|folder| search(&folder, &mut found));
    found
}

fn search(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.is_dir() {
            search(&file, found);
        } else if file.extension().is_some_and(|extension| extension == "rs" || extension == "wgsl") {
            let name = file.strip_prefix(path("")).unwrap().display().to_string();
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let is_meant = name == MNIST || NUMBERS.contains(&name.as_str());
            if !is_meant && code.lines().any(says_a_constant) {
                found.insert(name);
            }
        }
    }
}

/// Whether the line holds a constant as a word, or as a part of a name.
fn says_a_constant(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default().to_lowercase();
    // Names of the standard library, the names by which links and programs know a part of the page, and ranges.
    let allowed =
        ["is_ascii_digit", "hexdigit", "to_digit", "\"digits\"", "\"decoded-digit\"", "data-digits", ".."];
    let code = allowed.iter().fold(code, |code, allowed| code.replace(allowed, " "));
    CONSTANTS.iter().any(|constant| match constant.chars().all(|c| c.is_alphabetic()) {
        true => code.contains(constant),
        false => {
            code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').any(|word| word == *constant)
        }
    })
}

#[test]
fn the_numbers_of_mnist_stand_in_one_place() {
    let found = found();
    assert!(found.is_empty(), "these say one of {CONSTANTS:?}, which a description should: {found:?}");
}

#[test]
fn a_line_that_says_a_constant_is_found() {
    for line in ["let pixels = 784;", "[0; 28 * 28]", "images: 60_000,", "fn place_of_digit()", "0..10000"] {
        assert!(says_a_constant(line), "{line}");
    }
    for line in ["let x = 7840;", "// 784 values", "0.28", "is_ascii_hexdigit"] {
        assert!(!says_a_constant(line), "{line}");
    }
}
