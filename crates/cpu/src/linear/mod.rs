//! Where the decoder is linear, which makes the products of its output layer several times cheaper.
//!
//! The decoder's hidden layer reads nothing but the code, a few numbers, and each of its units has one slope on one side of
//! a line in the plane of codes (a plane in their space …) and another slope on the other. Between those lines a network
//! of such units is linear: a *linear region*. So the images of a batch are put in order by their codes (`neighbours`) and
//! cut into regions of some strips, and each unit gets the slope in a region that it has in most of its strips. Had it
//! that slope in all of them, an image's hidden layer would be
//!
//! ```text
//! hidden[j] = slope[j] · (Σ_k code[k] · weight[k, j] + bias[j]) = Σ_k term[k] · basis[k, j]
//! ```
//!
//! with the code and a 1 for terms: a sum of a few rows that all images of the region share. Where that isn't so in a
//! strip, the unit *bends* there, and what is missing is kept:
//!
//! ```text
//! hidden[i, j] = Σ_k term[i, k] · basis[k, j] + bend[i, j]
//! ```
//!
//! This is exact. Whatever is to be multiplied by a hidden layer is multiplied by the basis and by the bends instead. Of
//! MNIST on a plane, a twentieth of all units bend at first and a fifth after ten epochs (`docs/measurements.md`).

mod bends;

pub(super) use self::bends::{BendTile, Bends};
use self::bends::{Strip, all_positive, slope_of};
use super::{
    neighbours::{Sizes, put_in_order},
    network::Network,
    simd::{Simd, run},
    tile::{ROWS, Tile, store_rows, transposed_product},
};
use std::ops::Range;

/// Images of a region for each term. In larger regions more units bend, of smaller ones the basis is larger.
const IMAGES_PER_TERM: usize = 16;

/// A batch's hidden layer behind the code, as basis and bends.
#[derive(Default)]
pub(super) struct LinearRegions {
    /// The batch's images in order. What follows has images in this order.
    pub(super) order: Vec<u32>,
    /// The code's numbers and a 1, rounded up to whole tiles.
    pub(super) terms: usize,
    /// `[rows / STRIP, terms, STRIP]`
    pub(super) codes: Vec<f32>,
    /// Whether each region's slope is that of positive sums: `[units]`. There are none where nearly everything bends,
    /// and so everything does.
    regions: Vec<Vec<bool>>,
    /// Strips of a region.
    strips_per_region: usize,
    /// A region's terms after another's, as if they were images: `[basis_rows / STRIP, units, STRIP]`.
    pub(super) basis: Vec<f32>,
    /// The terms of all regions, rounded up to whole strips.
    pub(super) basis_rows: usize,
    strips: Vec<Strip>,
}

