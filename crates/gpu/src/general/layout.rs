//! Where everything of a model is stored.

use super::{
    layer::{Dropout, GeneralLayer, Reads, geometry, is_better_unrolled},
    map::{Border, Map},
};
use crate::{
    activation::Activation,
    layout::{BLOCK, LANES, ROWS, image_blocks, workgroups},
};
use latent_core::model::{
    Convolution, Corruption, Half, ImageShape, Layer, LayerKind, LossKind, ModelSpec, Role, Shape,
};

/// Layers that `layers` in `wgsl/general/layer.wgsl` has room for: four convolutions, four dense layers and a code, and in
/// the decoder a dense layer and five transposed convolutions.
pub(crate) const MAX_LAYERS: usize = 16;
/// Invocations that a kernel's gradient is divided over, if its sums are long enough.
const INVOCATIONS: usize = 8_192;
/// Parts of a kernel's sums over a batch at most: the update adds them one after another.
const MOST_PARTS: usize = 128;
/// Parts of a bias's sums at most. A bias is short, so that only many parts keep many invocations at work.
const MOST_SUM_PARTS: usize = 256;
/// Rows of pixels, of four images each, that such a part has at least: an invocation has to find its layer first.
const FEWEST_ROWS: usize = 4;
/// Images in fours that the parts are made for. It is no capacity: with fewer images some parts have none.
const FOURS: usize = 64;
/// Columns of blocks in a tile of a kernel's gradient.
pub(super) const TILE: usize = 2;

/// Where everything of a model is stored, with room for so many images at once.
#[derive(Clone, Debug)]
pub(crate) struct GeneralLayout {
    pub(super) layers: Vec<GeneralLayer>,
    pub(super) loss: LossKind,
    pub(super) corruption: Corruption,
    /// How many of the layers are the encoder's.
    pub(super) encoder: usize,
    pub(super) is_variational: bool,
    /// What the decoder reads.
    pub(crate) code: Map,
    /// Blocks of an image in the buffer of pixels.
    pub(crate) image_blocks: usize,
    /// Images that there is room for.
    pub(crate) rows: usize,
    /// Blocks of weights, of activations and gradients by them, and of gradients by weights.
    pub(crate) weights: usize,
    pub(crate) activations: usize,
    pub(crate) gradients: usize,
}

/// A layer of the model's list with what the passes compute together with it.
struct Group {
    layer: Layer,
    dropout: Option<Dropout>,
    is_heads: bool,
}

/// The layers with weights, each with the dropout behind it; both heads as one.
fn groups(model: &ModelSpec) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut number = 0;
    for layer in model.layers() {
        match (layer.kind, layer.role, groups.last_mut()) {
            (LayerKind::Dropout { rate, .. }, _, Some(last)) => {
                last.dropout = Some(Dropout { number, rate });
                number += 1;
            }
            (_, Role::LogVariance, Some(last)) => last.is_heads = true,
            _ => groups.push(Group { layer, dropout: None, is_heads: false }),
        }
    }
    groups
}

impl Group {
    /// What the layer gives: a dense layer gives a map where the next one reads a map. The heads' outputs are halves.
    fn shape(&self, next: Option<&Self>) -> Shape {
        let next = next.filter(|next| !matches!(next.layer.kind, LayerKind::Dense));
        match next {
            _ if self.is_heads => Shape::Flat(2 * self.layer.outputs.next_multiple_of(BLOCK)),
            Some(next) => next.layer.input_shape(),
            None => self.layer.output_shape(),
        }
    }

    /// What has to surround the layer's outputs where the next layer reads them.
    fn border_of_input(&self) -> Border {
        match self.layer.kind {
            LayerKind::Conv2d(convolution) => Border::of_large(&convolution),
            LayerKind::Conv2dTranspose(convolution) => Border::of_small(&convolution),
            LayerKind::Dense | LayerKind::Dropout { .. } => Border::default(),
        }
    }

    /// What has to surround the gradient by the layer's outputs where the layer's backward pass reads it.
    fn border_of_gradient(&self) -> Border {
        match self.layer.kind {
            LayerKind::Conv2d(convolution) => Border::of_small(&convolution),
            LayerKind::Conv2dTranspose(convolution) => Border::of_large(&convolution),
            LayerKind::Dense | LayerKind::Dropout { .. } => Border::default(),
        }
    }
}

/// The large map with the pixels under a row of the kernel as its channels: a pixel for each column of the small map.
fn unrolled(convolution: &Convolution, start: usize) -> Map {
    let Convolution { large, small, kernel, .. } = *convolution;
    let shape = ImageShape { height: large.height, width: small.width, channels: kernel * large.channels };
    Map::new(shape, Border::of_large(convolution).rows_only(), start)
}

