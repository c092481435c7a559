//! Which images a network reconstructs badly.

/// The range of errors that a scale shows, as shares of the images: what lies beyond has the colour of its end.
const SHOWN: [f32; 2] = [0.02, 0.98];

/// The mean squared error of a reconstruction with values from 0 to 1, given as bytes; none where there is no original of its
/// size.
pub fn of_image(original: &[u8], copy: &[u8]) -> Option<f32> {
    let square = |(&a, &b): (&u8, &u8)| u64::from(a.abs_diff(b)).pow(2);
    let sum: u64 = original.iter().zip(copy).map(square).sum();
    let is_whole = !original.is_empty() && original.len() == copy.len();
    is_whole.then(|| (sum as f64 / original.len() as f64 / (255.0 * 255.0)) as f32)
}

/// The images with the greatest errors, the greatest first: `most` at most. Errors that are not finite come first.
pub fn hardest(errors: &[f32], most: usize) -> Vec<u32> {
    // A sort of their own would be more program in the page than it is worth.
    let mut images: Vec<u32> = Vec::new();
    for image in 0..errors.len() as u32 {
        let of = |image: u32| errors[image as usize].abs();
        let is_before = |other: &u32| of(*other).total_cmp(&of(image)).is_ge();
        let at = images.partition_point(is_before);
        if at < most {
            images.truncate(most - 1);
            images.insert(at, image);
        }
    }
    images
}

/// How many images have a greater error than this one, and one more: 1 is the hardest.
pub fn rank(errors: &[f32], image: u32) -> Option<usize> {
    let error = errors.get(image as usize)?;
    Some(1 + errors.iter().filter(|other| *other > error).count())
}

/// The mean error of each of so many classes; none of a class without images.
pub fn class_errors(classes: usize, labels: &[u8], errors: &[f32]) -> Vec<Option<f32>> {
    let mut sums = vec![(0f64, 0u32); classes];
    for (&label, &error) in labels.iter().zip(errors) {
        if let Some((sum, count)) = sums.get_mut(usize::from(label)) {
            *sum += f64::from(error);
            *count += 1;
        }
    }
    sums.into_iter().map(|(sum, count)| (count > 0).then(|| (sum / f64::from(count)) as f32)).collect()
}

/// The least and the greatest error that a scale of colours tells apart; none where no error is finite.
pub fn scale(errors: &[f32]) -> Option<[f32; 2]> {
    let mut errors: Vec<f32> = errors.iter().copied().filter(|error| error.is_finite()).collect();
    errors.sort_unstable_by(f32::total_cmp);
    let last = errors.len().checked_sub(1)?;
    Some(SHOWN.map(|share| errors[(share * last as f32).round() as usize]))
}

/// The place of an error on a scale, 0 to 1. An error that is not finite lies at its upper end.
pub fn place([least, greatest]: [f32; 2], error: f32) -> f32 {
    let place = (error - least) / (greatest - least);
    if place.is_nan() {
        f32::from(error.partial_cmp(&least).is_none_or(std::cmp::Ordering::is_gt))
    } else {
        place.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_hardest_images_come_in_order_and_broken_errors_first() {
        let errors = [0.1, 0.5, f32::NAN, 0.3, 0.5];
        assert_eq!(hardest(&errors, 3), [2, 1, 4]);
        assert_eq!(hardest(&errors, 9), [2, 1, 4, 3, 0]);
        assert_eq!(hardest(&[], 3), [0; 0]);
        assert_eq!([rank(&errors, 1), rank(&errors, 0), rank(&errors, 9)], [Some(1), Some(4), None]);
    }

    #[test]
    fn the_error_of_an_image_is_that_of_values_up_to_one() {
        assert_eq!(of_image(&[0, 255, 51, 0], &[255, 255, 0, 0]), Some(0.26));
        assert_eq!(of_image(&[7; 9], &[7; 9]), Some(0.0));
        assert_eq!([of_image(&[], &[]), of_image(&[1], &[1, 2])], [None, None]);
    }

    #[test]
    fn classes_have_their_mean_errors() {
        let means = class_errors(3, &[0, 0, 2, 7], &[1.0, 2.0, 4.0, 9.0]);
        assert_eq!(means, [Some(1.5), None, Some(4.0)]);
        assert_eq!(class_errors(0, &[0], &[1.0]), []);
    }

    #[test]
    fn a_scale_of_equal_errors_has_two_colours() {
        assert_eq!(scale(&[0.5; 9]), Some([0.5; 2]));
        assert_eq!([0.4, 0.5, 0.6, f32::NAN].map(|error| place([0.5; 2], error)), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(scale(&[f32::NAN]), None);
        assert_eq!(scale(&[]), None);
    }

    proptest! {
        #[test]
        fn a_greater_error_never_has_a_lower_place(errors in prop::collection::vec(0f32..9.0, 2..80)) {
            let scale = scale(&errors).unwrap();
            let mut errors = errors;
            errors.sort_unstable_by(f32::total_cmp);
            let places: Vec<f32> = errors.iter().map(|&error| place(scale, error)).collect();
            prop_assert!(places.is_sorted());
            prop_assert!(places.iter().all(|place| (0.0..=1.0).contains(place)));
        }
    }
}
