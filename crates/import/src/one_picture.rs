//! One picture as one image, for a person who wants to see what a network makes of it.

use crate::{fit, picture, raster::Raster};
use latent_core::{
    data::{DatasetId, Recipe},
    drawing::{Picture, Placement},
};

/// The longer side of a picture at most, before it is placed.
const MOST_SIDE: u32 = 1024;

/// Why a file is no image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OnePictureError {
    /// It is of no format that is read.
    #[error("it is no picture that is read here: save it as PNG or JPEG")]
    NoPicture,
    /// It is a picture that cannot be read, and why.
    #[error("{0}")]
    Unreadable(String),
    /// It has one colour only.
    #[error("there is nothing on it")]
    Blank,
}

/// A picture that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnePicture(Raster);

impl OnePicture {
    /// Bytes of a file at most.
    pub const MOST_BYTES: usize = 100_000_000;

    /// Reads a picture's file.
    pub fn read(file: &[u8]) -> Result<Self, OnePictureError> {
        let unreadable = |error: picture::PictureError| OnePictureError::Unreadable(error.to_string());
        let format = picture::format_of(file).ok_or(OnePictureError::NoPicture)?.map_err(unreadable)?;
        let picture = picture::read(format, file, [MOST_SIDE / 2; 2]).map_err(unreadable)?;
        Ok(Self(fit::reduced(picture, MOST_SIDE)))
    }

    /// The image that a recipe makes of it: `[height, width, channels]`.
    pub fn fitted(self, recipe: &Recipe) -> Vec<u8> {
        fit::fitted(self.0, recipe)
    }

    /// What is drawn on it, placed as in the images of a data set: `[height, width, channels]`.
    pub fn placed(&self, dataset: DatasetId) -> Result<Vec<u8>, OnePictureError> {
        let Raster { width, height, channels, values } = &self.0;
        let picture =
            Picture { width: *width as usize, height: *height as usize, channels: *channels, values };
        picture.placed(dataset.shape(), Placement::of(dataset)).ok_or(OnePictureError::Blank)
    }
}
