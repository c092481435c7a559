//! From files to a set of images.

use crate::{
    fit::fitted,
    gather::{Gather, Sample, Source, Take},
    image_set::{ImageSet, Part},
    limits, picture,
    walk::{InputFile, Skipped, WalkError, walk},
};
use latent_core::{
    data::{OwnSet, Recipe, RecipeError, Split},
    random::{Purpose, Random},
};

/// Why there is no set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The recipe is impossible.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// Files are too many or too large in all.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// Nothing that was given is an image.
    #[error("no image was found{}", first_reason(.0))]
    NoImages(Vec<Skipped>),
    /// A split has more images than a set may have.
    #[error("there are more than {} images", OwnSet::MOST_IMAGES)]
    Images,
    /// One image cannot be trained on and validated with.
    #[error("one image is too few: at least two are needed")]
    OneImage,
    /// There are too many images of this size.
    #[error("the images are more than {} MB at this size: choose a smaller one", limits::MOST_PIXEL_BYTES / 1_000_000)]
    Pixels,
    /// There are too many classes.
    #[error("there are {0} classes, more than {most}", most = limits::MOST_CLASSES)]
    Classes(usize),
}

fn first_reason(skipped: &[Skipped]) -> String {
    skipped.first().map_or(String::new(), |Skipped { path, why }| format!(" ({path}: {why})"))
}

/// A set, and what did not become a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The set.
    pub set: ImageSet,
    /// Files that were skipped.
    pub skipped_files: usize,
    /// The first of them, with reasons.
    pub skipped: Vec<Skipped>,
}

/// Reads files into a set by a recipe. `several` says whether more than one file or folder was given; names of archives are
/// folders then.
///
/// # Errors
/// When the recipe is impossible, when there are too many files, images or classes, or when there is no image.
pub fn import<'a>(
    files: impl IntoIterator<Item = InputFile<'a>>,
    several: bool,
    recipe: &Recipe,
) -> Result<Imported, ImportError> {
    recipe.check()?;
    let mut gather = Gather::new(Pixels { recipe, bytes: 0, is_full: false });
    walk(files, several, &mut gather)?;
    if gather.take().is_full {
        return Err(ImportError::Pixels);
    }
    let (samples, classes, skipped) = gather.finish();
    match samples.len() {
        0 => return Err(ImportError::NoImages(skipped.listed)),
        1 => return Err(ImportError::OneImage),
        images if images > OwnSet::MOST_IMAGES => return Err(ImportError::Images),
        _ if classes.len() > limits::MOST_CLASSES => return Err(ImportError::Classes(classes.len())),
        _ => {}
    }
    let (training, test) = parts(samples, &classes, recipe);
    let set = ImageSet { shape: recipe.shape, classes, training, test };
    Ok(Imported { set, skipped_files: skipped.count, skipped: skipped.listed })
}

/// Takes pixels.
struct Pixels<'r> {
    recipe: &'r Recipe,
    bytes: usize,
    /// Whether there are more than a set may have.
    is_full: bool,
}

impl Take for Pixels<'_> {
    type Kept = Vec<u8>;

    fn take(&mut self, source: Source) -> Result<Vec<Vec<u8>>, String> {
        let images = match &source {
            Source::Picture { .. } => 1,
            Source::Array(array) => array.len(),
        };
        self.bytes = self.bytes.saturating_add(images.saturating_mul(self.recipe.shape.values()));
        self.is_full |= self.bytes > limits::MOST_PIXEL_BYTES;
        if self.is_full {
            return Err("the set is full".into());
        }
        match source {
            Source::Picture { format, file } => {
                let least = [self.recipe.shape.width, self.recipe.shape.height].map(|side| side as u32);
                let picture = picture::read(format, file, least).map_err(|error| error.to_string())?;
                Ok(vec![fitted(picture, self.recipe)])
            }
            Source::Array(array) => Ok(array.images().map(|image| fitted(image, self.recipe)).collect()),
        }
    }
}

/// The two parts of the set. Where the files name none, a share of the images is kept for validation. The order within each
/// is drawn from the seed, since the order of paths goes class by class.
fn parts(mut samples: Vec<Sample<Vec<u8>>>, classes: &[String], recipe: &Recipe) -> (Part, Part) {
    Random::new(recipe.seed, Purpose::ImageSet).shuffle(&mut samples);
    let is_test = |sample: &Sample<_>| sample.split == Some(Split::Test);
    let named = samples.iter().filter(|sample| is_test(sample)).count();
    let has_both = (1..samples.len()).contains(&named);
    let share = (samples.len() * usize::from(recipe.validation_percent) + 50) / 100;
    let kept = share.clamp(1, samples.len() - 1);
    let mut parts = [Part::default(), Part::default()];
    for (at, sample) in samples.into_iter().enumerate() {
        let goes_to_test = if has_both { is_test(&sample) } else { at < kept };
        let part = &mut parts[usize::from(goes_to_test)];
        let label = sample.class.and_then(|class| classes.iter().position(|name| *name == class));
        part.pixels.extend(sample.kept);
        part.labels.push(label.unwrap_or_default() as u8);
    }
    let [training, test] = parts;
    (training, test)
}
