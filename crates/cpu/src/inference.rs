//! Inference: codes of images, images of codes, the loss over images.

use super::{
    activation::Activation,
    instructions::{Instructions, with_vectors},
    linear::LinearRegions,
    network::{Network, Pass, grow},
    objective::PanelTarget,
    simd::{Simd, VECTORS, load, run, store, vectors},
    thread_pool::ThreadPool,
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    training::{Losses, TrainerError},
    weights::Weights,
};
use std::ops::Range;

/// Images that a thread computes at once: their activations fit a processor's second-level cache.
const BLOCK: usize = 256;

/// A network for inference, for any vectors.
pub(super) trait Infer {
    /// Takes other weights.
    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError>;
    /// A copy of the weights.
    fn weights(&self) -> Weights;
    /// This part of these images' codes: `[which, code]`.
    fn encode(
        &self,
        workspace: &mut Workspace,
        images: &Images,
        which: Range<usize>,
        part: CodePart,
    ) -> Vec<f32>;
    /// The images at these codes: `[n, pixels]`.
    fn decode(&self, workspace: &mut Workspace, codes: &[f32]) -> Vec<f32>;
    /// The losses over these images, as validation takes them.
    fn evaluate(&self, workspace: &mut Workspace, images: &Images, which: Range<usize>) -> Losses;
}

/// What is asked for of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodePart {
    /// The code, or the mean of its distribution.
    Mean,
    /// The logarithm of the variance, of a variational model.
    LogVariance,
}

/// A deterministic network of any depth with zeros for weights. (Not generic, so that kernels are compiled with this crate: see
/// [`training::start`](super::training::start).)
pub(super) fn network(instructions: Instructions, model: &ModelSpec) -> Box<dyn Infer> {
    with_vectors!(instructions, of_any_depth(model))
}

/// A deterministic network with one hidden layer on each side of its code and zeros for weights.
pub(super) fn column_parallel_network(instructions: Instructions, model: &ModelSpec) -> Box<dyn Infer> {
    with_vectors!(instructions, column_parallel(model))
}

fn of_any_depth<F: Simd, const WIDE: usize>(model: &ModelSpec) -> Box<dyn Infer> {
    Box::new(Network::<F, WIDE>::of_any_depth(model))
}

fn column_parallel<F: Simd, const WIDE: usize>(model: &ModelSpec) -> Box<dyn Infer> {
    Box::new(Network::<F, WIDE>::column_parallel(model))
}

/// How images are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Clean,
    /// Corrupted, if the model asks for it.
    AsValidated,
}

/// Takes a block's gathered images (if it has any), a panel's first pixel, an image's number in the block, and the image's sums
/// from that pixel on.
type Put<'a> = dyn FnMut(&[u8], usize, usize, &mut [f32]) + 'a;

/// A thread pool, and the buffers that each thread needs for inference.
pub(super) struct Workspace {
    pub(super) pool: ThreadPool,
    bufferss: Vec<ThreadBuffers>,
}

#[derive(Default)]
struct ThreadBuffers {
    pass: Pass,
    linear: LinearRegions,
    /// What the basis gives at a panel of the output: `[basis_rows, PANEL]`.
    of_basis: Vec<f32>,
    /// A panel of the output: `[rows, PANEL]`.
    outputs: Vec<f32>,
}

impl Workspace {
    /// A workspace for so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Self {
            pool: ThreadPool::new(threads),
            bufferss: (0..threads).map(|_| ThreadBuffers::default()).collect(),
        }
    }

    /// Cuts items into blocks, and `results` with them, where each item has `each` numbers. Calls `work` with a thread's buffers,
    /// a block and its results; every thread gets about as many blocks. Where a block ends does not depend on the number of
    /// threads, because the last bits of an image's results may depend on its block.
    fn share_out<T: Send>(
        &mut self,
        results: &mut [T],
        each: usize,
        work: impl Fn(&mut ThreadBuffers, Range<usize>, &mut [T]) + Sync,
    ) {
        let count = results.len() / each;
        let share = count.div_ceil(self.bufferss.len()).next_multiple_of(BLOCK).max(BLOCK);
        let shares = results.chunks_mut(share * each).enumerate();
        self.pool.for_each(self.bufferss.iter_mut().zip(shares), |(buffers, (at, results))| {
            for (block, results) in results.chunks_mut(BLOCK * each).enumerate() {
                let start = at * share + block * BLOCK;
                work(buffers, start..start + results.len() / each, results);
            }
        });
    }
}

impl<F: Simd, const WIDE: usize> Infer for Network<F, WIDE> {
    fn load(&mut self, weights: &Weights) -> Result<(), TrainerError> {
        self.weights.load(&self.shape, weights)
    }

    fn weights(&self) -> Weights {
        self.weights.to_weights(&self.shape)
    }

    fn encode(
        &self,
        workspace: &mut Workspace,
        images: &Images,
        which: Range<usize>,
        part: CodePart,
    ) -> Vec<f32> {
        let code = self.shape.code;
        let first = if part == CodePart::LogVariance { code } else { 0 };
        let mut codes = vec![0.0; which.len() * code];
        workspace.share_out(&mut codes, code, |ThreadBuffers { pass, .. }, block, codes| {
            let block = which.start + block.start..which.start + block.end;
            self.encode_block(pass, images, block, Reading::Clean);
            for (image, codes) in codes.chunks_exact_mut(code).enumerate() {
                for (c, to) in codes.iter_mut().enumerate() {
                    *to = pass.activations[self.shape.code_layer][self.code_at(image, first + c)];
                }
            }
        });
        codes
    }

