//! Training a network with one hidden layer, in phases between which blocks of the work exchange what crosses the
//! code.
//!
//! The code is a few units wide, so whoever computes a block needs no weights of another: a share of the code
//! after the encoder, a share of the code's gradient after the decoder.
//!
//! 1. [`ColumnParallel::encode`]: own units of the first layer, own share of the code. *Code shares are exchanged.*
//! 2. [`ColumnParallel::decode`]: own pixels of the output, the error, own share of what goes back through the code.
//! 3. [`ColumnParallel::update_output`]: own weights of the output layer. *Back shares may be under way meanwhile.*
//! 4. [`ColumnParallel::update_rest`]: the small layers, and own weights of the first one.
//!
//! Whoever owns some of the blocks only has to bring the others' shares ([`ColumnBlock::code_sums`], [`ColumnBlock::backward_sums`])
//! between the phases (`column_worker.rs`); threads of one pool own them all.

use super::{
    ColumnWorker, State, Train,
    column_block::{ColumnBlock, FIRST, FROM_CODE, OUTPUT, TO_CODE},
    gradient::{Gradient, Target, sum_rows, update_first_panel},
};
use crate::{
    inference::Infer,
    linear::LinearRegions,
    network::{Pass, grow},
    simd::{Simd, VECTORS, load, run, store, vectors},
    sparse::SparseImages,
    tensors::{COLUMN_BLOCKS, LayerShape},
    thread_pool::ThreadPool,
    tile::{ROWS, Tile, store_columns, zero},
};
use latent_core::{data::Images, training::Progress};
use std::ops::Range;

/// A network in training.
pub(super) struct ColumnParallel<F, const WIDE: usize> {
    pub(super) state: State<F, WIDE>,
    /// The blocks that are computed here.
    pub(super) own: Range<usize>,
    /// All blocks; of those that aren't own, only the shares.
    pub(super) blocks: Vec<ColumnBlock>,
    /// The batch's pixels and the code, which everyone needs whole.
    pub(super) pass: Pass,
    /// The decoder's hidden layer, likewise, and the batch in the order of its regions.
    linear: LinearRegions,
    code_gradient: Gradient,
    prefetched: Prefetch,
}

/// The pixels of a batch that has not begun: those of the images with these numbers, among those of this identity.
#[derive(Default)]
struct Prefetch {
    pixels: SparseImages,
    batch: Vec<u32>,
    images: u64,
}

impl<F: Simd, const WIDE: usize> Train for ColumnParallel<F, WIDE> {
    fn step(&mut self, pool: &mut ThreadPool, images: &Images, batch: &[u32], learning_rate: f32) -> f64 {
        self.begin(images, batch, learning_rate);
        self.encode(pool);
        self.decode(pool);
        self.update_output(pool);
        self.update_rest(pool)
    }

    fn progress(&self) -> Progress {
        self.state.progress()
    }

    fn network(&self) -> &dyn Infer {
        &self.state.network
    }

    fn as_column_worker(&mut self) -> Option<&mut dyn ColumnWorker> {
        Some(self)
    }
}

impl<F: Simd, const WIDE: usize> ColumnParallel<F, WIDE> {
    /// Training that owns all blocks.
    pub(super) fn new(state: State<F, WIDE>) -> Self {
        let blocks = ColumnBlock::all(&state.network.shape);
        Self {
            state,
            own: 0..COLUMN_BLOCKS,
            blocks,
            pass: Pass::default(),
            linear: LinearRegions::default(),
            code_gradient: Gradient::default(),
            prefetched: Prefetch::default(),
        }
    }

    pub(super) fn begin(&mut self, images: &Images, batch: &[u32], learning_rate: f32) {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        self.state.begin(learning_rate);
        if self.prefetched.images != images.identity() || self.prefetched.batch != batch {
            self.prefetch(images, batch);
        }
        std::mem::swap(&mut self.pass.pixels, &mut self.prefetched.pixels);
        self.prefetched.batch.clear();
        let shape = &self.state.network.shape;
        self.pass.begin::<F>(shape, TO_CODE..FROM_CODE, batch.len());
        self.pass.keep_derivatives(shape, TO_CODE..FROM_CODE);
        for block in &mut self.blocks {
            block.begin(shape, self.pass.rows);
        }
        grow(&mut self.code_gradient.by_unit, shape.layers[TO_CODE].units * self.pass.rows);
        grow(&mut self.code_gradient.by_image, shape.layers[TO_CODE].columns() * self.pass.rows);
    }

