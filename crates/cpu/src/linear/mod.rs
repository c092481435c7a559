//! Where the decoder is linear, which makes the products of its output layer several times cheaper.
//!
//! The decoder's hidden layer reads nothing but the code, a few numbers, and each of its units has one slope on one side of
//! a line in the plane of codes (a plane in their space …) and another slope on the other. Between those lines a network
//! of such units is linear: a *linear region*. The images of a batch are sorted by their codes (`spatial_order`) and cut into
//! regions of some panels. In each region a unit gets the slope that it has in most of the region's panels. If it had that
//! slope in all of them, an image's hidden layer would be
//!
//! ```text
//! hidden[j] = slope[j] · (Σ_k code[k] · weight[k, j] + bias[j]) = Σ_k term[k] · basis[k, j]
//! ```
//!
//! with the code and a 1 for terms: a sum of a few rows that all images of the region share. A unit that has another slope
//! for some images of a panel is a *boundary unit* of that panel, and the difference is stored:
//!
//! ```text
//! hidden[i, j] = Σ_k term[i, k] · basis[k, j] + difference[i, j]
//! ```
//!
//! This is exact. Every product with a hidden layer becomes one with the basis and one with the differences. With MNIST on a
//! plane, a twentieth of all units are boundary units at first and a fifth after ten epochs (`docs/measurements.md`).
//!
//! A hidden layer whose activation is not piecewise linear has no linear regions: there is no basis, and every unit is a
//! boundary unit of every panel, with its value as difference from 0 and its derivative as slope.

mod boundary;

pub(super) use self::boundary::{BoundaryTile, BoundaryUnits};
use self::boundary::{ImagePanel, all_positive, slope_of};
use super::{
    network::Network,
    simd::{Simd, run},
    spatial_order::{Sizes, sort_spatially},
    tile::{ROWS, Tile, store_rows, transposed_product},
};
use std::ops::Range;

/// Images of a region for each term. Larger regions have more boundary units, smaller ones a larger basis.
const IMAGES_PER_TERM: usize = 16;

/// A batch's hidden layer behind the code, as a basis and boundary units.
#[derive(Default)]
pub(super) struct LinearRegions {
    /// The batch's images, sorted by their codes. All that follows has images in this order.
    pub(super) order: Vec<u32>,
    /// The code's numbers and a 1, rounded up to whole tiles.
    pub(super) terms: usize,
    /// `[rows / PANEL, terms, PANEL]`
    pub(super) codes: Vec<f32>,
    /// Whether each region's slope is that of positive sums: `[units]`. There is no region where nearly every unit would be a
    /// boundary unit: then all of them are.
    regions: Vec<Vec<bool>>,
    /// How many panels a region has.
    panels_per_region: usize,
    /// The terms of one region after those of another, as if they were images: `[basis_rows / PANEL, units, PANEL]`.
    pub(super) basis: Vec<f32>,
    /// The terms of all regions, rounded up to whole panels.
    pub(super) basis_rows: usize,
    panels: Vec<ImagePanel>,
}