    fn decode(&self, workspace: &mut Workspace, codes: &[f32]) -> Vec<f32> {
        let code = self.shape.code;
        let pixels = self.shape.pixels;
        let output = self.shape.layers[self.shape.output_layer()].activation;
        let mut images = vec![0.0; codes.len() / code * pixels];
        workspace.share_out(&mut images, pixels, |buffers, block, images| {
            let layers = self.shape.code_layer..self.shape.output_layer();
            buffers.pass.begin::<F>(&self.shape, layers, block.len());
            let to = &mut buffers.pass.activations[self.shape.code_layer];
            to.fill(0.0);
            for (image, code) in codes[block.start * code..block.end * code].chunks_exact(code).enumerate() {
                for (c, &x) in code.iter().enumerate() {
                    to[self.code_at(image, c)] = x;
                }
            }
            self.decode_block(buffers, &mut |_, pixel, image, sums| {
                run!(F, activate::<F>(output, sums));
                let to = &mut images[image * pixels + pixel..(image + 1) * pixels];
                let width = F::PANEL.min(to.len());
                to[..width].copy_from_slice(&sums[..width]);
            });
        });
        images
    }

    fn evaluate(&self, workspace: &mut Workspace, images: &Images, which: Range<usize>) -> Losses {
        let mut losses = vec![[0.0; 2]; which.len()];
        let objective = self.shape.objective;
        workspace.share_out(&mut losses, 1, |buffers, block, losses| {
            let start = which.start + block.start;
            let images_of_block = start..which.start + block.end;
            self.encode_block(&mut buffers.pass, images, images_of_block, Reading::AsValidated);
            let mut of_lanes = vec![0.0; block.len() * F::LANES];
            self.decode_block(buffers, &mut |copies, pixel, image, sums| {
                let pixels = &copies[image * self.shape.image_stride() + pixel..][..F::PANEL];
                let target = PanelTarget { pixels, mask: self.shape.mask(pixel / F::PANEL), scale: 0.0 };
                let losses = &mut of_lanes[image * F::LANES..][..F::LANES];
                let _gradient = run!(F, objective.add_losses::<F>(load(sums), target, losses));
            });
            for ([to, _], lanes) in losses.iter_mut().zip(of_lanes.chunks_exact(F::LANES)) {
                *to = lanes.iter().map(|&loss| f64::from(loss)).sum();
            }
            if let (Some(code), [[_, divergence], ..]) = (&self.variational_code, losses) {
                let distributions = &buffers.pass.activations[self.shape.code_layer];
                *divergence = (code.divergence)(self, distributions, block.len());
            }
        });
        let sum = losses.iter().fold([0.0; 2], |sum, image| [sum[0] + image[0], sum[1] + image[1]]);
        objective.losses(sum, which.len())
    }
}

impl<F: Simd, const WIDE: usize> Network<F, WIDE> {
    /// Codes of a block of images. Not inlined, so that a program has the encoder once.
    #[inline(never)]
    fn encode_block(&self, pass: &mut Pass, images: &Images, block: Range<usize>, reading: Reading) {
        pass.begin::<F>(&self.shape, 0..self.shape.output_layer(), block.len());
        match reading {
            Reading::Clean => pass.gather(&self.shape, images, block),
            Reading::AsValidated => pass.gather_for_validation(self, images, block),
        }
        self.encode(pass);
    }

    /// Computes the output layer's sums from the code, and calls `put` with them.
    fn decode_block(&self, buffers: &mut ThreadBuffers, put: &mut Put<'_>) {
        let ThreadBuffers { pass, linear, of_basis, outputs } = buffers;
        match &self.deep_decoder {
            Some(deep) => (deep.hidden)(self, pass),
            None => {
                linear.find(self, &pass.activations[self.shape.code_layer], pass.images);
                grow(of_basis, linear.basis_rows * F::PANEL);
            }
        }
        grow(outputs, pass.rows * F::PANEL);
        let rows = pass.rows;
        for panel in 0..self.shape.layers[self.shape.output_layer()].panels {
            match &self.deep_decoder {
                Some(deep) => (deep.output)(self, pass, panel, outputs),
                None => run!(F, {
                    linear.basis_output(self, panel, of_basis);
                    self.output(
                        (panel, rows),
                        #[inline(always)]
                        |image| linear.output_tile(self.output_kernel(panel), of_basis, image),
                        outputs,
                    );
                }),
            }
            for (at, outputs) in outputs.chunks_exact_mut(F::PANEL).take(pass.images).enumerate() {
                let image = if self.deep_decoder.is_some() { at } else { linear.order[at] as usize };
                put(&pass.pixels.copies, panel * F::PANEL, image, outputs);
            }
        }
    }
}

/// Applies the output layer's activation to a panel of one image.
#[inline(always)]
fn activate<F: Simd>(activation: Activation, sums: &mut [f32]) {
    let panel: [F; VECTORS] = load(sums);
    store::<F, VECTORS>(vectors(|v| activation.piecewise_linear(panel[v])), sums);
    if let Some(smooth) = activation.smooth {
        smooth.apply::<F>(sums, None);
    }
}