impl LinearRegions {
    /// Takes a batch's codes, `[rows / STRIP, units of the code's layer, STRIP]`.
    pub(super) fn find<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        code: &[f32],
        images: usize,
    ) {
        self.put_in_order(network, code, images);
        let strips = images.div_ceil(F::STRIP);
        if self.strips.len() < strips {
            self.strips.resize_with(strips, Strip::default);
        }
        run!(F, {
            let codes = self.codes.chunks_exact(self.terms * F::STRIP);
            for (strip, codes) in self.strips[..strips].iter_mut().zip(codes) {
                strip.find_signs(network, codes);
            }
        });
        self.choose_slopes::<F>(strips);
        self.make_basis(network);
        run!(F, {
            let codes = self.codes.chunks_exact(self.terms * F::STRIP);
            for (at, (strip, codes)) in self.strips[..strips].iter_mut().zip(codes).enumerate() {
                let region = self.regions.get(at / self.strips_per_region).map(Vec::as_slice);
                strip.bend(network, codes, region);
            }
        });
    }

    /// Order, and the codes in it. The images that the last strip lacks are copies of the last one: they bend nothing.
    fn put_in_order<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        code: &[f32],
        images: usize,
    ) {
        let axes = network.shape.code;
        self.terms = (axes + 1).next_multiple_of(ROWS);
        let branch = IMAGES_PER_TERM * self.terms;
        self.strips_per_region = branch / F::STRIP;
        self.order.clear();
        self.order.extend(0..images as u32);
        let coordinate = |image: u32, k| code[network.code_at(image as usize, k)];
        put_in_order(&mut self.order, Sizes { leaf: F::STRIP, branch }, axes, &coordinate);

        self.codes.clear();
        self.codes.resize(images.next_multiple_of(F::STRIP) * self.terms, 0.0);
        for (at, codes) in self.codes.chunks_exact_mut(self.terms * F::STRIP).enumerate() {
            for column in 0..F::STRIP {
                let image = self.order[(at * F::STRIP + column).min(images - 1)];
                for k in 0..axes {
                    codes[k * F::STRIP + column] = coordinate(image, k);
                }
                codes[axes * F::STRIP + column] = 1.0;
            }
        }
    }

    /// Gives the units of each region the slope with which they bend in the fewest strips.
    fn choose_slopes<F: Simd>(&mut self, strips: usize) {
        let units = self.strips[0].positive.len();
        let regions = strips.div_ceil(self.strips_per_region);
        self.regions.resize_with(regions, Vec::new);
        let mut bends = 0;
        let of_regions = self.strips[..strips].chunks(self.strips_per_region);
        for (region, strips) in self.regions.iter_mut().zip(of_regions) {
            // In how many strips a unit is positive for every image, and in how many for none.
            let mut counts = vec![[0; 2]; units];
            for strip in strips {
                for ([positive, negative], &signs) in counts.iter_mut().zip(&strip.positive) {
                    *positive += usize::from(signs == all_positive::<F>());
                    *negative += usize::from(signs == 0);
                }
            }
            bends += counts
                .iter()
                .map(|&[positive, negative]| strips.len() - positive.max(negative))
                .sum::<usize>();
            region.clear();
            region.extend(counts.into_iter().map(|[positive, negative]| positive > negative));
        }
        self.basis_rows = (regions * self.terms).next_multiple_of(F::STRIP);
        if bends * F::STRIP + self.basis_rows * units > strips * units * F::STRIP {
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
        for (region, positive) in self.regions.iter().enumerate() {
            for k in 0..=network.shape.code {
                let row = region * self.terms + k;
                let at = row / F::STRIP * positive.len() * F::STRIP + row % F::STRIP;
                for (unit, &positive) in positive.iter().enumerate() {
                    f(unit, k, at + unit * F::STRIP, slope_of(positive, network.shape.slope));
                }
            }
        }
    }

    /// The region of a strip, if there are any.
    pub(super) fn region(&self, strip: usize) -> Option<usize> {
        let region = strip / self.strips_per_region;
        (region < self.regions.len()).then_some(region)
    }

    /// A region's strips, of so many in all; none where there is no such region.
    pub(super) fn strips_of_region(&self, region: usize, strips: usize) -> Range<usize> {
        strips.min(region * self.strips_per_region)..strips.min((region + 1) * self.strips_per_region)
    }

    /// Where units bend in a strip.
    pub(super) fn bends(&self, strip: usize) -> &Bends {
        &self.strips[strip].bends
    }

    /// What the basis gives at a strip of the output layer, before bias and LeakyReLU: `[basis_rows, STRIP]`.
    #[inline(always)]
    pub(super) fn basis_output<F: Simd, const WIDE: usize>(
        &self,
        network: &Network<F, WIDE>,
        strip: usize,
        to: &mut [f32],
    ) {
        for row in (0..self.basis_rows).step_by(ROWS) {
            store_rows(network.output_tile(&self.basis, row, strip), &mut to[row * F::STRIP..]);
        }
    }

    /// What the four images from `image` on give there, from the strip of the layer's kernel, `[units, STRIP]`, and from
    /// what the basis gives.
    #[inline(always)]
    pub(super) fn output_tile<F: Simd>(&self, kernel: &[f32], of_basis: &[f32], image: usize) -> Tile<F> {
        let (strip, at) = (image / F::STRIP, image % F::STRIP);
        let terms = self
            .region(strip)
            .map_or(&[][..], |region| &of_basis[region * self.terms * F::STRIP..][..self.terms * F::STRIP]);
        let codes = &self.codes[strip * self.terms * F::STRIP..][..self.terms * F::STRIP];
        let mut tile = transposed_product(&codes[at..], F::STRIP, terms);
        self.strips[strip].add_product(&mut tile, at, kernel);
        tile
    }
}

