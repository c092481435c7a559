//! The data set that the page trains on, and the words for its images.
//!
//! The views take these from here and name no data set themselves.

use latent_core::data::DatasetSpec;
pub use latent_core::data::mnist::{SAMPLE, SAMPLES};

/// The data set.
pub fn dataset() -> DatasetSpec {
    DatasetSpec::mnist()
}

/// An image of a class, in a sentence: `a 7`.
pub fn sample_of(label: u8) -> String {
    format!("a {label}")
}

/// A text with a capital first letter, for headings and beginnings of sentences. Other letters than those of ASCII stay
/// as they are, which spares the page the tables of Unicode.
pub fn capitalized(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_letter_becomes_a_capital() {
        assert_eq!([SAMPLES, "", "élan"].map(capitalized), ["Digits", "", "élan"]);
    }
}