    /// Gathers the pixels of the batch that will be next.
    pub(super) fn prefetch(&mut self, images: &Images, batch: &[u32]) {
        let shape = &self.state.network.shape;
        let pixels = batch.iter().map(|&image| images.get(image as usize));
        self.prefetched.pixels.gather((shape.pixels, shape.image_stride()), pixels);
        self.prefetched.pixels.transpose();
        self.prefetched.images = images.identity();
        self.prefetched.batch.clear();
        self.prefetched.batch.extend_from_slice(batch);
    }

    /// Phase 1: own shares of the code.
    pub(super) fn encode(&mut self, pool: &mut ThreadPool) {
        let (network, pass) = (&self.state.network, &self.pass);
        pool.each(self.blocks[self.own.clone()].iter_mut(), |block| block.encode(network, pass));
    }

    /// Phase 2, from all shares of the code: own shares of what goes back.
    pub(super) fn decode(&mut self, pool: &mut ThreadPool) {
        run!(F, self.sum_code());
        let network = &self.state.network;
        self.linear.find(network, &self.pass.activations[TO_CODE], self.pass.images);
        let linear = &self.linear;
        let scale = network.shape.objective.gradient_scale(self.pass.images);
        let target = Target::new(&self.pass.pixels, &linear.order, scale);
        pool.each(
            self.blocks[self.own.clone()].iter_mut(),
            |ColumnBlock { decoder, backward_sums, .. }| {
                decoder.run(network, linear, target, backward_sums);
            },
        );
    }

    /// Phase 3: own weights of the output layer.
    pub(super) fn update_output(&mut self, pool: &mut ThreadPool) {
        let (rows, linear, adam) = (self.pass.rows, &self.linear, self.state.adam);
        let decoders = self.blocks[self.own.clone()].iter().map(|block| &block.decoder);
        let own = self.blocks[self.own.start].decoder.panels.start
            ..self.blocks[self.own.end - 1].decoder.panels.end;
        pool.each(self.state.panels(OUTPUT, own), |panel| {
            if let Some(decoder) = decoders.clone().find(|decoder| decoder.panels.contains(&panel.panel)) {
                run!(F, decoder.update::<F>(adam, linear, rows, panel));
            }
        });
    }

    /// Phase 4, from all back shares: everything else. Gives the loss.
    pub(super) fn update_rest(&mut self, pool: &mut ThreadPool) -> f64 {
        run!(F, {
            self.sum_back();
            self.code_gradient();
        });
        let (network, code, rows) = (&self.state.network, &self.code_gradient, self.pass.rows);
        let own = self.own.clone();
        pool.each(self.blocks[own.clone()].iter_mut(), |block| block.backward_to_first(network, code, rows));
        run!(F, self.update_small());
        let (pass, blocks, adam) = (&self.pass, &self.blocks, self.state.adam);
        let own = blocks[own.start].first.start..blocks[own.end - 1].first.end;
        pool.each(self.state.panels(FIRST, own), |panel| {
            let block = blocks.iter().find(|block| block.first.contains(&panel.panel));
            let gradient = block.map(|block| block.gradient_at_first(panel.panel, rows * WIDE * F::LANES));
            let operands = gradient.into_iter().map(|gradient| (&pass.pixels, gradient));
            run!(F, update_first_panel::<F, WIDE>(adam, panel, operands));
        });
        let loss = self.blocks.iter().map(|block| block.backward_sums.loss).sum();
        self.state.network.shape.objective.reduce(loss, pass.images)
    }

    /// The code, from all blocks' shares.
    #[inline(always)]
    fn sum_code(&mut self) {
        let (shape, bias) = (&self.state.network.shape, &self.state.network.weights.layers[TO_CODE].bias);
        let LayerShape { units, outputs, activation, .. } = shape.layers[TO_CODE];
        for at in (0..units * self.pass.rows).step_by(F::PANEL) {
            let mut sum = [F::splat(bias[at / F::PANEL % units]); VECTORS];
            for block in &self.blocks {
                let share: [F; VECTORS] = load(&block.code_sums[at..]);
                sum = vectors(|v| sum[v] + share[v]);
            }
            let code: [F; VECTORS] = vectors(|v| activation.piecewise_linear(sum[v]));
            store(code, &mut self.pass.activations[TO_CODE][at..]);
        }
        let Pass { rows, activations, derivatives, .. } = &mut self.pass;
        let code = &mut activations[TO_CODE][..units * *rows];
        activation.apply_to_panels::<F>((outputs, units), code, &mut derivatives[TO_CODE]);
    }

    /// Makes the first block's back share the sum of all, but for the errors.
    #[inline(always)]
    fn sum_back(&mut self) {
        let (sum, others) = self.blocks.split_at_mut(1);
        let sum = &mut sum[0].backward_sums;
        for share in others.iter().map(|block| &block.backward_sums) {
            let add = |to: &mut [f32], from: &[f32]| {
                to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            };
            add(&mut sum.code, &share.code);
            add(&mut sum.kernel, &share.kernel);
            add(&mut sum.bias, &share.bias);
        }
    }

