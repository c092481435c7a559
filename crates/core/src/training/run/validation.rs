//! The validation of an epoch: the loss over all test images, a part of them at a time.

use super::Dataset;
use crate::training::{Trainer, TrainerError};
use std::ops::Range;

/// Test images validated in a slice: a divisor of all, so that the GPU sees one shape.
const IMAGES: usize = 500;

/// A validation under way.
#[derive(Default)]
pub(super) struct Validation {
    /// Images evaluated so far.
    images: usize,
    /// The sum of their losses.
    loss_sum: f64,
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

    /// Evaluates the next part. Gives the mean loss once all parts are done, and is at its beginning then.
    pub(super) async fn advance(
        &mut self,
        trainer: &mut impl Trainer,
        data: &Dataset,
    ) -> Result<Option<f32>, TrainerError> {
        let which = self.next(data);
        let images = which.len() as f64;
        self.loss_sum += images * trainer.evaluate(&data.test, which.clone()).await?.total;
        self.images = which.end;
        if which.end < data.test_images {
            return Ok(None);
        }
        let loss = self.loss_sum / data.test_images as f64;
        *self = Self::default();
        Ok(Some(loss as f32))
    }
}
