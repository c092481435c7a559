//! The training step: forward, the error, the gradients back, and Adam.
//!
//! A gradient at a layer lies both ways round (`gradient.rs`): unit below unit to go further back, image below
//! image to meet what the layer read. The gradients of kernels are never stored: Adam takes them from the
//! registers.
//!
//! Two ways to share a step out, one result for any number of threads:
//! - `column_parallel.rs`, for one hidden layer: by columns of the two large layers, so that only what crosses the narrow code
//!   passes between blocks. Workers that share no memory can do that, too (`column_worker.rs`).
//! - `data_parallel.rs`, for any depth: by images on the way there and back, and then by panels of the weights.

mod column_block;
mod column_parallel;
mod column_worker;
mod data_parallel;
mod decoder_block;
mod gradient;

pub(super) use self::column_worker::{ColumnWorker, Payload};
use self::{column_parallel::ColumnParallel, data_parallel::DataParallel};
use super::{
    adam::{Adam, Parameters},
    inference::Infer,
    network::Network,
    simd::Simd,
    tensors::{Dense, LayerShape, Tensors},
    thread_pool::ThreadPool,
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
    fn step(&mut self, pool: &mut ThreadPool, images: &Images, batch: &[u32], learning_rate: f32) -> f64;
    /// A copy of all that training has changed.
    fn progress(&self) -> Progress;
    /// The network as it is now.
    fn network(&self) -> &dyn Infer;
    /// The phases of a step one by one, if blocks of it can be computed elsewhere.
    fn as_column_worker(&mut self) -> Option<&mut dyn ColumnWorker>;
}

/// Training that goes on from `progress`.
pub(super) fn start<F: Simd, const WIDE: usize>(
    model: &ModelSpec,
    progress: &Progress,
) -> Result<Box<dyn Train>, TrainerError> {
    let state = State::<F, WIDE>::new(model, progress)?;
    Ok(if state.network.shape.is_column_parallel() {
        Box::new(ColumnParallel::new(state))
    } else {
        Box::new(DataParallel::new(state))
    })
}

/// All that training changes.
struct State<F, const WIDE: usize> {
    network: Network<F, WIDE>,
    first_moment: Tensors,
    second_moment: Tensors,
    steps: u64,
    adam: Adam,
}

/// The weights of a panel of a layer, and their moments.
struct ParameterPanel<'a> {
    layer: usize,
    panel: usize,
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

    /// Some panels of a layer, to be updated by whoever takes them.
    fn panels(
        &mut self,
        layer: usize,
        panels: Range<usize>,
    ) -> impl Iterator<Item = ParameterPanel<'_>> + Send {
        let shape = self.network.shape.layers[layer];
        let tensors = [&mut self.network.weights, &mut self.first_moment, &mut self.second_moment];
        panels_of(layer, shape, tensors.map(|tensors| &mut tensors.layers[layer]), panels)
    }

    /// All panels of all layers.
    fn all_panels(&mut self) -> impl Iterator<Item = ParameterPanel<'_>> + Send {
        let weights = self.network.weights.layers.iter_mut();
        let moments = self.first_moment.layers.iter_mut().zip(&mut self.second_moment.layers);
        let layers = weights.zip(moments).zip(&self.network.shape.layers).enumerate();
        layers.flat_map(|(layer, ((weights, (first, second)), &shape))| {
            panels_of(layer, shape, [weights, first, second], 0..shape.panels)
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
