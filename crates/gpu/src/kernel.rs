//! The kernels: which pieces of WGSL each is put together from.

use super::{
    activation::{Activation, wgsl},
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
}

impl Kernel {
    /// The kernel's WGSL, for images of so many blocks.
    pub(super) fn source(self, image_blocks: usize) -> String {
        let mut constants = format!(
            "const ONE_MINUS_BETA_1 = {:?};\nconst ONE_MINUS_BETA_2 = {:?};\nconst EPSILON = {EPSILON:?};\n",
            1.0 - BETA_1,
            1.0 - BETA_2
        );
        let sizes = [
            ("LANES", LANES),
            ("MAX_LAYERS", MAX_LAYERS),
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
