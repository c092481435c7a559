//! The recipe: how pictures of any size become images of one shape.

use crate::limits::MOST_SIDE;
use latent_core::data::{DatasetId, ImageShape};

/// How a picture fills an image of another shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// The whole picture, with black beside it.
    #[default]
    Contain,
    /// The middle of the picture, without a border.
    Cover,
    /// The whole picture, its sides scaled each by itself.
    Stretch,
}

impl Fit {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Contain, Self::Cover, Self::Stretch];

    /// Its name in links and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contain => "contain",
            Self::Cover => "cover",
            Self::Stretch => "stretch",
        }
    }

    /// The way of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fit| fit.name() == name)
    }
}

/// How files become a set of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// The shape of every image.
    pub shape: ImageShape,
    /// How a picture of another shape fills it.
    pub fit: Fit,
    /// Whether light and dark are exchanged.
    pub is_inverted: bool,
    /// The share of the images that is kept for validation, where the files name none: above 0 and below 1.
    pub validation_share: f32,
    /// Which images those are.
    pub seed: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            shape: DatasetId::default().shape(),
            fit: Fit::default(),
            is_inverted: false,
            validation_share: 0.1,
            seed: 1,
        }
    }
}

/// Why there is no such recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// The images would be too large, or of no supported kind.
    #[error("images can be 1 × 1 to {MOST_SIDE} × {MOST_SIDE}, grey or in colour")]
    Shape,
    /// Nothing would be left on one side.
    #[error("the share kept for validation has to be above 0 and below 1")]
    Share,
}

impl Recipe {
    /// Whether an import by this recipe is possible at all.
    pub fn check(&self) -> Result<(), RecipeError> {
        let ImageShape { height, width, .. } = self.shape;
        if !self.shape.is_supported() || height.max(width) > MOST_SIDE {
            return Err(RecipeError::Shape);
        }
        match self.validation_share > 0.0 && self.validation_share < 1.0 {
            true => Ok(()),
            false => Err(RecipeError::Share),
        }
    }
}
