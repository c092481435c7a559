//! Sentences on the structure of a code: which classes are confused, how hard an image is, what a drawing is taken for.

use super::{
    dataset::{class_name, sample_of},
    numbers::grouped,
};
use latent_core::{
    data::Words,
    plane::{Confusion, NEIGHBOURS, Outcome, are_numbers, errors},
};

/// Which two classes the network confuses most, in a sentence. It says so where not all images that are `plotted` were compared.
pub fn most_confused(classes: &[String], words: Words, confusion: &Confusion, plotted: usize) -> String {
    let [right, images] = confusion.right();
    let Some(Outcome { classes: [a, b], confused, images: of_both }) = confusion.most_confused() else {
        return match images {
            0 => String::new(),
            _ => format!(
                "The network confuses no classes of these {} {}.",
                grouped(images.into()),
                words.samples
            ),
        };
    };
    format!(
        "The network most often confuses {} and {}: {} of their {} {} lie among {} of the other class. {} of {} {} lie among \
         their own.",
        class_name(classes, a),
        class_name(classes, b),
        grouped(confused.into()),
        grouped(of_both.into()),
        words.samples,
        words.samples,
        grouped(right.into()),
        if (images as usize) < plotted { "the first" } else { "all" },
        grouped(images.into()),
    )
}

/// Over which images the errors are, and over how many the classes are compared if that is fewer.
pub fn over(words: Words, [compared, images]: [usize; 2], network: &str) -> String {
    let some = match compared {
        0 => String::new(),
        _ if compared >= images => String::new(),
        _ => format!(" The first {} are compared with one another.", grouped(compared as u64)),
    };
    format!("Over the {} {} on the plane, by {network}.{some}", grouped(images as u64), words.samples)
}

/// What the table shows, and over which images: the first of those that are `plotted`.
pub fn table_caption(words: Words, [images, plotted]: [usize; 2], shown: usize, classes: usize) -> String {
    let most = match shown < classes {
        true => format!(" The {shown} classes that are confused most of {classes}."),
        false => String::new(),
    };
    let which = match images < plotted {
        true => format!("the first {} of the {}", grouped(images as u64), grouped(plotted as u64)),
        false => grouped(images as u64),
    };
    format!(
        "Rows: the class of {which} {}. Columns: the class that most of the {NEIGHBOURS} nearest others have, by all numbers of the \
         code.{most}",
        words.samples
    )
}

/// What a cell of the table opens: `12 of 4 among 9`.
pub fn cell(classes: &[String], label: u8, vote: u8, count: u32) -> String {
    let names = [label, vote].map(|class| class_name(classes, class));
    match label == vote {
        true => format!("{count} of {} among their own", names[0]),
        false => format!("{count} of {} among {}", names[0], names[1]),
    }
}

/// Of which network the errors and neighbours are.
pub fn network(is_pretrained: bool, steps: u64) -> String {
    match (is_pretrained, steps) {
        (true, _) => "the pretrained network".into(),
        (false, 0) => "the untrained network".into(),
        (false, steps) => format!("the network at step {}", grouped(steps)),
    }
}

/// What the nearest images say of a drawing.
pub fn taken_for(classes: &[String], words: Words, labels: &[u8]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    if classes.is_empty() {
        return format!("The nearest {} are shown below.", words.samples);
    }
    // The most frequent class, of equal ones the nearer.
    let count = |class: u8| labels.iter().filter(|&&label| label == class).count();
    let most =
        labels.iter().fold(labels[0], |most, &next| if count(next) > count(most) { next } else { most });
    let mut first: Vec<u8> = Vec::new();
    labels.iter().for_each(|&label| {
        if count(label) == count(most) && !first.contains(&label) {
            first.push(label);
        }
    });
    let names = |labels: &[u8], join: &str| {
        labels.iter().map(|&label| class_name(classes, label)).collect::<Vec<_>>().join(join)
    };
    let taken = match are_numbers(classes) {
        true => sample_of(classes, words, most),
        false => class_name(classes, most),
    };
    let (all, samples) = (labels.len(), words.samples);
    let of_class = |class: u8| match are_numbers(classes) {
        true => format!("{}s", class_name(classes, class)),
        false => class_name(classes, class),
    };
    let nearest = names(labels, ", ");
    match (count(most), first.len()) {
        (of, _) if of == all => {
            format!("It looks like {taken}: its {all} nearest {samples} are all {}.", of_class(most))
        }
        (1, _) => {
            format!("The network cannot tell: its {all} nearest {samples} are of {all} classes ({nearest}).")
        }
        (of, 2..) => {
            format!(
                "It lies between {}: its {all} nearest {samples} have {of} of each ({nearest}).",
                names(&first, " and ")
            )
        }
        (of, _) if 2 * of > all => {
            format!(
                "It looks like {taken}: {of} of its {all} nearest {samples} are {} ({nearest}).",
                of_class(most)
            )
        }
        (of, _) => format!(
            "It may be {taken}: only {of} of its {all} nearest {samples} are {} ({nearest}).",
            of_class(most)
        ),
    }
}

