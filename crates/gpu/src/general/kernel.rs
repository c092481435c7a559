//! The kernels: which pieces of WGSL each is put together from.

use crate::activation::Activation;
use latent_core::model::{Corruption, LossKind};

macro_rules! wgsl {
    ($($name:literal),* $(,)?) => { &[$(include_str!(concat!("../wgsl/", $name, ".wgsl"))),*] };
}

/// A kernel, which `wgsl/general/` describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GeneralKernel {
    /// The images' bytes to what the first layer reads.
    Inputs(InputKind),
    /// One map of a layer to the other.
    Product {
        direction: Direction,
        store: Store,
        /// Columns of blocks in a tile.
        wide: usize,
        /// Whether the layer is dense.
        is_flat: bool,
    },
    /// The heads' outputs to the code: drawn, or the mean.
    Sample { is_drawn: bool },
    /// The values' losses and the heads' outputs to sums by four images.
    SumLosses { is_variational: bool },
    /// The gradients of all kernels, in parts.
    KernelGradients,
    /// The gradients of all biases, in parts of their own.
    BiasGradients,
    /// Updates all weights.
    Update,
}

/// What is done to the images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputKind {
    Clean,
    Gaussian,
    Masked,
}

/// Which map a product computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    SmallFromLarge,
    LargeFromSmall,
}

/// What becomes of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// The layer's outputs, with the derivatives where the backward pass needs them stored, and with dropout.
    Outputs { activation: Activation, saves: bool, is_dropped: bool },
    /// The values' losses and the last layer's gradient, whose map may be unrolled.
    Losses { activation: Activation, loss: LossKind, unrolled: bool },
    /// The gradient of the layer before.
    Gradient(Gradient),
}

/// Where the gradient of the layer before comes from, besides the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gradient {
    /// The derivative is computed from the value.
    Computed,
    /// The forward pass has saved the derivative.
    Saved,
    /// The layer before are the heads of a variational code.
    OfCode,
}

impl From<Corruption> for InputKind {
    fn from(corruption: Corruption) -> Self {
        match corruption {
            Corruption::None => Self::Clean,
            Corruption::Gaussian { .. } => Self::Gaussian,
            Corruption::Masking { .. } => Self::Masked,
        }
    }
}

const CODE: &[&str] = wgsl!["general/code", "general/exponential"];
const PLACE: &[&str] = wgsl!["general/place_map"];
const DRAWN: &[&str] = wgsl!["general/deviates", "general/noise", "general/normal"];

impl GeneralKernel {
    /// The kernel's WGSL, behind `common.wgsl`.
    pub(crate) fn pieces(self) -> Vec<&'static str> {
        let mut pieces = wgsl!["general/layer"].to_vec();
        let own: Vec<&[&str]> = match self {
            Self::Inputs(kind) => vec![wgsl!["general/inputs"], kind.pieces()],
            Self::Product { direction, store, wide, is_flat } => {
                let operands: &[_] = match (direction, is_flat) {
                    (Direction::SmallFromLarge, true) => wgsl!["general/dense_forward", "general/place_flat"],
                    (Direction::LargeFromSmall, true) => {
                        wgsl!["general/dense_backward", "general/place_flat"]
                    }
                    (Direction::SmallFromLarge, false) => {
                        wgsl!["general/small_from_large", "general/place_map"]
                    }
                    (Direction::LargeFromSmall, false) => {
                        wgsl!["general/large_from_small", "general/place_map"]
                    }
                };
                [vec![wgsl!["product"], tile(wide), operands], store.pieces()].concat()
            }
            Self::Sample { is_drawn: true } => {
                vec![wgsl!["general/sample", "general/code_drawn"], CODE, DRAWN, PLACE]
            }
            Self::Sample { is_drawn: false } => vec![wgsl!["general/sample", "general/code_mean"], CODE],
            Self::SumLosses { is_variational: true } => {
                vec![wgsl!["general/sum_losses", "general/divergence"], CODE]
            }
            Self::SumLosses { is_variational: false } => {
                vec![wgsl!["general/sum_losses", "general/divergence_none"]]
            }
            Self::KernelGradients => {
                vec![wgsl!["product", "tile_2x2", "general/kernel_gradients", "general/add_gradient"]]
            }
            Self::BiasGradients => vec![wgsl!["general/bias_gradients", "general/add_gradient"], PLACE],
            Self::Update => vec![wgsl!["general/update", "adam"]],
        };
        own.into_iter().for_each(|own| pieces.extend(own));
        pieces
    }
}

fn tile(wide: usize) -> &'static [&'static str] {
    if wide == 1 { wgsl!["tile_2x1"] } else { wgsl!["tile_2x2"] }
}

impl InputKind {
    fn pieces(self) -> &'static [&'static str] {
        match self {
            Self::Clean => wgsl!["general/input_clean"],
            Self::Gaussian => {
                wgsl!["general/input_corrupted", "general/input_gaussian", "general/noise", "general/normal"]
            }
            Self::Masked => wgsl!["general/input_corrupted", "general/input_masked", "general/noise"],
        }
    }
}

impl Store {
    fn pieces(self) -> Vec<&'static [&'static str]> {
        match self {
            Self::Outputs { activation, saves, is_dropped } => {
                let block: &[_] = match (saves, is_dropped) {
                    (_, true) => wgsl!["general/block_saved", "general/dropped", "general/noise"],
                    (true, false) => wgsl!["general/block_saved", "general/kept"],
                    (false, false) => wgsl!["general/block_plain"],
                };
                vec![wgsl!["general/store_outputs"], block, activation.function()]
            }
            Self::Losses { activation, loss, unrolled } => {
                let gradient: &[_] = match unrolled {
                    true => wgsl!["general/gradient_unrolled"],
                    false => wgsl!["general/gradient_plain"],
                };
                let loss: &[_] = match loss {
                    LossKind::MeanSquaredError => wgsl!["loss/pixel_loss", "loss/squared_error"],
                    LossKind::BinaryCrossEntropy => wgsl!["loss/pixel_loss", "loss/binary_cross_entropy"],
                };
                let store = wgsl!["general/store_losses", "general/image_values"];
                vec![store, gradient, loss, activation.function()]
            }
            Self::Gradient(Gradient::Computed) => vec![
                wgsl!["general/store_gradient", "general/derivative_computed"],
                Activation::PiecewiseLinear.function(),
            ],
            Self::Gradient(Gradient::Saved) => {
                vec![wgsl!["general/store_gradient", "general/derivative_saved"]]
            }
            Self::Gradient(Gradient::OfCode) => vec![wgsl!["general/store_code_gradient"], CODE, DRAWN],
        }
    }
}
