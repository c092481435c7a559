//! Which labels belong to which images, where they lie in files of their own.

use crate::path_place::split_of_file;
use latent_core::data::Split;

/// A file with so many images or labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted<'a> {
    pub(crate) path: &'a str,
    pub(crate) count: usize,
}

impl Counted<'_> {
    fn split(&self) -> Option<Split> {
        split_of_file(self.path)
    }

    /// The path without the words that tell images from labels: the same for both.
    fn stem(&self) -> String {
        const WORDS: [&str; 14] = [
            "images", "image", "labels", "label", "data", "targets", "target", "idx1", "idx3", "idx4",
            "ubyte", "x", "y", "npy",
        ];
        let path = self.path.to_ascii_lowercase();
        let words = path.split(|c: char| !c.is_alphanumeric()).filter(|word| !WORDS.contains(word));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// For each file of images the place of its labels, if there are any. Labels have to be as many as the images; of several
/// such files those of the same name, then those of the same split.
pub(crate) fn pairs(images: &[Counted], labels: &[Counted]) -> Vec<Option<usize>> {
    let mut is_taken = vec![false; labels.len()];
    images
        .iter()
        .map(|images| {
            let candidates =
                (0..labels.len()).filter(|&at| !is_taken[at] && labels[at].count == images.count);
            let candidates: Vec<usize> = candidates.collect();
            let is_alike: [&dyn Fn(&Counted) -> bool; 2] =
                [&|labels| labels.stem() == images.stem(), &|labels| labels.split() == images.split()];
            let only = |is_alike: &dyn Fn(&Counted) -> bool| {
                let mut alike = candidates.iter().copied().filter(|&at| is_alike(&labels[at]));
                alike.next().filter(|_| alike.next().is_none())
            };
            let found = is_alike.into_iter().find_map(only)?;
            is_taken[found] = true;
            Some(found)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(images: &[(&str, usize)], labels: &[(&str, usize)]) -> Vec<Option<usize>> {
        fn counted<'a>(files: &[(&'a str, usize)]) -> Vec<Counted<'a>> {
            files.iter().map(|&(path, count)| Counted { path, count }).collect()
        }
        pairs(&counted(images), &counted(labels))
    }

    #[test]
    fn names_tell_which_labels_belong_to_which_images() {
        assert_eq!(
            found(
                &[("train-images-idx3-ubyte", 9), ("t10k-images-idx3-ubyte", 9)],
                &[("t10k-labels-idx1-ubyte", 9), ("train-labels-idx1-ubyte", 9)],
            ),
            [Some(1), Some(0)]
        );
        assert_eq!(
            found(&[("x_train.npy", 9), ("x_test.npy", 4)], &[("y_train.npy", 9), ("y_test.npy", 4)]),
            [Some(0), Some(1)]
        );
        assert_eq!(found(&[("a.npy", 9)], &[("b.npy", 9)]), [Some(0)]);
        assert_eq!(found(&[("a.npy", 9)], &[("b.npy", 8)]), [None]);
        assert_eq!(found(&[("a.npy", 9)], &[("b.npy", 9), ("c.npy", 9)]), [None]);
        assert_eq!(found(&[("a.npy", 9)], &[]), [None]);
    }
}
