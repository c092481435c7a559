//! What only some models need: imports, constants, functions.

use crate::code::{
    parts::{Part, parts},
    template::{fill, number},
};
use latent_core::{
    model::{Activation, Corruption, Half, LayerKind, ModelSpec},
    settings::Settings,
};

/// Which of them a program needs.
pub(super) struct Pieces {
    convolution: bool,
    dropout: bool,
    random: bool,
    leaky_relu: bool,
    /// Functions of Burn's module `activation`.
    activation: bool,
}

impl Pieces {
    /// Of the program for these settings.
    pub(super) fn of(settings: &Settings) -> Self {
        let model = &settings.model;
        let parts: Vec<_> =
            [Half::Encoder, Half::Decoder].into_iter().flat_map(|half| parts(model, half)).collect();
        let has = |is_it: fn(&LayerKind) -> bool| {
            parts.iter().any(|part| matches!(part, Part::Layer(layer) if is_it(&layer.kind)))
        };
        let activates = |is_it: fn(Activation) -> bool| {
            parts.iter().any(|part| matches!(part, Part::Activation(layer) if is_it(layer.activation)))
        };
        let corrupts = model.corruption != Corruption::None;
        Self {
            convolution: has(|kind| matches!(kind, LayerKind::Conv2d(_))),
            dropout: has(|kind| matches!(kind, LayerKind::Dropout { .. })),
            random: settings.shuffle || model.is_variational() || corrupts,
            leaky_relu: activates(|activation| activation == Activation::LeakyRelu),
            activation: activates(|activation| activation != Activation::LeakyRelu)
                || model.loss.reads_logits(),
        }
    }

    /// What `use burn::` needs of Burn's layers.
    pub(super) fn layer_imports(&self) -> String {
        let dropout = if self.dropout { "Dropout, DropoutConfig, " } else { "" };
        // A convolution in the encoder has its counterpart in the decoder.
        match self.convolution {
            true => format!(
                "nn::{{
        {dropout}Initializer, Linear, LinearConfig, PaddingConfig2d,
        conv::{{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig}},
    }}"
            ),
            false => format!("nn::{{{dropout}Initializer, Linear, LinearConfig}}"),
        }
    }

    /// Within `use burn::tensor::{…}`, where random numbers are drawn.
    pub(super) fn distribution(&self) -> &'static str {
        if self.random { "Distribution, " } else { "" }
    }

    /// Within `use burn::tensor::{…}`, where its functions are used.
    pub(super) fn activation(&self) -> &'static str {
        if self.activation { "activation, " } else { "" }
    }

    /// Constants of the model.
    pub(super) fn constants(&self, model: &ModelSpec) -> String {
        let mut constants = String::new();
        if model.is_variational() {
            constants +=
                &format!("/// The weight of the divergence.\nconst BETA: f32 = {};\n", number(model.beta()));
        }
        if self.leaky_relu {
            constants += &format!("const SLOPE: f32 = {};\n", number(model.slope));
        }
        constants
    }

    /// Functions that make, load and apply layers.
    pub(super) fn functions(&self) -> String {
        let functions: Vec<_> = [
            (true, include_str!("dense.rs")),
            (self.convolution, include_str!("convolution.rs")),
            (self.convolution, include_str!("transpose.rs")),
            (true, include_str!("shapes.rs")),
            (self.leaky_relu, include_str!("leaky_relu.rs")),
        ]
        .into_iter()
        .filter(|(is_used, _)| *is_used)
        .map(|(_, function)| fill(function, &[]))
        .collect();
        functions.join("\n\n")
    }
}