#[cfg(test)]
mod tests {
    use super::{super::simd::Portable4, *};
    use latent_core::{model::ModelSpec, weights::Weights};
    use proptest::prelude::*;

    const STRIP: usize = Portable4::STRIP;

    fn network(hidden: usize, code: usize, slope: f32) -> Network<Portable4, 5> {
        let model = ModelSpec::dense(&[hidden], code, slope);
        let mut network = Network::new(&model);
        let mut weights = Weights::initial(&model, 7);
        for (unit, bias) in weights.layers[2].bias.iter_mut().enumerate() {
            *bias = (unit % 5) as f32 / 10.0 - 0.2;
        }
        network.weights.load(&network.shape, &weights).unwrap();
        network
    }

    fn regions(network: &Network<Portable4, 5>, codes: &[f32], images: usize) -> LinearRegions {
        let rows = images.next_multiple_of(STRIP);
        let mut code = vec![0.0; network.shape.layers[1].units * rows];
        for (at, &x) in codes[..images * network.shape.code].iter().enumerate() {
            code[network.code_at(at / network.shape.code, at % network.shape.code)] = x;
        }
        let mut linear = LinearRegions::default();
        // Twice: nothing is to be left from another batch.
        linear.find(network, &vec![0.5; code.len() * 2], rows * 2);
        linear.find(network, &code, images);
        linear
    }

    /// The hidden layer of the image at a place, unit by unit, from basis and bends.
    fn hidden(linear: &LinearRegions, units: usize, place: usize) -> Vec<f32> {
        let (strip, column) = (place / STRIP, place % STRIP);
        let mut hidden = vec![0.0; units];
        if let Some(region) = linear.region(strip) {
            for (k, row) in (region * linear.terms..).take(linear.terms).enumerate() {
                let term = linear.codes[(strip * linear.terms + k) * STRIP + column];
                for (unit, hidden) in hidden.iter_mut().enumerate() {
                    *hidden += term * linear.basis[(row / STRIP * units + unit) * STRIP + row % STRIP];
                }
            }
        }
        for BendTile { units, values, .. } in linear.bends(strip).tiles::<Portable4>() {
            for (unit, values) in units.into_iter().zip(values.chunks_exact(STRIP)) {
                hidden[unit] += values[column];
            }
        }
        hidden
    }

    proptest! {
        #[test]
        fn basis_and_bends_make_up_the_hidden_layer(
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
    fn images_that_are_close_together_bend_little() {
        let network = network(300, 2, 0.3);
        // A grid on the plane, in no order.
        let place = |image: usize, axis: usize| (image * 101 % 256 / [1, 16][axis] % 16) as f32 - 7.4;
        let codes: Vec<_> = (0..512).map(|at| place(at / 2, at % 2)).collect();
        let linear = regions(&network, &codes, 256);
        assert_eq!((linear.regions.len(), linear.basis_rows), (4, 16));
        let bends: usize = (0..32).map(|strip| linear.bends(strip).tiles::<Portable4>().count() * ROWS).sum();
        assert!(bends < 32 * 300 / 3, "{bends} of {}", 32 * 300);
    }

    #[test]
    fn where_nearly_everything_bends_there_is_no_basis() {
        let network = network(64, 8, 0.3);
        let codes: Vec<_> = (0..32 * 8).map(|at| ((at * 7919 % 1009) as f32 - 500.0) / 100.0).collect();
        let linear = regions(&network, &codes, 32);
        assert_eq!((linear.basis_rows, linear.region(0)), (0, None));
        let bends: Vec<_> = linear.bends(3).tiles::<Portable4>().flat_map(|tile| tile.units).collect();
        assert_eq!(bends, (0..64).collect::<Vec<_>>());
    }
}
