//! The training step: forward, the error, the gradients back, and Adam.
//!
//! A gradient at a layer lies both ways round (`gradient.rs`): unit below unit to go further back, image below
//! image to meet what the layer read. The gradients of kernels are never stored: Adam takes them from the
//! registers.
//!
//! Two ways to share a step out, one result for any number of threads:
//! - `narrow.rs`, for one hidden layer: by columns of the two large layers, so that only what crosses the narrow code
//!   passes between parts. Workers that share no memory can do that, too (`member.rs`).
//! - `deep.rs`, for any depth: by images on the way there and back, and then by strips of the weights.

mod decoder;
mod deep;
mod gradient;
mod member;
mod narrow;
mod part;

pub(super) use self::member::{Member, Share};
use self::{deep::Deep, narrow::Narrow};
use super::{
    adam::{Adam, Parameters},
    crew::Crew,
    inference::Infer,
    network::Network,
    simd::Simd,
    tensors::{Dense, LayerShape, Tensors},
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Progress, TrainerError},
};
use std::ops::Range;

/// A network in training, whatever the vectors are.
pub(super) trait Train {
    /// One step on the images that `batch` names; gives their mean squared error before it.
    fn step(&mut self, crew: &mut Crew, images: &Images, batch: &[u32], learning_rate: f32) -> f64;
    /// A copy of all that training has changed.
    fn progress(&self) -> Progress;
    /// The network as it is now.
    fn network(&self) -> &dyn Infer;
    /// The phases of a step one by one, if parts of it can be computed elsewhere.
    fn as_member(&mut self) -> Option<&mut dyn Member>;
}

/// Training that goes on from `progress`.
pub(super) fn start<F: Simd, const WIDE: usize>(
    model: &ModelSpec,
    progress: &Progress,
) -> Result<Box<dyn Train>, TrainerError> {
    let state = State::<F, WIDE>::new(model, progress)?;
    Ok(if model.hidden().len() == 1 { Box::new(Narrow::new(state)) } else { Box::new(Deep::new(state)) })
}

/// All that training changes.
struct State<F, const WIDE: usize> {
    network: Network<F, WIDE>,
    first_moment: Tensors,
    second_moment: Tensors,
    steps: u64,
    adam: Adam,
}

/// The weights of a strip of a layer, and their moments.
struct Strip<'a> {
    layer: usize,
    strip: usize,
    /// `[rows, width]`
    kernel: Parameters<'a>,
    /// `[width]`
    bias: Parameters<'a>,
}

impl<F: Simd, const WIDE: usize> State<F, WIDE> {
    fn new(model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        let mut network = Network::new(model);
        let load = |weights| {
            let mut tensors = Tensors::zeros(&network.shape);
            tensors.load(&network.shape, weights).map(|()| tensors)
        };
        let [weights, first_moment, second_moment] =
            [load(&progress.weights)?, load(&progress.first_moment)?, load(&progress.second_moment)?];
        network.weights = weights;
        Ok(Self { network, first_moment, second_moment, steps: progress.steps, adam: Adam::default() })
    }

    fn progress(&self) -> Progress {
        let shape = &self.network.shape;
        Progress {
            weights: self.network.weights(),
            first_moment: self.first_moment.to_weights(shape),
            second_moment: self.second_moment.to_weights(shape),
            steps: self.steps,
        }
    }

    /// Goes on to the next step.
    fn begin(&mut self, learning_rate: f32) {
        self.steps += 1;
        self.adam = Adam::at(learning_rate, self.steps);
    }

    /// Some strips of a layer, to be updated by whoever takes them.
    fn strips(&mut self, layer: usize, strips: Range<usize>) -> impl Iterator<Item = Strip<'_>> + Send {
        let shape = self.network.shape.layers[layer];
        let tensors = [&mut self.network.weights, &mut self.first_moment, &mut self.second_moment];
        strips_of(layer, shape, tensors.map(|tensors| &mut tensors.layers[layer]), strips)
    }

    /// All strips of all layers.
    fn all_strips(&mut self) -> impl Iterator<Item = Strip<'_>> + Send {
        let weights = self.network.weights.layers.iter_mut();
        let moments = self.first_moment.layers.iter_mut().zip(&mut self.second_moment.layers);
        let layers = weights.zip(moments).zip(&self.network.shape.layers).enumerate();
        layers.flat_map(|(layer, ((weights, (first, second)), &shape))| {
            strips_of(layer, shape, [weights, first, second], 0..shape.strips)
        })
    }

    /// The weights and moments of a layer's kernel, and of its bias.
    fn parameters(&mut self, layer: usize) -> [Parameters<'_>; 2] {
        let [weights, first, second] =
            [&mut self.network.weights, &mut self.first_moment, &mut self.second_moment]
                .map(|tensors| &mut tensors.layers[layer]);
        [
            [&mut weights.kernel, &mut first.kernel, &mut second.kernel],
            [&mut weights.bias, &mut first.bias, &mut second.bias],
        ]
    }
}

fn strips_of<'a>(
    layer: usize,
    shape: LayerShape,
    tensors: [&'a mut Dense; 3],
    strips: Range<usize>,
) -> impl Iterator<Item = Strip<'a>> + Send {
    let (len, width) = (shape.strip_len(), shape.width);
    let [weights, first, second] = tensors.map(|Dense { kernel, bias }| {
        let kernel = kernel[strips.start * len..strips.end * len].chunks_exact_mut(len);
        kernel.zip(bias[strips.start * width..strips.end * width].chunks_exact_mut(width))
    });
    let tensors = weights.zip(first).zip(second);
    strips.zip(tensors).map(move |(strip, ((weights, first), second))| Strip {
        layer,
        strip,
        kernel: [weights.0, first.0, second.0],
        bias: [weights.1, first.1, second.1],
    })
}
