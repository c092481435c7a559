//! What the dialog for own images says.

use super::{
    numbers::{grouped, megabytes},
    preset_text,
};
use latent_core::{
    data::{ImageShape, OwnSet, Recipe},
    model::ModelSpec,
};
use latent_protocol::{SkippedReport, SurveyReport};

/// A number of things, with the right form of the word: `1 file`, `2 files`.
pub fn count(number: usize, one: &str, several: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { several })
}

/// What was found, in sentences.
pub fn found(report: &SurveyReport) -> String {
    let images = count(report.images, "image", "images");
    let sizes = report.sizes.iter().map(|([width, height], number)| match report.sizes.len() {
        1 if !report.has_more_sizes => format!("{height} × {width} pixels"),
        _ => format!("{} of {height} × {width}", grouped(*number as u64)),
    });
    let mut sizes = sizes.collect::<Vec<_>>().join(", ");
    if report.has_more_sizes {
        sizes.push_str(" and other sizes");
    }
    let test = match report.test_images {
        0 => String::new(),
        test => format!(" The files keep {} for validation.", count(test, "image", "images")),
    };
    format!("{images} ({sizes}).{test}")
}

/// The classes and their images, in a sentence.
pub fn classes(classes: &[(String, usize)]) -> String {
    let names = classes.iter().map(|(name, number)| format!("{name} ({})", grouped(*number as u64)));
    let names = names.collect::<Vec<_>>().join(", ");
    match classes.len() {
        0 => "No classes: the images have no labels.".into(),
        1 => format!("1 class: {names}."),
        number => format!("{number} classes: {names}."),
    }
}

/// How many files were skipped, in a sentence.
pub fn skipped(report: &SkippedReport) -> String {
    let SkippedReport { files, listed } = report;
    let more = files - listed.len().min(*files);
    let shown = if more > 0 { format!(" The first {}:", listed.len()) } else { String::new() };
    format!("{} skipped.{shown}", count(*files, "file was", "files were"))
}

/// Whether so many images of so many classes can be a set. The reason, as a sentence.
pub fn possible(images: usize, classes: usize) -> Result<(), String> {
    match (images, classes) {
        (1, _) => Err("One image is too few: at least two are needed.".into()),
        (_, classes) if classes > OwnSet::MOST_CLASSES => {
            Err(format!("There are {classes} classes, and at most {} are possible.", OwnSet::MOST_CLASSES))
        }
        _ => Ok(()),
    }
}

/// What a set of so many images costs with a model, in sentences; or why it is not possible.
pub fn cost(images: usize, shape: ImageShape, model: &ModelSpec) -> Result<String, String> {
    let bytes = images.saturating_mul(shape.values());
    if bytes > OwnSet::MOST_PIXEL_BYTES {
        let most = largest_side(images, shape.channels);
        return Err(format!(
            "At this size the images have {} MB, and at most {} are possible: {most} × {most} pixels fit.",
            megabytes(bytes),
            OwnSet::MOST_PIXEL_BYTES / 1_000_000
        ));
    }
    let model = ModelSpec { input: shape, ..model.clone() };
    let model = match model.check() {
        Ok(()) => format!("The chosen model has {}", preset_text::cost(&model)),
        Err(error) => {
            format!("The chosen model cannot have such images: {error}. Choose another one afterwards.")
        }
    };
    Ok(format!("The images take {} MB of memory in each worker. {model}", megabytes(bytes)))
}

/// The side of the largest square images of which so many are possible.
fn largest_side(images: usize, channels: usize) -> usize {
    let fits = |side: &usize| images.saturating_mul(side * side * channels) <= OwnSet::MOST_PIXEL_BYTES;
    (1..=Recipe::MOST_SIDE).rev().find(fits).unwrap_or(1)
}

/// What a set is, in a line: `450 + 50 images of 28 × 28 pixels, 2 classes, 0.3 MB`.
pub fn set(set: OwnSet, classes: usize, bytes: usize) -> String {
    let [training, test] = [set.training_images, set.test_images].map(|images| grouped(images as u64));
    let classes = if classes == 0 { "no classes".into() } else { count(classes, "class", "classes") };
    format!("{training} + {test} images of {} pixels, {classes}, {} MB", set.shape, megabytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> SurveyReport {
        SurveyReport {
            images: 1_200,
            test_images: 0,
            classes: vec![("cat".into(), 1_000), ("dog".into(), 200)],
            sizes: vec![([640, 480], 1_200)],
            ..SurveyReport::default()
        }
    }

    #[test]
    fn what_was_found_is_told_in_sentences() {
        assert_eq!(found(&report()), "1,200 images (480 × 640 pixels).");
        let sizes = vec![([640, 480], 1_199), ([1, 2], 1)];
        let several = SurveyReport { sizes, has_more_sizes: true, test_images: 1, ..report() };
        let told = "1,200 images (1,199 of 480 × 640, 1 of 2 × 1 and other sizes). The files keep 1 image for validation.";
        assert_eq!(found(&several), told);
        assert_eq!(classes(&report().classes), "2 classes: cat (1,000), dog (200).");
        assert_eq!(classes(&[]), "No classes: the images have no labels.");
        let listed = vec![("a.heic".into(), "HEIC is not read".into())];
        assert_eq!(skipped(&SkippedReport { files: 1, listed: listed.clone() }), "1 file was skipped.");
        assert_eq!(skipped(&SkippedReport { files: 3, listed }), "3 files were skipped. The first 1:");
    }

    #[test]
    fn a_size_that_does_not_fit_is_refused_with_the_largest_one_that_does() {
        let shape = |side, channels| ImageShape { height: side, width: side, channels };
        let told = cost(60_000, shape(64, 1), &ModelSpec::default()).unwrap_err();
        assert_eq!(
            told,
            "At this size the images have 245.8 MB, and at most 200 are possible: 57 × 57 pixels fit."
        );
        assert!(cost(60_000, shape(57, 1), &ModelSpec::default()).is_ok());
        assert!(cost(60_000, shape(33, 3), &ModelSpec::default()).is_ok());
        assert!(cost(60_000, shape(34, 3), &ModelSpec::default()).is_err());
        let told = cost(500, shape(32, 3), &ModelSpec::default()).unwrap();
        assert!(
            told.starts_with("The images take 1.5 MB of memory in each worker. The chosen model has 1,"),
            "{told}"
        );
    }

    #[test]
    fn one_image_or_too_many_classes_are_told_before_the_import() {
        assert_eq!([possible(2, 0), possible(500, 100)], [Ok(()), Ok(())]);
        assert!(possible(1, 1).is_err() && possible(500, 101).is_err());
    }

    #[test]
    fn a_set_is_told_in_a_line() {
        let shape = ImageShape { height: 28, width: 28, channels: 1 };
        let own = OwnSet { sha256: [0; 32], shape, training_images: 450, test_images: 50 };
        assert_eq!(set(own, 2, 312_345), "450 + 50 images of 28 × 28 pixels, 2 classes, 0.3 MB");
        assert_eq!(set(own, 0, 312_345), "450 + 50 images of 28 × 28 pixels, no classes, 0.3 MB");
    }
}
