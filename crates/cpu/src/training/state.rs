//! All that training changes: weights, Adam's moments, and the number of steps.

use crate::{
    adam::{Adam, Parameters},
    network::Network,
    simd::Simd,
    tensors::{Dense, LayerShape, Tensors},
};
use latent_core::{
    team::Rank,
    training::{Progress, TrainerError},
};
use std::ops::Range;

/// All that training changes.
pub(super) struct State<F, const WIDE: usize> {
    pub(super) network: Network<F, WIDE>,
    pub(super) first_moment: Tensors,
    pub(super) second_moment: Tensors,
    pub(super) steps: u64,
    pub(super) adam: Adam,
}

/// The weights of a panel of a layer, and their moments.
pub(super) struct ParameterPanel<'a> {
    pub(super) layer: usize,
    pub(super) panel: usize,
    /// `[rows, width]`
    pub(super) kernel: Parameters<'a>,
    /// `[width]`
    pub(super) bias: Parameters<'a>,
}

impl<F: Simd, const WIDE: usize> State<F, WIDE> {
    pub(super) fn new(mut network: Network<F, WIDE>, progress: &Progress) -> Result<Self, TrainerError> {
        let load = |weights| {
            let mut tensors = Tensors::zeros(&network.shape);
            tensors.load(&network.shape, weights).map(|()| tensors)
        };
        let [weights, first_moment, second_moment] =
            [load(&progress.weights)?, load(&progress.first_moment)?, load(&progress.second_moment)?];
        network.weights = weights;
        Ok(Self { network, first_moment, second_moment, steps: progress.steps, adam: Adam::default() })
    }

    pub(super) fn progress(&self) -> Progress {
        let shape = &self.network.shape;
        Progress {
            weights: self.network.weights.to_weights(shape),
            first_moment: self.first_moment.to_weights(shape),
            second_moment: self.second_moment.to_weights(shape),
            steps: self.steps,
        }
    }

    /// Begins the next step.
    pub(super) fn begin(&mut self, learning_rate: f32) {
        self.steps += 1;
        self.adam = Adam::at(learning_rate, self.steps);
    }

    /// Some panels of a layer, each of which one thread can update.
    pub(super) fn panels(
        &mut self,
        layer: usize,
        panels: Range<usize>,
    ) -> impl Iterator<Item = ParameterPanel<'_>> + Send {
        let shape = self.network.shape.layers[layer];
        let tensors = [&mut self.network.weights, &mut self.first_moment, &mut self.second_moment];
        panels_of(layer, shape, tensors.map(|tensors| &mut tensors.layers[layer]), panels)
    }

    /// The panels of all layers that this rank updates; all of them, if it is the only one.
    pub(super) fn panels_of(&mut self, rank: Rank) -> impl Iterator<Item = ParameterPanel<'_>> + Send {
        let weights = self.network.weights.layers.iter_mut();
        let moments = self.first_moment.layers.iter_mut().zip(&mut self.second_moment.layers);
        let layers = weights.zip(moments).zip(&self.network.shape.layers).enumerate();
        layers.flat_map(move |(layer, ((weights, (first, second)), &shape))| {
            panels_of(layer, shape, [weights, first, second], share(shape, rank))
        })
    }

    /// The memory of those panels piece by piece: of the weights, and with `kinds` = 3 of both moments too.
    pub(super) fn pieces_of(&mut self, rank: Rank, kinds: usize) -> Vec<&mut [u8]> {
        let tensors = [&mut self.network.weights, &mut self.first_moment, &mut self.second_moment];
        let layers = tensors
            .into_iter()
            .take(kinds)
            .flat_map(|tensors| tensors.layers.iter_mut().zip(&self.network.shape.layers));
        let pieces = layers.flat_map(|(Dense { kernel, bias }, &shape)| {
            let (panels, len, width) = (share(shape, rank), shape.panel_len(), shape.width);
            [
                &mut kernel[panels.start * len..panels.end * len],
                &mut bias[panels.start * width..panels.end * width],
            ]
        });
        pieces.map(bytemuck::cast_slice_mut).collect()
    }

    /// The weights and moments of a layer's kernel, and of its bias.
    pub(super) fn parameters(&mut self, layer: usize) -> [Parameters<'_>; 2] {
        let [weights, first, second] =
            [&mut self.network.weights, &mut self.first_moment, &mut self.second_moment]
                .map(|tensors| &mut tensors.layers[layer]);
        [
            [&mut weights.kernel, &mut first.kernel, &mut second.kernel],
            [&mut weights.bias, &mut first.bias, &mut second.bias],
        ]
    }
}

/// Which panels of a layer are a rank's.
fn share(shape: LayerShape, rank: Rank) -> Range<usize> {
    shape.panels * rank.index / rank.of..shape.panels * (rank.index + 1) / rank.of
}

fn panels_of<'a>(
    layer: usize,
    shape: LayerShape,
    tensors: [&'a mut Dense; 3],
    panels: Range<usize>,
) -> impl Iterator<Item = ParameterPanel<'a>> + Send {
    let (len, width) = (shape.panel_len(), shape.width);
    let [weights, first, second] = tensors.map(|Dense { kernel, bias }| {
        let kernel = kernel[panels.start * len..panels.end * len].chunks_exact_mut(len);
        kernel.zip(bias[panels.start * width..panels.end * width].chunks_exact_mut(width))
    });
    let tensors = weights.zip(first).zip(second);
    panels.zip(tensors).map(move |(panel, ((weights, first), second))| ParameterPanel {
        layer,
        panel,
        kernel: [weights.0, first.0, second.0],
        bias: [weights.1, first.1, second.1],
    })
}
