//! Names and explanations of losses.

use latent_core::model::{Loss, LossKind, ModelSpec, Reduction};

/// The loss in a table's head, such as `MSE` or `BCE-SUM`.
pub fn abbreviation(loss: Loss) -> String {
    loss.name().to_ascii_uppercase()
}

/// The root of the mean squared error per pixel, for a value of the model's loss. `None` for a loss that is no squared
/// error.
pub fn rmse(model: &ModelSpec, value: f64) -> Option<f64> {
    match (model.loss.kind, model.loss.reduction) {
        (LossKind::MeanSquaredError, Reduction::Mean) => Some(value.sqrt()),
        (LossKind::MeanSquaredError, Reduction::Sum) => Some((value / model.input.values() as f64).sqrt()),
        (LossKind::BinaryCrossEntropy, _) => None,
    }
}

/// What the loss computes, after its title: "…: the squared difference …".
pub fn definition(loss: Loss) -> String {
    let per_pixel = match loss.kind {
        LossKind::MeanSquaredError => "the squared difference between original and reconstruction",
        LossKind::BinaryCrossEntropy => {
            "the negative log-likelihood of the original pixel, with the reconstruction as its probability"
        }
    };
    let reduction = match loss.reduction {
        Reduction::Mean => "averaged over all pixels",
        Reduction::Sum => "summed over the pixels of an image and averaged over the images",
    };
    format!("{per_pixel}, {reduction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str) -> ModelSpec {
        ModelSpec { loss: Loss::from_name(name).unwrap(), ..ModelSpec::default() }
    }

    #[test]
    fn both_reductions_have_the_same_rmse() {
        assert_eq!(rmse(&model("mse"), 0.04), Some(0.2));
        assert!((rmse(&model("mse-sum"), 0.04 * 784.0).unwrap() - 0.2).abs() < 1e-12);
    }

    #[test]
    fn cross_entropy_has_no_rmse() {
        assert_eq!([rmse(&model("bce"), 0.25), rmse(&model("bce-sum"), 196.0)], [None; 2]);
        assert_eq!(abbreviation(model("bce-sum").loss), "BCE-SUM");
    }

    #[test]
    fn every_loss_has_a_definition_of_its_own() {
        let definitions = Loss::ALL.map(definition);
        for (at, text) in definitions.iter().enumerate() {
            assert!(!definitions[..at].contains(text), "{text}");
        }
    }
}