    /// The code's gradient before its activation, both ways round and in the batch's order again.
    #[inline(always)]
    fn code_gradient(&mut self) {
        let network = &self.state.network;
        let shape = &network.shape.layers[TO_CODE];
        let (state, from) = (self.pass.state(&network.shape, TO_CODE), &self.blocks[0].backward_sums.code);
        let Gradient { by_unit, by_image } = &mut self.code_gradient;
        by_unit.fill(0.0);
        for (place, &image) in self.linear.order.iter().enumerate() {
            for unit in 0..network.shape.code {
                by_unit[network.code_at(image as usize, unit)] = from[network.code_at(place, unit)];
            }
        }
        for panel in 0..self.pass.rows / F::PANEL {
            for unit in (0..shape.units).step_by(ROWS) {
                let mut tile: Tile<F> = zero();
                for row in 0..ROWS {
                    let at = (panel * shape.units + unit + row) * F::PANEL;
                    let (gradient, x): ([F; VECTORS], [F; VECTORS]) =
                        (load(&by_unit[at..]), load(&state[at..]));
                    tile[row] = vectors(|v| shape.activation.backward(gradient[v], x[v]));
                    store(tile[row], &mut by_unit[at..]);
                }
                let at = (unit / F::PANEL * self.pass.rows + panel * F::PANEL) * F::PANEL + unit % F::PANEL;
                store_columns(tile, &mut by_image[at..], F::PANEL);
            }
        }
    }

    /// The layers on both sides of the code. What belongs to no block is updated by everyone alike.
    #[inline(always)]
    fn update_small(&mut self) {
        let (adam, rows) = (self.state.adam, self.pass.rows);
        let [mut kernel, mut bias] = self.state.parameters(FROM_CODE);
        adam.update_each(&mut kernel, &self.blocks[0].backward_sums.kernel);
        adam.update_each(&mut bias, &self.blocks[0].backward_sums.bias);
        let panels = self.state.network.shape.layers[TO_CODE].panels;
        for mut panel in self.state.panels(TO_CODE, 0..panels) {
            let gradient = &self.code_gradient.by_image[panel.panel * rows * F::PANEL..][..rows * F::PANEL];
            let sum: [F; VECTORS] = sum_rows([F::splat(0.0); VECTORS], gradient);
            adam.update(&mut panel.bias, 0, sum);
        }
        for block in &self.blocks[self.own.clone()] {
            block.update_to_code(&mut self.state, &self.code_gradient, rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::State, *};
    use crate::simd::Portable4;
    use latent_core::{model::ModelSpec, settings::PIXELS, weights::Weights};
    use std::{fs, io::Read, path::Path};

    fn training_images() -> Images {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/mnist");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut shards: Vec<_> =
            files.filter(|path| path.to_string_lossy().contains("train-images")).collect();
        shards.sort();
        let mut pixels = Vec::new();
        for shard in shards {
            flate2::read::GzDecoder::new(fs::File::open(shard).unwrap()).read_to_end(&mut pixels).unwrap();
        }
        let mut images = Images::with_capacity(pixels.len() / PIXELS);
        images.append(&pixels);
        images
    }

    #[test]
    #[ignore = "trains for a minute: cargo test --release -p latent-cpu -- --ignored --nocapture bend"]
    fn few_units_bend_in_the_tutorials_training() {
        const PANEL: usize = Portable4::PANEL;
        let (images, model) = (training_images(), ModelSpec::default());
        let progress = Progress::with_weights(&model, Weights::initial(&model, 1));
        let mut training = ColumnParallel::<Portable4, 5>::new(State::new(&model, &progress).unwrap());
        let mut pool = ThreadPool::new(1);
        let batches = images.len() / 256;
        for step in 0..12 * batches {
            // In no order: a stride that has no divisor in common with the number of images.
            let batch: Vec<_> = (0..256).map(|at| ((step * 256 + at) * 7919 % images.len()) as u32).collect();
            training.step(&mut pool, &images, &batch, 5e-4);
            let boundary = |panel| training.linear.boundary_units(panel).tiles::<Portable4>().count() * ROWS;
            let share = (0..256 / PANEL).map(boundary).sum::<usize>() as f64 / (300 * 256 / PANEL) as f64;
            assert!(step < 5 || share < 0.3, "{share} at step {step}");
            if [0, 10, 100].contains(&step) || (step + 1) % (2 * batches) == 0 {
                println!("step {step}: {:.1} % bend", 100.0 * share);
            }
        }
    }
}