/// The error of a reconstruction behind what the image is: `, error 0.0123`. Empty while the original is not there.
pub fn error_of(original: Option<&[u8]>, copy: &[u8]) -> String {
    let found = original.and_then(|original| errors::of_image(original, copy));
    found.map_or_else(String::new, |found| format!(", error {}", error(found)))
}

/// An error as the page shows it: three digits that count.
pub fn error(error: f32) -> String {
    let places = if error >= 0.1 { 3 } else { 4 };
    format!("{error:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::data::DatasetId;

    fn digits() -> (Vec<String>, Words) {
        (DatasetId::Mnist.spec().classes, DatasetId::Mnist.words())
    }

    #[test]
    fn the_most_confused_pair_is_said_in_a_sentence() {
        let (classes, words) = digits();
        let confusion = Confusion::new(10, &[4, 4, 9, 9, 1], &[4, 9, 4, 9, 1]);
        assert_eq!(
            most_confused(&classes, words, &confusion, 5),
            "The network most often confuses 4 and 9: 2 of their 4 digits lie among digits of the other class. 3 of all 5 lie among \
             their own."
        );
        let right = Confusion::new(10, &[4, 1], &[4, 1]);
        assert_eq!(
            most_confused(&classes, words, &right, 2),
            "The network confuses no classes of these 2 digits."
        );
        assert_eq!(most_confused(&classes, words, &Confusion::default(), 0), "");
    }

    #[test]
    fn both_sentences_say_that_only_the_first_images_are_compared() {
        let (classes, words) = digits();
        let confusion = Confusion::new(10, &[4, 4, 9, 9, 1], &[4, 9, 4, 9, 1]);
        assert!(
            most_confused(&classes, words, &confusion, 60_000)
                .ends_with("3 of the first 5 lie among their own.")
        );
        let told = |compared| over(words, [compared, 60_000], "the pretrained network");
        let all = "Over the 60,000 digits on the plane, by the pretrained network.";
        assert_eq!([0, 60_000].map(told), [all; 2]);
        assert_eq!(told(12_000), format!("{all} The first 12,000 are compared with one another."));
    }

    #[test]
    fn cells_and_captions_name_classes_and_say_k() {
        let fashion = DatasetId::FashionMnist.spec().classes;
        assert_eq!(cell(&fashion, 6, 0, 12), "12 of Shirt among T-shirt/top");
        assert_eq!(cell(&fashion, 6, 6, 900), "900 of Shirt among their own");
        let (_, words) = digits();
        assert!(table_caption(words, [2_000; 2], 10, 10).contains("the 10 nearest others have"));
        assert!(
            table_caption(words, [10_000, 60_000], 10, 10)
                .starts_with("Rows: the class of the first 10,000 of the 60,000 digits.")
        );
        assert!(
            table_caption(words, [2_000; 2], 12, 100)
                .ends_with("The 12 classes that are confused most of 100.")
        );
    }

    #[test]
    fn a_drawing_is_what_most_of_its_neighbours_are() {
        let (classes, words) = digits();
        assert_eq!(
            taken_for(&classes, words, &[9, 4, 4, 4, 9]),
            "It looks like a 4: 3 of its 5 nearest digits are 4s (9, 4, 4, 4, 9)."
        );
        assert_eq!(
            taken_for(&classes, words, &[8; 5]),
            "It looks like an 8: its 5 nearest digits are all 8s."
        );
        assert_eq!(
            taken_for(&classes, words, &[4, 1, 4, 9, 7]),
            "It may be a 4: only 2 of its 5 nearest digits are 4s (4, 1, 4, 9, 7)."
        );
        assert_eq!(
            taken_for(&classes, words, &[9, 4, 4, 1, 9]),
            "It lies between 9 and 4: its 5 nearest digits have 2 of each (9, 4, 4, 1, 9)."
        );
        assert_eq!(
            taken_for(&classes, words, &[9, 4, 3, 1, 7]),
            "The network cannot tell: its 5 nearest digits are of 5 classes (9, 4, 3, 1, 7)."
        );
        let fashion = DatasetId::FashionMnist.spec().classes;
        assert_eq!(
            taken_for(&fashion, DatasetId::FashionMnist.words(), &[6, 6, 6, 0, 0]),
            "It looks like Shirt: 3 of its 5 nearest items are Shirt (Shirt, Shirt, Shirt, T-shirt/top, T-shirt/top)."
        );
        assert_eq!(taken_for(&[], words, &[0, 0]), "The nearest digits are shown below.");
        assert_eq!(taken_for(&classes, words, &[]), "");
    }

    #[test]
    fn the_error_of_an_image_stands_behind_it_once_the_original_is_there() {
        assert_eq!(error_of(Some(&[0, 51]), &[51, 51]), ", error 0.0200");
        assert_eq!([error_of(None, &[1]), error_of(Some(&[1]), &[1, 2])], ["", ""]);
    }

    #[test]
    fn the_network_is_named_by_its_steps() {
        assert_eq!(network(true, 0), "the pretrained network");
        assert_eq!(
            [network(false, 0), network(false, 1_234)],
            ["the untrained network", "the network at step 1,234"]
        );
        assert_eq!([error(0.123_45), error(0.012_345)], ["0.123", "0.0123"]);
    }
}
