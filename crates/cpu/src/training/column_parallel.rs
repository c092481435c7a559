//! Training a network with one hidden layer, divided into blocks of columns of the two large layers. It may be variational, and
//! read corrupted images.
//!
//! The code is a few units wide, so a block needs no weights of another: only the sum of all blocks' contributions to the code,
//! and to the gradients on both sides of it.
//!
//! 1. [`ColumnParallel::encode`]: the block's units of the first layer, its sums at the code. *Code sums are exchanged.*
//! 2. [`ColumnParallel::decode`]: the block's pixels of the output, the loss, and its sums on the way back through the code.
//! 3. [`ColumnParallel::update_output`]: the block's weights of the output layer. *Backward sums are exchanged meanwhile.*
//! 4. [`ColumnParallel::update_rest`]: the small layers, and the block's weights of the first one.
//!
//! A worker that owns some of the blocks gets the others' [`ColumnBlock::code_sums`] and [`ColumnBlock::backward_sums`] between
//! the phases (`column_worker.rs`). Threads of one pool own all blocks. Every worker draws the same random numbers.

use super::{
    column_block::ColumnBlock,
    gradient::{Gradient, Target, sum_rows, update_first_panel},
    layers::{FIRST, FROM_CODE, OUTPUT, TO_CODE},
    state::State,
    team_worker::TeamWorker,
    train::Train,
};
use crate::{
    deviates::StepNoise,
    inference::Infer,
    linear::LinearRegions,
    network::{Pass, grow},
    simd::{Simd, VECTORS, load, run, store, vectors},
    sparse::SparseImages,
    tensors::{COLUMN_BLOCKS, LayerShape},
    thread_pool::ThreadPool,
    tile::{ROWS, Tile, store_columns, zero},
    variational_code::DrawnCode,
};
use latent_core::{
    data::Images,
    noise::{Noise, NoiseError},
    training::{Losses, Progress},
};
use std::ops::Range;

/// A network in training.
pub(super) struct ColumnParallel<F, const WIDE: usize> {
    pub(super) state: State<F, WIDE>,
    /// The blocks that are computed here.
    pub(super) own: Range<usize>,
    /// All blocks. Those that another worker owns have only their sums.
    pub(super) blocks: Vec<ColumnBlock>,
    /// The batch's pixels and the code, which every block needs.
    pub(super) pass: Pass,
    /// The decoder's hidden layer, and the order of the batch's images in it.
    linear: LinearRegions,
    code_gradient: Gradient,
    prefetched: Prefetch,
    noise: Noise,
    drawn: DrawnCode,
}

/// The pixels of the next batch: of the images with these numbers, in the images of this identity, as the step after so many
/// reads them.
#[derive(Default)]
struct Prefetch {
    pixels: SparseImages,
    batch: Vec<u32>,
    images: u64,
    steps: u64,
}

impl<F: Simd, const WIDE: usize> Train for ColumnParallel<F, WIDE> {
    fn set_noise(&mut self, noise: Noise) {
        self.noise = noise;
        self.prefetched.batch.clear();
    }

    fn step(
        &mut self,
        pool: &mut ThreadPool,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<Losses, NoiseError> {
        self.begin(images, batch, learning_rate)?;
        self.encode(pool);
        self.decode(pool);
        self.update_output(pool);
        Ok(self.update_rest(pool))
    }

    fn progress(&self) -> Progress {
        self.state.progress()
    }

    fn network(&self) -> &dyn Infer {
        &self.state.network
    }

    fn boundary_share(&self) -> Option<f64> {
        self.linear.boundary_share::<F>(self.pass.images)
    }

    fn as_team_worker(&mut self) -> &mut dyn TeamWorker {
        self
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
            noise: Noise::default(),
            drawn: DrawnCode::default(),
        }
    }

