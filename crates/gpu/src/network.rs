//! A network on the device: its passes and buffers, for models of dense layers and for any other.

use super::{
    general::{GeneralLayout, LAYER_WORDS, MAX_LAYERS as MAX_GENERAL_LAYERS, Map},
    kernel::Kernel,
    layout::{BLOCK, LayerLayout, Layout, MAX_LAYERS, ROWS},
    readback::FLOAT,
    schedule::{Dispatch, Task},
};
use latent_core::{model::ModelSpec, weights::Weights};

/// Layers of any model.
pub(super) const MOST_LAYERS: usize =
    if MAX_LAYERS > MAX_GENERAL_LAYERS { MAX_LAYERS } else { MAX_GENERAL_LAYERS };
/// Bytes of a buffer at most, even where a device takes more: what every device accepts.
const MOST_BYTES: u64 = 128 << 20;

/// Where everything of a network is stored, and the passes over it, with room for so many images at once.
#[derive(Clone, Debug)]
pub(super) enum Network {
    /// Deterministic networks of dense layers have kernels of their own.
    Dense(Layout),
    /// Models of any kind.
    General(GeneralLayout),
}

/// Which kernels a network has: [`Network::new`] or [`Network::general`].
pub(super) type LayOut = fn(&ModelSpec, usize) -> Network;

/// Calls a method of either layout, or reads a field.
macro_rules! of_either {
    ($self:ident, $layout:ident => $value:expr) => {
        match $self {
            Network::Dense($layout) => $value,
            Network::General($layout) => $value,
        }
    };
}

impl Network {
    pub(super) fn new(model: &ModelSpec, images: usize) -> Self {
        match model.beyond_dense() {
            None => Self::Dense(Layout::new(model, images)),
            Some(_) => Self::general(model, images),
        }
    }

    /// The same with kernels that store the gradients by weights, whatever the model is.
    pub(super) fn general(model: &ModelSpec, images: usize) -> Self {
        Self::General(GeneralLayout::new(model, images))
    }

    /// How many images are trained at once where buffers and dispatches are limited to these sizes: so many that a batch of
    /// any size is trained, whatever else it takes.
    pub(super) fn images_at_once(
        lay_out: LayOut,
        model: &ModelSpec,
        largest_buffer: u64,
        most_workgroups: usize,
    ) -> usize {
        if let Self::Dense(_) = lay_out(model, ROWS) {
            return usize::MAX;
        }
        let mut images = 1 << 12;
        while images > ROWS && !lay_out(model, images).fits(largest_buffer, most_workgroups) {
            images /= 2;
        }
        images
    }

    /// Whether no buffer and no dispatch is larger.
    pub(super) fn fits(&self, largest_buffer: u64, most_workgroups: usize) -> bool {
        let workgroups = self.passes(Task::Train, self.rows()).iter().map(|pass| pass.workgroups).max();
        let limit = match self {
            Self::Dense(_) => largest_buffer,
            Self::General(_) => largest_buffer.min(MOST_BYTES),
        };
        self.largest_buffer() <= limit && workgroups.unwrap_or_default() <= most_workgroups
    }

    /// Bytes of the largest buffer.
    pub(super) fn largest_buffer(&self) -> u64 {
        (FLOAT * BLOCK * self.weights().max(self.activations()).max(self.gradients())) as u64
    }

    pub(super) fn passes(&self, task: Task, images: usize) -> Vec<Dispatch> {
        of_either!(self, layout => layout.passes(task, images))
    }

    /// The passes behind those of all parts of a batch.
    pub(super) fn update(&self) -> Vec<Dispatch> {
        match self {
            Self::Dense(_) => Vec::new(),
            Self::General(layout) => layout.update(),
        }
    }

    pub(super) fn kernels(&self) -> Vec<Kernel> {
        of_either!(self, layout => layout.kernels())
    }

    /// Blocks of an image in the buffer of pixels.
    pub(super) fn image_blocks(&self) -> usize {
        of_either!(self, layout => layout.image_blocks)
    }

    /// Images that there is room for.
    pub(super) fn rows(&self) -> usize {
        of_either!(self, layout => layout.rows)
    }

    /// Blocks of weights.
    pub(super) fn weights(&self) -> usize {
        of_either!(self, layout => layout.weights)
    }

    /// Blocks of activations and their gradients.
    pub(super) fn activations(&self) -> usize {
        of_either!(self, layout => layout.activations)
    }

    /// Blocks of gradients by weights. Networks of dense layers store none.
    pub(super) fn gradients(&self) -> usize {
        match self {
            Self::Dense(_) => 1,
            Self::General(layout) => layout.gradients,
        }
    }

    /// `nodes` of `Step` in `wgsl/common.wgsl`.
    pub(super) fn nodes(&self) -> usize {
        match self {
            Self::Dense(layout) => layout.nodes.unwrap_or_default(),
            Self::General(layout) => layout.heads().unwrap_or_default(),
        }
    }

    /// Sums that are read back for each four images.
    pub(super) fn sums(&self) -> usize {
        match self {
            Self::Dense(_) => 1,
            Self::General(_) => 2,
        }
    }

    /// The layers as the passes read them, and how many words there is room for.
    pub(super) fn layer_words(&self) -> (Vec<u32>, usize) {
        match self {
            Self::Dense(layout) => {
                let words: Vec<_> = layout.layers.iter().map(LayerLayout::words).collect();
                let length = words.first().map_or(0, |words| words.len());
                (words.concat(), MAX_LAYERS * length)
            }
            Self::General(layout) => (layout.words(), MAX_GENERAL_LAYERS * LAYER_WORDS),
        }
    }

    /// Where codes are, of a variational model their means.
    pub(super) fn codes(&self) -> Map {
        match self {
            Self::Dense(layout) => layout.outputs(layout.encoder - 1),
            Self::General(layout) => layout.codes(),
        }
    }

    /// Where the logarithms of a variational code's variances are.
    pub(super) fn log_variances(&self) -> Map {
        match self {
            Self::Dense(layout) => layout.outputs(layout.encoder - 1),
            Self::General(layout) => layout.log_variances(),
        }
    }

    /// Where decoded images are.
    pub(super) fn images(&self) -> Map {
        match self {
            Self::Dense(layout) => layout.outputs(layout.layers.len() - 1),
            Self::General(layout) => layout.images(),
        }
    }

    /// Codes as the decoder reads them, and where.
    pub(super) fn code_rows(&self, codes: &[f32], units: usize) -> (usize, Vec<f32>) {
        let map = match self {
            Self::Dense(layout) => layout.outputs(layout.encoder - 1),
            Self::General(layout) => layout.code,
        };
        let length = BLOCK * map.image;
        let mut rows = vec![0.0; codes.len() / units * length];
        for (row, code) in rows.chunks_exact_mut(length).zip(codes.chunks_exact(units)) {
            if let Self::Dense(_) = self {
                row[length - BLOCK] = 1.0;
            }
            row[..units].copy_from_slice(code);
        }
        (map.start, rows)
    }

    pub(super) fn pack(&self, weights: &Weights, model: &ModelSpec) -> Vec<f32> {
        match self {
            Self::Dense(layout) => layout.pack(weights),
            Self::General(layout) => layout.pack(weights, model),
        }
    }

    pub(super) fn unpack(&self, packed: &[f32], model: &ModelSpec) -> Weights {
        of_either!(self, layout => layout.unpack(packed, model))
    }
}
