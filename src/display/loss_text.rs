//! Names and explanations of losses.

use latent_core::model::{Latent, Loss, LossKind, ModelSpec, Reduction};

/// What training makes small, in few words: `MSE`, or `summed BCE + 0.5 · divergence` of a variational model.
pub fn abbreviation(model: &ModelSpec) -> String {
    let loss = match (model.loss.kind, model.loss.reduction) {
        (LossKind::MeanSquaredError, Reduction::Mean) => "MSE",
        (LossKind::MeanSquaredError, Reduction::Sum) => "summed MSE",
        (LossKind::BinaryCrossEntropy, Reduction::Mean) => "BCE",
        (LossKind::BinaryCrossEntropy, Reduction::Sum) => "summed BCE",
    };
    with_divergence(model, loss, " + ")
}

/// What training makes small, in words: the loss, and the divergence with its weight.
pub fn total_title(model: &ModelSpec) -> String {
    with_divergence(model, model.loss.title(), " plus ")
}

/// What the abbreviations in the table of losses mean.
pub fn abbreviations(model: &ModelSpec) -> String {
    let root = match rmse(model, 0.0) {
        Some(_) => "its root, per pixel",
        None => "the root of the mean squared error per pixel, which this loss does not tell",
    };
    format!("{}: {}. RMSE: {root}.", abbreviation(model), total_title(model))
}

fn with_divergence(model: &ModelSpec, loss: &str, plus: &str) -> String {
    match model.latent {
        Latent::Deterministic { .. } => loss.into(),
        Latent::Variational { beta: 1.0, .. } => format!("{loss}{plus}divergence"),
        Latent::Variational { beta, .. } => format!("{loss}{plus}{beta} · divergence"),
    }
}

/// The root of the mean squared error per pixel, for a value of the model's loss. `None` for a loss that is no squared
/// error, or that the divergence is a part of.
pub fn rmse(model: &ModelSpec, value: f64) -> Option<f64> {
    if model.is_variational() {
        return None;
    }
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

/// What the divergence of a variational model is, behind the definition of its loss; empty for any other model.
pub fn divergence_definition(model: &ModelSpec) -> String {
    match model.is_variational() {
        true => "; and the divergence of each code's distribution from the standard normal distribution, summed over the \
                 numbers of the code and averaged over the images"
            .into(),
        false => String::new(),
    }
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
    fn the_abbreviations_of_the_table_are_spelt_out() {
        assert_eq!(abbreviations(&model("mse")), "MSE: mean squared error. RMSE: its root, per pixel.");
        let told = abbreviations(&model("bce"));
        assert!(
            told.starts_with("BCE: mean binary cross-entropy. RMSE: the root of the mean squared error"),
            "{told}"
        );
    }

    #[test]
    fn cross_entropy_has_no_rmse() {
        assert_eq!([rmse(&model("bce"), 0.25), rmse(&model("bce-sum"), 196.0)], [None; 2]);
        assert_eq!(abbreviation(&model("bce-sum")), "summed BCE");
    }

    #[test]
    fn the_loss_of_a_variational_model_names_the_divergence_and_its_weight() {
        let mut model = model("bce-sum");
        model.latent = Latent::Variational { units: 2, beta: 1.0 };
        assert_eq!(total_title(&model), "binary cross-entropy summed over the pixels plus divergence");
        model.latent = Latent::Variational { units: 2, beta: 0.5 };
        assert_eq!(abbreviation(&model), "summed BCE + 0.5 · divergence");
        model.loss = Loss::default();
        assert_eq!(rmse(&model, 0.25), None, "the divergence is no squared error");
    }

    #[test]
    fn every_loss_has_a_definition_of_its_own() {
        let definitions = Loss::ALL.map(definition);
        for (at, text) in definitions.iter().enumerate() {
            assert!(!definitions[..at].contains(text), "{text}");
        }
    }
}