impl LinearRegions {
    /// Computes basis and boundary units from a batch's codes, `[rows / PANEL, units of the code's layer, PANEL]`.
    pub(super) fn find<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        code: &[f32],
        images: usize,
    ) {
        self.sort_spatially(network, code, images);
        let activation = network.shape.layers[network.shape.code_layer + 1].activation;
        let panels = images.div_ceil(F::PANEL);
        if self.panels.len() < panels {
            self.panels.resize_with(panels, ImagePanel::default);
        }
        if let Some(smooth) = activation.smooth {
            self.regions.clear();
            self.basis_rows = 0;
            let codes = self.codes.chunks_exact(self.terms * F::PANEL);
            return self.panels[..panels]
                .iter_mut()
                .zip(codes)
                .for_each(|(panel, codes)| panel.take_all_units(network, codes, smooth));
        }
        run!(F, {
            let codes = self.codes.chunks_exact(self.terms * F::PANEL);
            for (panel, codes) in self.panels[..panels].iter_mut().zip(codes) {
                panel.find_signs(network, codes);
            }
        });
        self.choose_slopes::<F>(panels);
        self.make_basis(network);
        run!(F, {
            let codes = self.codes.chunks_exact(self.terms * F::PANEL);
            for (at, (panel, codes)) in self.panels[..panels].iter_mut().zip(codes).enumerate() {
                let region = self.regions.get(at / self.panels_per_region).map(Vec::as_slice);
                panel.find_boundary_units(network, codes, region);
            }
        });
    }

    /// Sorts the images and their codes. The images that the last panel lacks are copies of the last one, so they make no
    /// unit a boundary unit.
    fn sort_spatially<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        code: &[f32],
        images: usize,
    ) {
        let axes = network.shape.code;
        self.terms = (axes + 1).next_multiple_of(ROWS);
        let branch = IMAGES_PER_TERM * self.terms;
        self.panels_per_region = branch / F::PANEL;
        self.order.clear();
        self.order.extend(0..images as u32);
        let coordinate = |image: u32, k| code[network.code_at(image as usize, k)];
        if network.shape.layers[network.shape.code_layer + 1].activation.smooth.is_none() {
            sort_spatially(&mut self.order, Sizes { leaf: F::PANEL, branch }, axes, &coordinate);
        }

        self.codes.clear();
        self.codes.resize(images.next_multiple_of(F::PANEL) * self.terms, 0.0);
        for (at, codes) in self.codes.chunks_exact_mut(self.terms * F::PANEL).enumerate() {
            for column in 0..F::PANEL {
                let image = self.order[(at * F::PANEL + column).min(images - 1)];
                for k in 0..axes {
                    codes[k * F::PANEL + column] = coordinate(image, k);
                }
                codes[axes * F::PANEL + column] = 1.0;
            }
        }
    }

    /// Gives the units of each region the slope with which they are boundary units of the fewest panels.
    fn choose_slopes<F: Simd>(&mut self, panels: usize) {
        let units = self.panels[0].positive.len();
        let regions = panels.div_ceil(self.panels_per_region);
        self.regions.resize_with(regions, Vec::new);
        let mut boundary = 0;
        let of_regions = self.panels[..panels].chunks(self.panels_per_region);
        for (region, panels) in self.regions.iter_mut().zip(of_regions) {
            // In how many panels a unit is positive for every image, and in how many for none.
            let mut counts = vec![[0; 2]; units];
            for panel in panels {
                for ([positive, negative], &signs) in counts.iter_mut().zip(&panel.positive) {
                    *positive += usize::from(signs == all_positive::<F>());
                    *negative += usize::from(signs == 0);
                }
            }
            boundary += counts
                .iter()
                .map(|&[positive, negative]| panels.len() - positive.max(negative))
                .sum::<usize>();
            region.clear();
            region.extend(counts.into_iter().map(|[positive, negative]| positive > negative));
        }
        self.basis_rows = (regions * self.terms).next_multiple_of(F::PANEL);
        if boundary * F::PANEL + self.basis_rows * units > panels * units * F::PANEL {
            self.regions.clear();
            self.basis_rows = 0;
        }
    }

    fn make_basis<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>) {
        let layer = network.shape.code_layer + 1;
        let (shape, dense) = (&network.shape.layers[layer], &network.weights.layers[layer]);
        let mut basis = std::mem::take(&mut self.basis);
        basis.clear();
        basis.resize(self.basis_rows * shape.units, 0.0);
        self.each_of_basis(
            network,
            #[inline(always)]
            |unit, k, at, slope| {
                let is_bias = k == network.shape.code;
                basis[at] =
                    slope * if is_bias { dense.bias[unit] } else { dense.kernel[shape.at::<F>(k, unit)] };
            },
        );
        self.basis = basis;
    }

    /// Calls `f` for each number of the basis with its unit, its term, where it lies, and the slope of the unit there.
    #[inline(always)]
    pub(super) fn each_of_basis<F: Simd, const WIDE: usize>(
        &self,
        network: &Network<F, WIDE>,
        mut f: impl FnMut(usize, usize, usize, f32),
    ) {
        let slope = network.shape.layers[network.shape.code_layer + 1].activation.negative_slope;
        for (region, positive) in self.regions.iter().enumerate() {
            for k in 0..=network.shape.code {
                let row = region * self.terms + k;
                let at = row / F::PANEL * positive.len() * F::PANEL + row % F::PANEL;
                for (unit, &positive) in positive.iter().enumerate() {
                    f(unit, k, at + unit * F::PANEL, slope_of(positive, slope));
                }
            }
        }
    }

    /// The region of a panel, if there are any.
    pub(super) fn region(&self, panel: usize) -> Option<usize> {
        let region = panel / self.panels_per_region;
        (region < self.regions.len()).then_some(region)
    }

    /// A region's panels, of so many in all; none where there is no such region.
    pub(super) fn panels_of_region(&self, region: usize, panels: usize) -> Range<usize> {
        panels.min(region * self.panels_per_region)..panels.min((region + 1) * self.panels_per_region)
    }

    /// The share of units that are boundary units, of so many images; none without regions.
    pub(super) fn boundary_share<F: Simd>(&self, images: usize) -> Option<f64> {
        let panels = self.panels.get(..images.div_ceil(F::PANEL)).filter(|_| !self.regions.is_empty())?;
        let boundary: usize = panels.iter().map(|panel| panel.boundary.len()).sum();
        Some(boundary as f64 / panels.iter().map(|panel| panel.positive.len()).sum::<usize>() as f64)
    }

    /// The boundary units of a panel.
    pub(super) fn boundary_units(&self, panel: usize) -> &BoundaryUnits {
        &self.panels[panel].boundary
    }

    /// The product of the basis with a panel of the output layer's kernel: `[basis_rows, PANEL]`.
    #[inline(always)]
    pub(super) fn basis_output<F: Simd, const WIDE: usize>(
        &self,
        network: &Network<F, WIDE>,
        panel: usize,
        to: &mut [f32],
    ) {
        for row in (0..self.basis_rows).step_by(ROWS) {
            store_rows(network.output_tile(&self.basis, row, panel), &mut to[row * F::PANEL..]);
        }
    }

    /// The sums of the four images from `image` on at a panel of the output layer, before the bias, from that panel of the
    /// kernel, `[units, PANEL]`, and its product with the basis.
    #[inline(always)]
    pub(super) fn output_tile<F: Simd>(&self, kernel: &[f32], of_basis: &[f32], image: usize) -> Tile<F> {
        let (panel, at) = (image / F::PANEL, image % F::PANEL);
        let terms = self
            .region(panel)
            .map_or(&[][..], |region| &of_basis[region * self.terms * F::PANEL..][..self.terms * F::PANEL]);
        let codes = &self.codes[panel * self.terms * F::PANEL..][..self.terms * F::PANEL];
        let mut tile = transposed_product(&codes[at..], F::PANEL, terms);
        self.panels[panel].add_product(&mut tile, at, kernel);
        tile
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::Portable4, *};
    use latent_core::{model::ModelSpec, weights::Weights};
    use proptest::prelude::*;

    const PANEL: usize = Portable4::PANEL;

    fn network(hidden: usize, code: usize, slope: f32) -> Network<Portable4, 5> {
        let model = ModelSpec::dense(&[hidden], code, slope);
        let mut network = Network::new(&model);
        let mut weights = Weights::initial(&model, 7);
        let decoder = weights.layers_mut().nth(2).unwrap();
        for (unit, bias) in decoder.bias.values.iter_mut().enumerate() {
            *bias = (unit % 5) as f32 / 10.0 - 0.2;
        }
        network.weights.load(&network.shape, &weights).unwrap();
        network
    }

    fn regions(network: &Network<Portable4, 5>, codes: &[f32], images: usize) -> LinearRegions {
        let rows = images.next_multiple_of(PANEL);
        let mut code = vec![0.0; network.shape.layers[1].units * rows];
        for (at, &x) in codes[..images * network.shape.code].iter().enumerate() {
            code[network.code_at(at / network.shape.code, at % network.shape.code)] = x;
        }
        let mut linear = LinearRegions::default();
        // Twice: nothing may be left of another batch.
        linear.find(network, &vec![0.5; code.len() * 2], rows * 2);
        linear.find(network, &code, images);
        linear
    }

    /// The hidden layer of the image at a place in the order, from basis and boundary units: `[units]`.
    fn hidden(linear: &LinearRegions, units: usize, place: usize) -> Vec<f32> {
        let (panel, column) = (place / PANEL, place % PANEL);
        let mut hidden = vec![0.0; units];
        if let Some(region) = linear.region(panel) {
            for (k, row) in (region * linear.terms..).take(linear.terms).enumerate() {
                let term = linear.codes[(panel * linear.terms + k) * PANEL + column];
                for (unit, hidden) in hidden.iter_mut().enumerate() {
                    *hidden += term * linear.basis[(row / PANEL * units + unit) * PANEL + row % PANEL];
                }
            }
        }
        for BoundaryTile { units, values, .. } in linear.boundary_units(panel).tiles::<Portable4>() {
            for (unit, values) in units.into_iter().zip(values.chunks_exact(PANEL)) {
                hidden[unit] += values[column];
            }
        }
        hidden
    }

    proptest! {
        #[test]
        fn basis_and_boundary_units_add_up_to_the_hidden_layer(
            units in 1usize..70, code in 1usize..9, images in 1usize..300, slope in 0.0f32..1.0,
            numbers in proptest::collection::vec(-3.0f32..3.0, 300 * 8),
        ) {
            let network = network(units, code, slope);
            let linear = regions(&network, &numbers, images);
            let mut order = linear.order.clone();
            order.sort_unstable();
            prop_assert_eq!(order, (0..images as u32).collect::<Vec<_>>());
            let layer = network.weights.layers[2].clone();
            for (place, &image) in linear.order.iter().enumerate() {
                let found = hidden(&linear, network.shape.layers[2].units, place);
                for (unit, found) in found.into_iter().enumerate() {
                    let weights = |k| layer.kernel[network.shape.layers[2].at::<Portable4>(k, unit)];
                    let code = &numbers[image as usize * code..][..code];
                    let sum = code.iter().enumerate().map(|(k, x)| x * weights(k)).sum::<f32>() + layer.bias[unit];
                    let expected = if sum > 0.0 { sum } else { slope * sum };
                    prop_assert!((found - expected).abs() < 1e-5, "{} for {}", found, expected);
                }
            }
        }
    }

    #[test]
    fn images_that_are_close_together_have_few_boundary_units() {
        let network = network(300, 2, 0.3);
        // A grid on the plane, in no order.
        let place = |image: usize, axis: usize| (image * 101 % 256 / [1, 16][axis] % 16) as f32 - 7.4;
        let codes: Vec<_> = (0..512).map(|at| place(at / 2, at % 2)).collect();
        let linear = regions(&network, &codes, 256);
        assert_eq!((linear.regions.len(), linear.basis_rows), (4, 16));
        let boundary: usize =
            (0..32).map(|panel| linear.boundary_units(panel).tiles::<Portable4>().count() * ROWS).sum();
        assert!(boundary < 32 * 300 / 3, "{boundary} of {}", 32 * 300);
    }

    #[test]
    fn where_nearly_all_units_are_boundary_units_there_is_no_basis() {
        let network = network(64, 8, 0.3);
        let codes: Vec<_> = (0..32 * 8).map(|at| ((at * 7919 % 1009) as f32 - 500.0) / 100.0).collect();
        let linear = regions(&network, &codes, 32);
        assert_eq!((linear.basis_rows, linear.region(0)), (0, None));
        let boundary: Vec<_> =
            linear.boundary_units(3).tiles::<Portable4>().flat_map(|tile| tile.units).collect();
        assert_eq!(boundary, (0..64).collect::<Vec<_>>());
    }
}
