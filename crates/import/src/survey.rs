//! What files hold, without decoding them: what a person sees before choosing a recipe.

use crate::{
    gather::{Gather, Source, Take},
    import::ImportError,
    picture,
    walk::{InputFile, Skipped, walk},
};
use latent_core::data::Split;
use std::collections::BTreeMap;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// All images.
    pub images: usize,
    /// Those that the files name as a test set.
    pub test_images: usize,
    /// The names of the classes and their images, in the order of the labels.
    pub classes: Vec<(String, usize)>,
    /// Width and height of images, and how many have them, the most frequent first.
    pub sizes: Vec<([u32; 2], usize)>,
    /// Files that cannot be a part of the set.
    pub skipped_files: usize,
    /// The first of them, with reasons.
    pub skipped: Vec<Skipped>,
}

/// Looks at files. `several` as in [`crate::import`].
///
/// # Errors
/// When there are too many files, or no image.
pub fn survey<'a>(
    files: impl IntoIterator<Item = InputFile<'a>>,
    several: bool,
) -> Result<Survey, ImportError> {
    let mut gather = Gather::new(Sizes);
    walk(files, several, &mut gather)?;
    let (samples, classes, skipped) = gather.finish();
    if samples.is_empty() {
        return Err(ImportError::NoImages(skipped.listed));
    }
    let mut sizes = BTreeMap::<[u32; 2], usize>::new();
    let mut of_class = BTreeMap::<&str, usize>::new();
    for sample in &samples {
        *sizes.entry(sample.kept).or_default() += 1;
        if let Some(class) = &sample.class {
            *of_class.entry(class).or_default() += 1;
        }
    }
    let mut sizes: Vec<_> = sizes.into_iter().collect();
    sizes.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    Ok(Survey {
        images: samples.len(),
        test_images: samples.iter().filter(|sample| sample.split == Some(Split::Test)).count(),
        classes: classes
            .iter()
            .map(|name| (name.clone(), of_class.get(name.as_str()).copied().unwrap_or(0)))
            .collect(),
        sizes,
        skipped_files: skipped.count,
        skipped: skipped.listed,
    })
}

/// Takes sizes.
struct Sizes;

impl Take for Sizes {
    type Kept = [u32; 2];

    fn take(&mut self, source: Source) -> Result<Vec<[u32; 2]>, String> {
        match source {
            Source::Picture { format, file } => {
                picture::dimensions(format, file).map(|size| vec![size]).map_err(|error| error.to_string())
            }
            Source::Array(array) => Ok(vec![[array.width, array.height]; array.len()]),
        }
    }
}