    pub(super) fn begin(
        &mut self,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<(), NoiseError> {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        let steps = self.state.steps;
        let Prefetch { batch: has, images: of, steps: at, .. } = &self.prefetched;
        if (&has[..], *of, *at) != (batch, images.identity(), steps) {
            self.prefetch(images, batch)?;
        }
        if let Some(code) = &self.state.network.variational_code {
            (code.begin)(
                &mut self.drawn,
                &self.state.network,
                batch.len(),
                StepNoise { noise: &self.noise, steps },
            )?;
        }
        self.state.begin(learning_rate);
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
        Ok(())
    }

    /// Gathers the pixels of the batch that will be next, corrupted if the model asks for it.
    pub(super) fn prefetch(&mut self, images: &Images, batch: &[u32]) -> Result<(), NoiseError> {
        let (network, steps) = (&self.state.network, self.state.steps);
        let Prefetch { pixels, batch: has, images: of, steps: at } = &mut self.prefetched;
        has.clear();
        match &network.corrupted_images {
            Some(corrupted) => {
                (corrupted.of_batch)(
                    pixels,
                    &network.shape,
                    images,
                    batch,
                    StepNoise { noise: &self.noise, steps },
                )?;
            }
            None => {
                let these = batch.iter().map(|&image| images.get(image as usize));
                pixels.gather(network.shape.size_of_image(), these);
            }
        }
        pixels.transpose();
        has.extend_from_slice(batch);
        (*of, *at) = (images.identity(), steps);
        Ok(())
    }

    /// Phase 1: the own blocks' sums at the code.
    pub(super) fn encode(&mut self, pool: &mut ThreadPool) {
        let (network, pass) = (&self.state.network, &self.pass);
        pool.for_each(self.blocks[self.own.clone()].iter_mut(), |block| block.encode(network, pass));
    }

    /// Phase 2, from all blocks' code sums: the own blocks' backward sums.
    pub(super) fn decode(&mut self, pool: &mut ThreadPool) {
        run!(F, self.sum_code());
        let network = &self.state.network;
        let mut code = &self.pass.activations[TO_CODE];
        if let Some(variational) = &network.variational_code {
            (variational.sample)(&mut self.drawn, network, code);
            code = &self.drawn.values;
        }
        self.linear.find(network, code, self.pass.images);
        let linear = &self.linear;
        let scale = network.shape.objective.gradient_scale(self.pass.images);
        let target = Target::new(&self.pass.pixels, &linear.order, scale);
        pool.for_each(
            self.blocks[self.own.clone()].iter_mut(),
            |ColumnBlock { decoder, backward_sums, .. }| {
                decoder.run(network, linear, target, backward_sums);
            },
        );
    }

    /// Phase 3: updates the own blocks' weights of the output layer.
    pub(super) fn update_output(&mut self, pool: &mut ThreadPool) {
        let (rows, linear, adam) = (self.pass.rows, &self.linear, self.state.adam);
        let decoders = self.blocks[self.own.clone()].iter().map(|block| &block.decoder);
        let own = self.blocks[self.own.start].decoder.panels.start
            ..self.blocks[self.own.end - 1].decoder.panels.end;
        pool.for_each(self.state.panels(OUTPUT, own), |panel| {
            if let Some(decoder) = decoders.clone().find(|decoder| decoder.panels.contains(&panel.panel)) {
                run!(F, decoder.update::<F>(adam, linear, rows, panel));
            }
        });
    }

    /// Phase 4, from all blocks' backward sums: updates everything else. Gives the losses.
    pub(super) fn update_rest(&mut self, pool: &mut ThreadPool) -> Losses {
        let (network, distributions) = (&self.state.network, &self.pass.activations[TO_CODE]);
        let of_code = network.variational_code;
        let divergence =
            of_code.map_or(0.0, |code| (code.divergence)(network, distributions, self.pass.images));
        run!(F, {
            self.sum_back();
            self.code_gradient();
        });
        let (network, code, rows) = (&self.state.network, &self.code_gradient, self.pass.rows);
        let own = self.own.clone();
        pool.for_each(self.blocks[own.clone()].iter_mut(), |block| {
            block.backward_to_first(network, code, rows)
        });
        run!(F, self.update_small());
        let (pass, blocks, adam) = (&self.pass, &self.blocks, self.state.adam);
        let own = blocks[own.start].first.start..blocks[own.end - 1].first.end;
        pool.for_each(self.state.panels(FIRST, own), |panel| {
            let block = blocks.iter().find(|block| block.first.contains(&panel.panel));
            let gradient = block.map(|block| block.gradient_at_first(panel.panel, rows * WIDE * F::LANES));
            let operands = gradient.map(|gradient| (&pass.pixels, gradient));
            update_first_panel::<F, WIDE>(adam, panel, operands.as_slice());
        });
        let reconstruction = self.blocks.iter().map(|block| block.backward_sums.loss).sum();
        self.state.network.shape.objective.losses([reconstruction, divergence], pass.images)
    }

    /// Computes the code from all blocks' sums.
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

    /// Adds all blocks' backward sums to the first block's, except the losses.
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

    /// Computes the gradient at the code's sums, in both layouts and in the batch's order.
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
        if let Some(code) = &network.variational_code {
            let weight = network.shape.model.beta() / self.pass.images as f32;
            (code.backward)(&self.drawn, network, &self.pass.activations[TO_CODE], weight, by_unit);
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

    /// Updates the layers on both sides of the code. Every worker updates what belongs to no block, with the same result.
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
