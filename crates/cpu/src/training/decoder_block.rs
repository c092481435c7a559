//! The decoder's part of a column block: some panels of the output layer, and their contribution to the gradients at the code.
//!
//! The hidden layer is given as a basis and boundary units (`linear`), so each product with it has two parts: the rows of the
//! basis, which the output layer treats like images, and the boundary units of each panel of images.

use super::{
    backward_sums::BackwardSums,
    gradient::{Gradient, Target, output_panel, sum_rows},
    layers::{FROM_CODE, OUTPUT},
    state::ParameterPanel,
};
use crate::{
    adam::Adam,
    linear::{BoundaryTile, LinearRegions},
    network::{Network, grow},
    simd::{Simd, VECTORS, load, run, store, vectors},
    tile::{ROWS, Tile, add_product, add_product_of_rows, store_columns, store_rows, zero},
};
use std::ops::Range;

/// Some pixels of the output, and their values and gradients for a batch.
#[derive(Default)]
pub(super) struct DecoderBlock {
    /// Its panels of the output layer.
    pub(super) panels: Range<usize>,
    /// The product of the basis with its panels of the kernel: `[panels of the block, basis_rows, PANEL]`.
    of_basis: Vec<f32>,
    /// The gradient at its pixels.
    gradient: Gradient,
    /// The gradient at `of_basis`: sums over the images of their terms times the gradient at the pixels.
    basis_gradient: Gradient,
    /// The gradient at the basis: `[basis_rows / PANEL, units, PANEL]`.
    backward_to_basis: Vec<f32>,
    /// Sums of the boundary units' gradients times 1 (bias) and the code (kernel), not yet added over the lanes:
    /// `[1 + code, columns, LANES]`.
    boundary_sums: Vec<f32>,
    /// The losses of each image, not yet added over the lanes: `[rows, LANES]`.
    losses: Vec<f32>,
}

impl DecoderBlock {
    pub(super) fn new(panels: Range<usize>) -> Self {
        Self { panels, ..Self::default() }
    }

