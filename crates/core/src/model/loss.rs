//! Losses and their reductions, as Keras defines them.

use serde::{Deserialize, Serialize};

/// What training makes small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// How one pixel's reconstruction is judged.
    pub kind: LossKind,
    /// How the pixels of an image become one number. Over the images of a batch it is always the mean.
    pub reduction: Reduction,
}

/// How one pixel's reconstruction is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LossKind {
    /// `(y − x)²` (`keras.losses.MeanSquaredError`).
    #[default]
    MeanSquaredError,
    /// `max(a, 0) − a·x + ln(1 + e^−|a|)`, where the output is `sigmoid(a)` (`keras.losses.BinaryCrossentropy`, which
    /// Keras 3.15 computes from `a`, unclipped).
    BinaryCrossEntropy,
}

/// How the pixels of an image become one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reduction {
    /// The mean over the pixels.
    #[default]
    Mean,
    /// The sum over the pixels, as for variational autoencoders.
    Sum,
}

impl Loss {
    /// Every loss, in the order of a menu.
    pub const ALL: [Self; 4] = {
        const fn loss(kind: LossKind, reduction: Reduction) -> Loss {
            Loss { kind, reduction }
        }
        [
            loss(LossKind::MeanSquaredError, Reduction::Mean),
            loss(LossKind::BinaryCrossEntropy, Reduction::Mean),
            loss(LossKind::MeanSquaredError, Reduction::Sum),
            loss(LossKind::BinaryCrossEntropy, Reduction::Sum),
        ]
    };

    /// The name in links, files and on the command line.
    pub fn name(self) -> &'static str {
        match (self.kind, self.reduction) {
            (LossKind::MeanSquaredError, Reduction::Mean) => "mse",
            (LossKind::MeanSquaredError, Reduction::Sum) => "mse-sum",
            (LossKind::BinaryCrossEntropy, Reduction::Mean) => "bce",
            (LossKind::BinaryCrossEntropy, Reduction::Sum) => "bce-sum",
        }
    }

    /// The loss of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|loss| loss.name() == name)
    }

    /// What a reader calls it, such as "mean squared error".
    pub fn title(self) -> &'static str {
        match (self.kind, self.reduction) {
            (LossKind::MeanSquaredError, Reduction::Mean) => "mean squared error",
            (LossKind::MeanSquaredError, Reduction::Sum) => "squared error summed over the pixels",
            (LossKind::BinaryCrossEntropy, Reduction::Mean) => "mean binary cross-entropy",
            (LossKind::BinaryCrossEntropy, Reduction::Sum) => "binary cross-entropy summed over the pixels",
        }
    }

    /// Whether it is computed from the logits, which the output's activation reads.
    pub fn reads_logits(self) -> bool {
        self.kind == LossKind::BinaryCrossEntropy
    }

    /// How many pixels' losses an image's loss adds up, for images of so many pixels: 1 for a mean.
    pub fn pixels_summed(self, pixels: usize) -> usize {
        match self.reduction {
            Reduction::Mean => 1,
            Reduction::Sum => pixels,
        }
    }

    /// What the sum over all pixels of a batch is multiplied by to give the loss.
    pub fn scale(self, images: usize, pixels: usize) -> f64 {
        match self.reduction {
            Reduction::Mean => 1.0 / (images * pixels) as f64,
            Reduction::Sum => 1.0 / images as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for loss in Loss::ALL {
            assert_eq!(Loss::from_name(loss.name()), Some(loss));
        }
        assert_eq!(Loss::from_name("mae"), None);
    }
}
