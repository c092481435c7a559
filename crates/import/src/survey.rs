//! What files hold, without decoding them: what a person sees before choosing a recipe.

use crate::{
    gather::{Gather, Source, Take},
    import::ImportError,
    picture,
    sheet::{SamplePicture, Sheet},
    walk::{InputFile, Skipped, walk},
};
use latent_core::data::{Recipe, Split};
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
    /// Some of the pictures, evenly spread.
    pub pictures: Vec<SamplePicture>,
    /// Files that cannot be a part of the set.
    pub skipped_files: usize,
    /// The first of them, with reasons.
    pub skipped: Vec<Skipped>,
}

/// Looks at files, and keeps at most `pictures` pictures for a person to look at. `several` as in [`crate::import`].
///
/// # Errors
/// When there are too many files, or no image.
pub fn survey<'a>(
    files: impl IntoIterator<Item = InputFile<'a>>,
    several: bool,
    pictures: usize,
) -> Result<Survey, ImportError> {
    let mut gather = Gather::new(Sizes(Sheet::new(pictures)));
    walk(files, several, &mut gather)?;
    let pictures = std::mem::take(&mut gather.take().0.pictures);
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
        pictures,
        skipped_files: skipped.count,
        skipped: skipped.listed,
    })
}

/// Width and height that a picture has to fill.
const LEAST: [u32; 2] = [Recipe::MOST_SIDE as u32; 2];

/// Takes sizes, and some of the pictures.
struct Sizes(Sheet);

impl Take for Sizes {
    type Kept = [u32; 2];

    fn take(&mut self, source: Source) -> Result<Vec<[u32; 2]>, String> {
        match source {
            Source::Picture { format, file } => {
                let size = picture::dimensions(format, file).map_err(|error| error.to_string())?;
                self.0.offer(|| picture::read(format, file, LEAST)).map_err(|error| error.to_string())?;
                Ok(vec![size])
            }
            Source::Array(array) => {
                for image in array.images() {
                    // An array's images are there already.
                    let _ = self.0.offer(|| Ok::<_, std::convert::Infallible>(image));
                }
                Ok(vec![[array.width, array.height]; array.len()])
            }
        }
    }
}