    /// Computes the output and the losses at its pixels, and its backward sums. The target's images are in the regions' order,
    /// and so are the sums at the code.
    pub(super) fn run<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        linear: &LinearRegions,
        target: Target<'_>,
        share: &mut BackwardSums,
    ) {
        if self.panels.is_empty() {
            return share.clear();
        }
        let rows = target.order.len().next_multiple_of(F::PANEL);
        let (pixels, basis_rows) = (self.panels.len() * F::PANEL, linear.basis_rows);
        for (gradient, rows) in [(&mut self.gradient, rows), (&mut self.basis_gradient, basis_rows)] {
            grow(&mut gradient.by_unit, pixels * rows);
            grow(&mut gradient.by_image, pixels * rows);
        }
        grow(&mut self.of_basis, pixels * basis_rows);
        grow(&mut self.losses, rows * F::LANES);
        self.losses.fill(0.0);
        run!(F, {
            for place in 0..self.panels.len() {
                self.output(network, linear, target, place);
                self.sum_terms::<F>(linear, rows, place);
            }
        });
        share.loss = self.losses.iter().map(|&loss| f64::from(loss)).sum();
        run!(F, self.backward_from_boundary(network, linear, rows, share));
        run!(F, self.backward_from_basis(network, linear, share));
    }

    /// Computes the output, the losses and the gradient at one panel.
    #[inline(always)]
    fn output<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        linear: &LinearRegions,
        target: Target<'_>,
        place: usize,
    ) {
        let panel = self.panels.start + place;
        let of_basis = place * linear.basis_rows * F::PANEL..(place + 1) * linear.basis_rows * F::PANEL;
        let of_basis = &mut self.of_basis[of_basis];
        linear.basis_output(network, panel, of_basis);
        let kernel = network.output_kernel(panel);
        let place = (panel, place, self.panels.len() * F::PANEL);
        output_panel(
            network,
            #[inline(always)]
            |image| linear.output_tile(kernel, of_basis, image),
            target,
            place,
            &mut self.gradient,
            &mut self.losses,
        );
    }

    /// Computes the gradient at one panel of `of_basis`.
    #[inline(always)]
    fn sum_terms<F: Simd>(&mut self, linear: &LinearRegions, rows: usize, place: usize) {
        let (terms, basis_rows) = (linear.terms, linear.basis_rows);
        let pixels = self.panels.len() * F::PANEL;
        let gradient = &self.gradient.by_image[place * rows * F::PANEL..];
        for row in (0..basis_rows).step_by(ROWS) {
            let mut tile: Tile<F> = zero();
            // Rows beyond the last region belong to none.
            let panels = linear.panels_of_region(row / terms, rows / F::PANEL);
            if !panels.is_empty() {
                let codes = &linear.codes[(panels.start * terms + row % terms) * F::PANEL..];
                let gradient =
                    &gradient[panels.start * F::PANEL * F::PANEL..panels.end * F::PANEL * F::PANEL];
                tile = add_product(tile, codes, terms * F::PANEL, gradient);
            }
            store_rows(tile, &mut self.basis_gradient.by_image[(place * basis_rows + row) * F::PANEL..]);
            let at = (row / F::PANEL * pixels + place * F::PANEL) * F::PANEL + row % F::PANEL;
            store_columns(tile, &mut self.basis_gradient.by_unit[at..], F::PANEL);
        }
    }

    /// Computes the gradient at the code, and what boundary units add to the gradients of the layer behind it.
    #[inline(always)]
    fn backward_from_boundary<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        linear: &LinearRegions,
        rows: usize,
        share: &mut BackwardSums,
    ) {
        let (shape, from_code) = (&network.shape.layers[OUTPUT], &network.shape.layers[FROM_CODE]);
        let (code, columns) = (network.shape.code, from_code.columns());
        grow(&mut self.boundary_sums, (1 + code) * columns * F::LANES);
        self.boundary_sums.fill(0.0);
        let kernel = &network.weights.layers[OUTPUT].kernel[self.panels.start * shape.panel_len()..];
        let gradients = self.gradient.by_unit.chunks_exact(self.panels.len() * F::PANEL * F::PANEL);
        let to_code = share.code.chunks_exact_mut(from_code.rows * F::PANEL);
        for (panel, (gradient, to_code)) in gradients.zip(to_code).take(rows / F::PANEL).enumerate() {
            backward_through_basis::<F>(linear, &self.of_basis, (panel, code), gradient, to_code);
            let codes = &linear.codes[panel * linear.terms * F::PANEL..];
            for BoundaryTile { units, slopes, .. } in linear.boundary_units(panel).tiles::<F>() {
                let mut tile = add_product_of_rows(zero(), kernel, units, shape.panel_len(), gradient);
                for row in 0..ROWS {
                    let slopes: [F; VECTORS] = load(&slopes[row * F::PANEL..]);
                    tile[row] = vectors(|v| tile[row][v] * slopes[v]);
                }
                backward_from_hidden(network, codes, (units, tile), to_code, &mut self.boundary_sums);
            }
        }
        let (bias, kernel) = self.boundary_sums.split_at(columns * F::LANES);
        add_lanes::<F>(bias, &mut share.bias);
        for (c, sums) in kernel.chunks_exact(columns * F::LANES).take(code).enumerate() {
            let panels = share.kernel.chunks_exact_mut(from_code.panel_len());
            for (sums, panel) in sums.chunks_exact(F::PANEL * F::LANES).zip(panels) {
                add_lanes::<F>(sums, &mut panel[c * F::PANEL..][..F::PANEL]);
            }
        }
    }

    /// Adds what the basis adds to the gradients of the layer behind the code.
    #[inline(always)]
    fn backward_from_basis<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        linear: &LinearRegions,
        share: &mut BackwardSums,
    ) {
        let (shape, from_code) = (&network.shape.layers[OUTPUT], &network.shape.layers[FROM_CODE]);
        grow(&mut self.backward_to_basis, linear.basis_rows * shape.rows);
        let kernel = &network.weights.layers[OUTPUT].kernel[self.panels.start * shape.panel_len()..];
        let gradients = self.basis_gradient.by_unit.chunks_exact(self.panels.len() * F::PANEL * F::PANEL);
        let to = self.backward_to_basis.chunks_exact_mut(shape.rows * F::PANEL);
        for (gradient, to) in gradients.zip(to).take(linear.basis_rows / F::PANEL) {
            for unit in (0..shape.rows).step_by(ROWS) {
                let kernel = &kernel[unit * F::PANEL..];
                let tile: Tile<F> = add_product(zero(), kernel, shape.panel_len(), gradient);
                store_rows(tile, &mut to[unit * F::PANEL..]);
            }
        }
        linear.each_of_basis(
            network,
            #[inline(always)]
            |unit, k, at, slope| {
                let gradient = slope * self.backward_to_basis[at];
                if k == network.shape.code {
                    share.bias[unit] += gradient;
                } else {
                    share.kernel[from_code.at::<F>(k, unit)] += gradient;
                }
            },
        );
    }

    /// Updates one of its panels of the output layer.
    #[inline(always)]
    pub(super) fn update<F: Simd>(
        &self,
        adam: Adam,
        linear: &LinearRegions,
        rows: usize,
        mut panel: ParameterPanel<'_>,
    ) {
        let place = panel.panel - self.panels.start;
        let [gradient, of_basis] = [(&self.gradient, rows), (&self.basis_gradient, linear.basis_rows)]
            .map(|(gradient, rows)| &gradient.by_image[place * rows * F::PANEL..][..rows * F::PANEL]);
        let mut sums = vec![0.0; panel.kernel[0].len()];
        let units = sums.len() / F::PANEL;
        if linear.basis_rows > 0 {
            for unit in (0..units).step_by(ROWS) {
                let basis = &linear.basis[unit * F::PANEL..];
                let tile: Tile<F> = add_product(zero(), basis, units * F::PANEL, of_basis);
                store_rows(tile, &mut sums[unit * F::PANEL..]);
            }
        }
        for (panel, gradient) in gradient.chunks_exact(F::PANEL * F::PANEL).enumerate() {
            for BoundaryTile { units, values, .. } in linear.boundary_units(panel).tiles::<F>() {
                let mut tile: Tile<F> = zero();
                for row in 0..ROWS {
                    tile[row] = load(&sums[units[row] * F::PANEL..]);
                }
                let tile = add_product(tile, values, values.len(), gradient);
                for row in 0..ROWS {
                    store(tile[row], &mut sums[units[row] * F::PANEL..]);
                }
            }
        }
        for unit in 0..units {
            let gradient: [F; VECTORS] = load(&sums[unit * F::PANEL..]);
            adam.update(&mut panel.kernel, unit * F::PANEL, gradient);
        }
        let bias: [F; VECTORS] = sum_rows([F::splat(0.0); VECTORS], gradient);
        adam.update(&mut panel.bias, 0, bias);
    }
}

