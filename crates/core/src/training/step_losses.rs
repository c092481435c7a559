//! Losses as a run keeps them: 32 bits each.

use super::Losses;
use crate::weights::floats;
use serde::{Deserialize, Serialize};

/// The parts of a variational model's loss.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossParts {
    /// How far the reconstructions are from the images.
    pub reconstruction: f32,
    /// How far the codes' distributions are from the prior, unweighted.
    pub divergence: f32,
}

/// The losses of some steps, one after another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepLosses {
    /// What training makes small.
    #[serde(with = "floats")]
    pub totals: Vec<f32>,
    /// The parts of the last of them: of all, unless a file held no parts. Deterministic models have none.
    pub parts: Vec<LossParts>,
}

impl Losses {
    /// The total as it is kept.
    pub fn kept_total(&self) -> f32 {
        self.total as f32
    }

    /// The parts of a variational model's loss as they are kept. `None` for a deterministic model.
    pub fn parts(&self) -> Option<LossParts> {
        let divergence = self.divergence? as f32;
        Some(LossParts { reconstruction: self.reconstruction as f32, divergence })
    }
}

impl StepLosses {
    /// These losses as they are kept.
    pub fn of(losses: &[Losses]) -> Self {
        Self {
            totals: losses.iter().map(Losses::kept_total).collect(),
            parts: losses.iter().filter_map(Losses::parts).collect(),
        }
    }
}

/// Totals of a deterministic model.
impl From<Vec<f32>> for StepLosses {
    fn from(totals: Vec<f32>) -> Self {
        Self { totals, parts: Vec::new() }
    }
}

impl From<&[f32]> for StepLosses {
    fn from(totals: &[f32]) -> Self {
        totals.to_vec().into()
    }
}

impl<const N: usize> From<&[f32; N]> for StepLosses {
    fn from(totals: &[f32; N]) -> Self {
        totals.as_slice().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_of_variational_models_alone() {
        assert_eq!(StepLosses::of(&[Losses::deterministic(0.5)]), (&[0.5]).into());
        let losses = StepLosses::of(&[Losses::variational(1.0, 0.25, 4.0)]);
        let parts = vec![LossParts { reconstruction: 1.0, divergence: 0.25 }];
        assert_eq!(losses, StepLosses { totals: vec![2.0], parts });
    }
}
