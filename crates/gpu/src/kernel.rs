//! The kernels: which pieces of WGSL each is put together from.

use super::{
    activation::{Activation, wgsl},
    general::{self, GeneralKernel},
    layout::{CELLS, LANES, MAX_LAYERS, ROW_BLOCKS},
};
use latent_core::{
    model::LossKind,
    training::adam::{BETA_1, BETA_2, EPSILON},
};

/// A kernel, which `wgsl/` describes. Its activation is that of the layer whose outputs it computes or derives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// Images to the first layer's outputs.
    ForwardFromPixels(Activation),
    /// A layer's inputs to its outputs.
    Forward(Activation),
    /// The last layer's inputs to the pixels' losses and the gradient by their pre-activations.
    OutputLosses(Activation, LossKind),
    /// The pixels' losses to sums by four images.
    SumLosses,
    /// A layer's output gradient to its input gradient, with the activation of the layer before.
    Backward(Activation),
    /// Updates the first layer's weights.
    UpdateFirstLayer,
    /// Updates the weights of all other layers.
    UpdateOtherLayers,
    /// A linear decoder's first: codes to the lists of boundary units.
    BoundaryUnits,
    /// ... to the bases at the centres of cells.
    Bases,
    /// ... to losses and gradients.
    LinearLosses(Activation, LossKind),
    /// ... to sums by image, with the code's activation, and to moments by cell.
    Moments(Activation),
    /// ... to the weights of the output layer.
    UpdateOutputLayer,
    /// ... and to those of the layers on both sides of the code.
    UpdateCodeLayers,
    /// A kernel of models that are more than dense layers.
    General(GeneralKernel),
}

impl Kernel {
    /// The kernel's WGSL, for images of so many blocks.
    pub(super) fn source(self, image_blocks: usize) -> String {
        let mut constants = format!(
            "const ONE_MINUS_BETA_1 = {:?};\nconst ONE_MINUS_BETA_2 = {:?};\nconst EPSILON = {EPSILON:?};\n",
            1.0 - BETA_1,
            1.0 - BETA_2
        );
        let most_layers = match self {
            Self::General(_) => general::MAX_LAYERS,
            _ => MAX_LAYERS,
        };
        let sizes = [
            ("LANES", LANES),
            ("MAX_LAYERS", most_layers),
            ("RANDOM", general::ENTRIES),
            ("CELLS", CELLS),
            ("IMAGE_BLOCKS", image_blocks),
            ("ROW_INVOCATIONS", image_blocks / ROW_BLOCKS),
        ];
        constants.extend(sizes.map(|(name, size)| format!("const {name} = {size}u;\n")));
        let mut pieces = vec![constants.as_str()];
        pieces.extend(wgsl!["common"]);
        pieces.extend(self.pieces());
        pieces.join("\n")
    }