/// Computes the gradient at a panel's codes from that at the pixels, as far as it goes through the basis.
#[inline(always)]
fn backward_through_basis<F: Simd>(
    linear: &LinearRegions,
    of_basis: &[f32],
    (panel, code): (usize, usize),
    gradient: &[f32],
    to_code: &mut [f32],
) {
    to_code.fill(0.0);
    let Some(region) = linear.region(panel) else { return };
    for k in (0..code).step_by(ROWS) {
        let of_basis = &of_basis[(region * linear.terms + k) * F::PANEL..];
        let tile: Tile<F> = add_product(zero(), of_basis, linear.basis_rows * F::PANEL, gradient);
        for row in 0..ROWS.min(code - k) {
            store(tile[row], &mut to_code[(k + row) * F::PANEL..]);
        }
    }
}

/// Adds what a tile of the gradient at these units of the hidden layer adds to the gradients at the code, and of the bias and
/// kernel behind it.
#[inline(always)]
fn backward_from_hidden<F: Simd, const WIDE: usize>(
    network: &Network<F, WIDE>,
    codes: &[f32],
    (units, tile): ([usize; ROWS], Tile<F>),
    to_code: &mut [f32],
    sums: &mut [f32],
) {
    let shape = &network.shape.layers[FROM_CODE];
    let kernel = &network.weights.layers[FROM_CODE].kernel;
    for row in 0..ROWS {
        let sums = &mut sums[units[row] * F::LANES..];
        let mut sum = F::load(sums);
        for v in 0..VECTORS {
            sum = sum + tile[row][v];
        }
        sum.store(sums);
    }
    for c in 0..network.shape.code {
        let x: [F; VECTORS] = load(&codes[c * F::PANEL..]);
        let to_code = &mut to_code[c * F::PANEL..];
        let mut gradient: [F; VECTORS] = load(to_code);
        for row in 0..ROWS {
            let unit = units[row];
            let weight = F::splat(kernel[shape.at::<F>(c, unit)]);
            let sums = &mut sums[((1 + c) * shape.columns() + unit) * F::LANES..];
            let mut sum = F::load(sums);
            for v in 0..VECTORS {
                gradient[v] = gradient[v].add_product(tile[row][v], weight);
                sum = sum.add_product(tile[row][v], x[v]);
            }
            sum.store(sums);
        }
        store(gradient, to_code);
    }
}

/// The sum of each vector's lanes.
#[inline(always)]
fn add_lanes<F: Simd>(sums: &[f32], to: &mut [f32]) {
    for (to, lanes) in to.iter_mut().zip(sums.chunks_exact(F::LANES)) {
        *to = F::load(lanes).sum();
    }
}