impl GeneralLayout {
    pub(crate) fn new(model: &ModelSpec, images: usize) -> Self {
        let rows = images.next_multiple_of(ROWS);
        let groups = groups(model);
        // The values' losses come first.
        let last = &groups[groups.len() - 1].layer;
        let mut activations = rows / BLOCK * Map::of(last.output_shape(), Border::default(), 0).image;
        let mut take = |map: &dyn Fn(usize) -> Map| {
            let map = map(activations);
            activations += rows * map.image;
            map
        };

        let first = &groups[0];
        let shape = first.layer.input_shape();
        let mut input = match first.layer.kind {
            LayerKind::Conv2d(convolution) if is_better_unrolled(&convolution) => {
                let large = take(&|start| unrolled(&convolution, start));
                Map { start: large.start, ..Map::of(shape, Border::default(), large.start) }
            }
            _ => take(&|start| Map::of(shape, first.border_of_input(), start)),
        };
        let mut code = input;
        let (mut input_gradient, mut input_slope) = (Map::default(), 0.0);
        let mut totals = Totals::default();
        let mut layers: Vec<GeneralLayer> = Vec::with_capacity(groups.len());
        for (number, group) in groups.iter().enumerate() {
            let layer = &group.layer;
            let is_last = number + 1 == groups.len();
            let next = groups.get(number + 1);
            let border = next.map(Group::border_of_input).unwrap_or_default();
            let shape = group.shape(next);
            let plain = Map::of(shape, Border::default(), 0);
            let (reads, convolution) = geometry(layer, input.image, plain.image);
            let is_unrolled = (number == 0 && reads == Reads::Large
                || is_last && reads == Reads::Small && convolution.stride == 1)
                && is_better_unrolled(&convolution);
            let output = take(&|start| Map::of(shape, border, start));
            let output_gradient = take(&|start| match (reads, layer.kind) {
                (Reads::Small, _) if is_unrolled => unrolled(&convolution, start),
                (_, LayerKind::Dense) => Map::of(shape, Border::default(), start).flattened(),
                // The first layer's backward pass computes no gradient by its inputs.
                _ if number == 0 => Map::of(shape, Border::default(), start),
                _ => Map::of(shape, group.border_of_gradient(), start),
            });
            let read = match (reads, layer.kind) {
                (Reads::Large, LayerKind::Dense) => input.flattened(),
                (Reads::Large, _) if is_unrolled => unrolled(&convolution, input.start),
                _ => input,
            };
            let (large, small) = match reads {
                Reads::Large => (read, output_gradient),
                Reads::Small => (output_gradient, read),
            };
            let own = GeneralLayer {
                reads,
                convolution,
                unrolled: is_unrolled,
                activation: Activation::from(layer.function),
                slope: layer.function.negative_slope().unwrap_or_default(),
                dropout: group.dropout,
                large,
                small,
                input,
                output,
                input_gradient,
                output_gradient,
                weights: totals.weights,
                gradient: totals.gradients,
                parts: 0,
                sum_parts: 0,
                part_groups: 0,
                groups_before: totals.groups,
                sums_before: totals.sums,
                input_slope,
            };
            let own = own.in_parts();
            totals.add(&own);
            let gradient = match layer.kind {
                // As the map that the layer gives.
                LayerKind::Dense => Map::of(shape, Border::default(), output_gradient.start),
                _ => output_gradient,
            };
            (input, input_gradient, input_slope) = (output, gradient, own.slope);
            if matches!(layer.role, Role::Code | Role::Mean) {
                // What the decoder reads.
                code = match group.is_heads {
                    true => take(&|start| Map::of(Shape::Flat(layer.outputs), Border::default(), start)),
                    false => output,
                };
                input = code;
            }
            layers.push(own);
        }
        let encoder = groups.iter().filter(|group| group.layer.half == Half::Encoder).count();
        Self {
            layers,
            loss: model.loss.kind,
            corruption: model.corruption,
            encoder,
            is_variational: model.is_variational(),
            code,
            image_blocks: image_blocks(model),
            rows,
            weights: totals.weights,
            activations,
            gradients: totals.gradients,
        }
    }

    /// Where the codes of images are: of a variational model, their means, followed by the logarithms of their variances.
    pub(crate) fn codes(&self) -> Map {
        let heads = self.layers[self.encoder - 1].output;
        Map { channels: self.code.channels, blocks: self.code.blocks, ..heads }
    }

    /// Where the logarithms of a variational code's variances are.
    pub(crate) fn log_variances(&self) -> Map {
        let codes = self.codes();
        Map { at: codes.at + self.code.blocks, ..codes }
    }

    /// Where decoded images are.
    pub(crate) fn images(&self) -> Map {
        self.layers[self.layers.len() - 1].output
    }

    /// The layers as the passes read them.
    pub(crate) fn words(&self) -> Vec<u32> {
        self.layers.iter().flat_map(GeneralLayer::words).collect()
    }

    /// The number of the layer that is both heads, if there is one.
    pub(crate) fn heads(&self) -> Option<usize> {
        self.is_variational.then(|| self.encoder - 1)
    }
}

impl GeneralLayer {
    /// The layer with its sums over a batch divided into parts.
    fn in_parts(self) -> Self {
        let columns = self.small_blocks();
        let tiles = self.kernel_blocks().div_ceil(2) * columns.div_ceil(TILE);
        let part_groups = workgroups(self.kernel_blocks().next_multiple_of(2), columns, TILE);
        let parts = (INVOCATIONS / tiles).clamp(1, MOST_PARTS.min(FOURS * self.small.height));
        let most = MOST_SUM_PARTS.min(FOURS / FEWEST_ROWS * self.output_gradient.height);
        let sum_parts = (INVOCATIONS / self.output_blocks()).clamp(1, most);
        Self { parts, sum_parts, part_groups, ..self }
    }
}

/// What the layers so far take.
#[derive(Default)]
struct Totals {
    weights: usize,
    gradients: usize,
    groups: usize,
    sums: usize,
}

impl Totals {
    fn add(&mut self, layer: &GeneralLayer) {
        self.weights += layer.size();
        self.gradients += layer.gradient_blocks();
        self.groups += layer.parts * layer.part_groups;
        self.sums += layer.sum_parts * layer.output_blocks();
    }
}

impl GeneralLayout {
    /// Workgroups of the kernels' gradients, and of the biases'.
    pub(super) fn gradient_groups(&self) -> [usize; 2] {
        let mut totals = Totals::default();
        self.layers.iter().for_each(|layer| totals.add(layer));
        [totals.groups, totals.sums.div_ceil(LANES)]
    }
}