    fn pieces(self) -> Vec<&'static str> {
        match self {
            Self::General(kernel) => kernel.pieces(),
            _ => [wgsl!["layer"].to_vec(), self.dense_pieces()].concat(),
        }
    }

    /// The pieces of a kernel of dense layers.
    fn dense_pieces(self) -> Vec<&'static str> {
        let (pieces, function): (&[_], &[_]) = match self {
            Self::ForwardFromPixels(activation) => (
                wgsl!["product", "tile_2x1", "current_layer", "left_pixels", "forward", "store_outputs"],
                activation.pieces(),
            ),
            Self::Forward(activation) => (
                wgsl!["product", "tile_2x2", "current_layer", "left_activations", "forward", "store_outputs"],
                activation.pieces(),
            ),
            Self::OutputLosses(activation, loss) => (
                wgsl!["product", "tile_2x2", "current_layer", "left_activations", "forward", "store_loss"],
                &with_loss(activation, loss),
            ),
            Self::SumLosses => (wgsl!["sum_losses"], &[]),
            Self::Backward(activation) => {
                (wgsl!["product", "tile_2x2", "current_layer", "backward"], activation.pieces())
            }
            Self::UpdateFirstLayer => {
                (wgsl!["product", "tile_2x1", "weight_gradient", "adam", "first_layer"], &[])
            }
            Self::UpdateOtherLayers => {
                (wgsl!["product", "tile_2x2", "weight_gradient", "adam", "other_layers"], &[])
            }
            Self::BoundaryUnits => (wgsl!["linear/decoder", "linear/boundary_units"], &[]),
            Self::Bases => {
                (wgsl!["linear/decoder", "linear/row_sums", "linear/add_units", "linear/bases"], &[])
            }
            Self::LinearLosses(activation, loss) => (
                wgsl!["linear/decoder", "linear/row_sums", "linear/add_units", "linear/losses"],
                &with_loss(activation, loss),
            ),
            Self::Moments(activation) => (
                wgsl!["linear/decoder", "linear/row_sums", "linear/add_images", "linear/moments"],
                activation.pieces(),
            ),
            Self::UpdateOutputLayer => (
                wgsl![
                    "linear/decoder",
                    "linear/row_sums",
                    "linear/add_images",
                    "linear/output_layer",
                    "adam"
                ],
                &[],
            ),
            Self::UpdateCodeLayers => (wgsl!["linear/decoder", "linear/code_layers", "adam"], &[]),
            Self::General(_) => (&[], &[]),
        };
        [pieces, function].concat()
    }
}

/// WGSL that defines `compare(a, image, slope, mask)` besides the activation.
fn with_loss(activation: Activation, loss: LossKind) -> Vec<&'static str> {
    let loss: &[_] = match loss {
        LossKind::MeanSquaredError => wgsl!["loss/pixel_loss", "loss/squared_error"],
        LossKind::BinaryCrossEntropy => wgsl!["loss/pixel_loss", "loss/binary_cross_entropy"],
    };
    [activation.pieces(), loss].concat()
}

#[cfg(test)]
mod tests {
    use crate::network::Network;
    use latent_core::model::Activation;
    use wgpu::naga::{
        front::wgsl,
        valid::{Capabilities, ValidationFlags, Validator},
    };

    /// Without any optional capability, as browsers check it before they compile.
    #[test]
    fn every_kernel_is_valid_wgsl() {
        let mut checked = Vec::new();
        let with_each_activation = Activation::ALL.map(Activation::name).into_iter().flat_map(|name| {
            ["dense9,dense8", "conv3k3s2,dropout0.5"]
                .map(|encoder| format!("encoder={encoder}&activation={name}&output={name}"))
        });
        let chosen = [
            "",
            "encoder=dense9,dense8&activation=tanh&output=sigmoid",
            "encoder=dense9&output=sigmoid&loss=bce",
            "encoder=conv3k3s2,dropout0.5,conv4k5s1,dense8&output=sigmoid&loss=bce&variational=1",
            "encoder=conv8k3s2,conv16k3s2&activation=tanh&corruption=gaussian0.4",
            "encoder=dense9,dropout0.5&activation=sigmoid&corruption=masking0.5&output=tanh",
            "encoder=dense9,dropout0.5&variational=1",
        ];
        for fragment in chosen.map(String::from).into_iter().chain(with_each_activation) {
            let network = Network::new(&crate::general::model(&fragment), 8);
            for kernel in network.kernels() {
                if checked.contains(&kernel) {
                    continue;
                }
                let source = kernel.source(network.image_blocks());
                let module = wgsl::parse_str(&source)
                    .unwrap_or_else(|error| panic!("{kernel:?}: {}", error.emit_to_string(&source)));
                let mut validator = Validator::new(ValidationFlags::all(), Capabilities::empty());
                let valid = validator.validate(&module);
                assert!(valid.is_ok(), "{kernel:?}: {}", valid.unwrap_err().emit_to_string(&source));
                checked.push(kernel);
            }
        }
        assert!(checked.len() > 40, "{}", checked.len());
    }
}
