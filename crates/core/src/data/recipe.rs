//! The recipe by which a person's own pictures, of any size, become images of one shape.

use super::{DatasetId, ImageShape};
use crate::math::read_whole;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How a picture fills an image of another shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// The shape of every image.
    pub shape: ImageShape,
    /// How a picture of another shape fills it.
    pub fit: Fit,
    /// Whether light and dark are exchanged.
    pub is_inverted: bool,
    /// The percentage of the images that is kept for validation, where the files name none.
    pub validation_percent: u8,
    /// Which images those are, and the order of all.
    pub seed: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            shape: DatasetId::default().shape(),
            fit: Fit::default(),
            is_inverted: false,
            validation_percent: 10,
            seed: 1,
        }
    }
}

/// Why there is no such recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// The images would be too large, or of no supported kind.
    #[error("images can be 1 × 1 to {most} × {most}, grey or in colour", most = Recipe::MOST_SIDE)]
    Shape,
    /// Nothing would be left on one side.
    #[error("1 to 99 percent can be kept for validation")]
    Share,
}

/// The word for an inverted set in links.
const INVERTED: &str = "inverted";

impl Recipe {
    /// The longer side of the images at most.
    pub const MOST_SIDE: usize = 64;
    /// Percentages that can be kept for validation.
    pub const VALIDATION: RangeInclusive<u8> = 1..=99;

    /// Height and width from text: `28`, or `32x48`. Whether they are possible is asked of [`Recipe::check`].
    pub fn parse_sides(text: &str) -> Option<[usize; 2]> {
        let (height, width) = text.split_once(['x', '×']).unwrap_or((text, text));
        let side = |side: &str| read_whole(side);
        Some([side(height)?, side(width)?])
    }

    /// The sides of the images as text.
    pub fn sides(&self) -> String {
        let ImageShape { height, width, .. } = self.shape;
        if height == width { height.to_string() } else { format!("{height}x{width}") }
    }

    /// Whether an import by this recipe is possible at all.
    pub fn check(&self) -> Result<(), RecipeError> {
        let ImageShape { height, width, .. } = self.shape;
        if !self.shape.is_supported() || height.max(width) > Self::MOST_SIDE {
            return Err(RecipeError::Shape);
        }
        match Self::VALIDATION.contains(&self.validation_percent) {
            true => Ok(()),
            false => Err(RecipeError::Share),
        }
    }

    /// The recipe in links, without the shape, which a set's own text has: way, percentage, seed, and `inverted` if it is.
    pub fn text(&self) -> String {
        let Self { fit, validation_percent, seed, is_inverted, .. } = self;
        let inverted = if *is_inverted { format!(",{INVERTED}") } else { String::new() };
        format!("{},{validation_percent},{seed}{inverted}", fit.name())
    }

    /// Reads what [`Recipe::text`] writes, for images of this shape.
    pub fn parse(text: &str, shape: ImageShape) -> Option<Self> {
        let mut parts = text.split(',').map(str::trim);
        let fit = Fit::from_name(parts.next()?)?;
        let validation_percent = parts.next()?.parse().ok()?;
        let seed = parts.next()?.parse().ok()?;
        let is_inverted = match parts.next() {
            None => false,
            Some(word) if word == INVERTED => true,
            Some(_) => return None,
        };
        let recipe = Self { shape, fit, is_inverted, validation_percent, seed };
        (parts.next().is_none() && recipe.check().is_ok()).then_some(recipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_reads_back_from_its_text() {
        let usual = Recipe::default();
        assert_eq!(usual.text(), "contain,10,1");
        let shape = ImageShape { height: 64, width: 48, channels: 3 };
        let other =
            Recipe { shape, fit: Fit::Cover, is_inverted: true, validation_percent: 25, seed: u64::MAX };
        assert_eq!(other.text(), "cover,25,18446744073709551615,inverted");
        for recipe in [usual, other] {
            assert_eq!(Recipe::parse(&recipe.text(), recipe.shape), Some(recipe));
        }
    }

    #[test]
    fn sides_read_back_from_their_text() {
        assert_eq!(Recipe::parse_sides("28"), Some([28, 28]));
        assert_eq!(Recipe::parse_sides(" 32 × 48 "), Some([32, 48]));
        assert_eq!(["", "big", "-1", "28x", "1x2x3"].map(Recipe::parse_sides), [None; 5]);
        let shape = ImageShape { height: 32, width: 48, channels: 1 };
        assert_eq!(Recipe { shape, ..Recipe::default() }.sides(), "32x48");
        assert_eq!(Recipe::default().sides(), "28");
    }

    #[test]
    fn anything_else_is_none() {
        let shape = Recipe::default().shape;
        for text in [
            "",
            "contain",
            "contain,10",
            "fill,10,1",
            "contain,0,1",
            "contain,100,1",
            "contain,10,-1",
            "contain,10,1,x",
        ] {
            assert_eq!(Recipe::parse(text, shape), None, "{text}");
        }
        assert_eq!(Recipe::parse("contain,10,1", ImageShape { height: 65, ..shape }), None);
    }
}
