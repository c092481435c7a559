//! The validation of an epoch: the losses over all test images, a part of them at a time.

use super::Dataset;
use crate::training::{Losses, Trainer, TrainerError};
use std::ops::Range;

/// Test images validated in a slice: a divisor of all, so that the GPU sees one shape.
const IMAGES: usize = 500;

/// A validation under way.
pub(super) struct Validation {
    /// Images evaluated so far.
    images: usize,
    /// Their losses, summed over the images.
    losses: Losses,
}

impl Default for Validation {
    fn default() -> Self {
        Self { images: 0, losses: Losses::ZERO }
    }
}

impl Validation {
    /// The images of the next part.
    fn next(&self, data: &Dataset) -> Range<usize> {
        self.images..(self.images + IMAGES).min(data.test_images)
    }

    /// Whether images of the next part are still to come.
    pub(super) fn is_waiting(&self, data: &Dataset) -> bool {
        self.next(data).end > data.test.len()
    }

    /// Evaluates the next part. Gives the mean losses once all parts are done, and is at its beginning then.
    pub(super) async fn advance(
        &mut self,
        trainer: &mut impl Trainer,
        data: &Dataset,
    ) -> Result<Option<Losses>, TrainerError> {
        let which = self.next(data);
        let images = which.len() as f64;
        let losses = trainer.evaluate(&data.test, which.clone()).await?;
        self.losses = self.losses.plus(images, losses);
        self.images = which.end;
        if which.end < data.test_images {
            return Ok(None);
        }
        let sum = std::mem::take(self).losses;
        Ok(Some(sum.divided_by(data.test_images as f64)))
    }
}
