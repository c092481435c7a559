//! The words for a data set, its images and its classes.
//!
//! The views take these from here and name no data set themselves.

use latent_core::{
    data::{DatasetId, Split, Words},
    plane::are_numbers,
};

use super::numbers::grouped;

/// The name of a class: `7`, `Ankle boot`. Of one that the data set does not have, its number; empty where there are no classes.
pub fn class_name(classes: &[String], label: u8) -> String {
    match classes.get(usize::from(label)) {
        Some(name) => name.clone(),
        None if classes.is_empty() => String::new(),
        None => label.to_string(),
    }
}

/// A word with its article: `a digit`, `an item`.
pub fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// An image of a class, in a sentence: `a 7`, `Ankle boot`. Where there are no classes: `an image`.
pub fn sample_of(classes: &[String], words: Words, label: u8) -> String {
    let name = class_name(classes, label);
    match classes.is_empty() {
        true => with_article(words.sample),
        // An eight, an eleven.
        false if are_numbers(classes) && (name.starts_with('8') || ["11", "18"].contains(&name.as_str())) => {
            format!("an {name}")
        }
        false if are_numbers(classes) => format!("a {name}"),
        false => name,
    }
}

/// What pressing a class in the legend shows: `Only digit 7`, `Only Ankle boot`.
pub fn only(classes: &[String], words: Words, label: u8) -> String {
    let name = class_name(classes, label);
    match are_numbers(classes) {
        true => format!("Only {} {name}", words.sample),
        false => format!("Only {name}"),
    }
}

/// What a data set is, in a sentence, and its size.
pub fn description(dataset: DatasetId) -> String {
    let [training, test] = [Split::Training, Split::Test].map(|set| grouped(dataset.images(set) as u64));
    format!(
        "{} {training} training and {test} test images of {} pixels.",
        dataset.words().about,
        dataset.shape()
    )
}

/// An example of a class for the article: its name, and an image of it that does not exist yet.
pub fn example(dataset: DatasetId) -> [&'static str; 2] {
    match dataset {
        DatasetId::Mnist => ["seven", "a seven that nobody has written"],
        DatasetId::FashionMnist => ["sneaker", "a sneaker that nobody has made"],
        DatasetId::Own(_) => ["cat", "a cat that nobody has seen"],
    }
}

/// Who made a data set, and where it is described.
pub struct Source {
    /// The address of its description.
    pub address: &'static str,
    /// Its authors.
    pub authors: &'static str,
    /// The name of the licence.
    pub licence: &'static str,
    /// The licence's address.
    pub licence_address: &'static str,
}

/// The source of a data set. A person's own images have none.
pub fn source(dataset: DatasetId) -> Option<Source> {
    match dataset {
        DatasetId::Mnist => Some(Source {
            address: "https://web.archive.org/web/2024/http://yann.lecun.com/exdb/mnist/",
            authors: "Yann LeCun, Corinna Cortes and Christopher J.C. Burges",
            licence: "CC BY-SA 3.0",
            licence_address: "https://creativecommons.org/licenses/by-sa/3.0/",
        }),
        DatasetId::FashionMnist => Some(Source {
            address: "https://github.com/zalandoresearch/fashion-mnist",
            authors: "Han Xiao, Kashif Rasul and Roland Vollgraf, Zalando Research",
            licence: "the MIT licence, © 2017 Zalando SE",
            licence_address: "https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE",
        }),
        DatasetId::Own(_) => None,
    }
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
        assert_eq!(["digits", "", "élan"].map(capitalized), ["Digits", "", "élan"]);
    }

    #[test]
    fn an_image_is_called_by_its_class() {
        assert_eq!(DatasetId::ALL.map(|it| with_article(it.words().sample)), ["a digit", "an item"]);
        let [digits, fashion] = DatasetId::ALL.map(|it| (it.spec().classes, it.words()));
        assert_eq!(sample_of(&digits.0, digits.1, 7), "a 7");
        assert_eq!(sample_of(&digits.0, digits.1, 8), "an 8");
        assert_eq!(sample_of(&fashion.0, fashion.1, 9), "Ankle boot");
        assert_eq!(
            [only(&digits.0, digits.1, 3), only(&fashion.0, fashion.1, 0)],
            ["Only digit 3", "Only T-shirt/top"]
        );
        assert_eq!(class_name(&fashion.0, 77), "77");
        assert_eq!((sample_of(&[], digits.1, 0), class_name(&[], 0)), ("a digit".into(), String::new()));
    }

    #[test]
    fn a_description_has_the_sizes_of_both_sets() {
        let told = description(DatasetId::FashionMnist);
        assert!(told.ends_with("60,000 training and 10,000 test images of 28 × 28 pixels."), "{told}");
    }
}
