//! Boundary units: the signs of a panel of images, and the differences from the region's slopes.

use crate::{
    activation::Smooth,
    network::Network,
    simd::{Simd, VECTORS, load, run, store, vectors},
    tensors::LayerShape,
    tile::{ROWS, Tile, add_outer_product},
};

/// The signs and the boundary units of a panel of images.
#[derive(Default)]
pub(super) struct ImagePanel {
    /// A bit for each image: whether the unit's sum is positive. `[units]`
    pub(super) positive: Vec<u32>,
    pub(super) boundary: BoundaryUnits,
}

/// The boundary units of a panel, rounded up to whole tiles by units whose differences are 0.
#[derive(Default)]
pub(in super::super) struct BoundaryUnits {
    /// No unit is there twice.
    units: Vec<u32>,
    /// The values minus those of the basis: `[units, PANEL]`.
    values: Vec<f32>,
    /// The slope at each image minus the region's: `[units, PANEL]`.
    slopes: Vec<f32>,
}

/// Four boundary units.
pub(in super::super) struct BoundaryTile<'a> {
    pub(in super::super) units: [usize; ROWS],
    /// `[ROWS, PANEL]`
    pub(in super::super) values: &'a [f32],
    /// `[ROWS, PANEL]`
    pub(in super::super) slopes: &'a [f32],
}

impl BoundaryUnits {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    /// Tile by tile.
    pub(in super::super) fn tiles<F: Simd>(&self) -> impl Iterator<Item = BoundaryTile<'_>> {
        let size = ROWS * F::PANEL;
        let numbers = self.values.chunks_exact(size).zip(self.slopes.chunks_exact(size));
        self.units.as_chunks::<ROWS>().0.iter().zip(numbers).map(|(units, (values, slopes))| BoundaryTile {
            units: units.map(|unit| unit as usize),
            values,
            slopes,
        })
    }
}

impl ImagePanel {
    #[inline(always)]
    pub(super) fn find_signs<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        codes: &[f32],
    ) {
        let layer = network.shape.code_layer + 1;
        self.positive.resize(network.shape.layers[layer].units, 0);
        network.sums(
            layer,
            &codes[..network.shape.code * F::PANEL],
            #[inline(always)]
            |unit, sums| {
                let mut signs = 0;
                for v in 0..VECTORS {
                    signs |= sums[v].positive() << (v * F::LANES);
                }
                self.positive[unit] = signs;
            },
        );
    }

    /// Finds the boundary units for a region's slopes. Without a region they are all units, and differences are from 0.
    #[inline(always)]
    pub(super) fn find_boundary_units<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        codes: &[f32],
        region: Option<&[bool]>,
    ) {
        let Self { positive, boundary } = self;
        let slope = network.shape.layers[network.shape.code_layer + 1].activation.negative_slope;
        boundary.units.resize(positive.len(), 0);
        let mut found = 0;
        for (unit, &signs) in positive.iter().enumerate() {
            let expected = region.map(|region| if region[unit] { all_positive::<F>() } else { 0 });
            // Always written, and counted only if it is a boundary unit: there is no branch to mispredict.
            boundary.units[found] = unit as u32;
            found += usize::from(expected != Some(signs));
        }
        boundary.units.truncate(found);
        for unit in 0..positive.len() as u32 {
            if boundary.units.len().is_multiple_of(ROWS) {
                break;
            }
            if boundary.units[..found].binary_search(&unit).is_err() {
                boundary.units.push(unit);
            }
        }
        boundary.slopes.resize(boundary.units.len() * F::PANEL, 0.0);
        boundary.values.resize(boundary.units.len() * F::PANEL, 0.0);
        let to = boundary.slopes.chunks_exact_mut(F::PANEL).zip(boundary.values.chunks_exact_mut(F::PANEL));
        for (&unit, (slopes, values)) in boundary.units.iter().zip(to) {
            let expected = region.map_or(0.0, |region| slope_of(region[unit as usize], slope));
            // The sums are computed again: storing those of all units takes as long, and megabytes.
            let sums = sums_of_unit(network, codes, unit as usize);
            let beyond: [F; VECTORS] =
                vectors(|v| sums[v].where_positive(F::splat(1.0), F::splat(slope)) - F::splat(expected));
            store(beyond, slopes);
            store::<F, VECTORS>(vectors(|v| beyond[v] * sums[v]), values);
        }
    }

    /// Makes boundary units of all units, whose smooth activation is linear nowhere.
    pub(super) fn take_all_units<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        codes: &[f32],
        smooth: Smooth,
    ) {
        let layer = network.shape.code_layer + 1;
        let LayerShape { units, outputs, .. } = network.shape.layers[layer];
        let Self { positive, boundary } = self;
        positive.resize(units, 0);
        boundary.units.clear();
        boundary.units.extend(0..units as u32);
        boundary.values.resize(units * F::PANEL, 0.0);
        boundary.slopes.resize(units * F::PANEL, 0.0);
        run!(
            F,
            network.sums(
                layer,
                &codes[..network.shape.code * F::PANEL],
                #[inline(always)]
                |unit, sums| store::<F, VECTORS>(sums, &mut boundary.values[unit * F::PANEL..]),
            )
        );
        // Padded units have neither values nor slopes.
        boundary.slopes[outputs * F::PANEL..].fill(0.0);
        let real = ..outputs * F::PANEL;
        smooth.apply::<F>(&mut boundary.values[real], Some(&mut boundary.slopes[real]));
    }

    /// Adds the product of the differences with a panel of the output layer's kernel, `[units, PANEL]`, to a tile of the output
    /// of the panel's images from `at` on.
    #[inline(always)]
    pub(super) fn add_product<F: Simd>(&self, tile: &mut Tile<F>, at: usize, kernel: &[f32]) {
        let Self { positive, boundary } = self;
        assert!(at + ROWS <= F::PANEL && kernel.len() >= positive.len() * F::PANEL);
        for (&unit, values) in boundary.units.iter().zip(boundary.values.chunks_exact(F::PANEL)) {
            let left = |row| {
                // SAFETY: at + row is less than PANEL.
                unsafe { *values.get_unchecked(at + row) }
            };
            // SAFETY: the panel's units are numbers of its signs, and the kernel has a row for each of those.
            unsafe { add_outer_product(tile, left, kernel, unit as usize) };
        }
    }
}

/// The sums of a unit of the layer behind the code for a panel of images.
#[inline(always)]
fn sums_of_unit<F: Simd, const WIDE: usize>(
    network: &Network<F, WIDE>,
    codes: &[f32],
    unit: usize,
) -> [F; VECTORS] {
    let layer = network.shape.code_layer + 1;
    let (shape, dense) = (&network.shape.layers[layer], &network.weights.layers[layer]);
    let mut sums = [F::splat(0.0); VECTORS];
    for k in 0..network.shape.code {
        let (weight, code): (_, [F; VECTORS]) =
            (F::splat(dense.kernel[shape.at::<F>(k, unit)]), load(&codes[k * F::PANEL..]));
        sums = vectors(|v| sums[v].add_product(weight, code[v]));
    }
    vectors(|v| sums[v] + F::splat(dense.bias[unit]))
}

/// The slope of a piecewise linear activation.
pub(super) fn slope_of(positive: bool, slope: f32) -> f32 {
    if positive { 1.0 } else { slope }
}

/// The signs of a panel whose images are all positive.
pub(super) fn all_positive<F: Simd>() -> u32 {
    (1 << F::PANEL) - 1
}
