//! Where units bend: the signs of a strip of images, and what the region's slopes leave.

use crate::{
    network::Network,
    simd::{Simd, VECTORS, load, store, vectors},
    tile::{ROWS, Tile, add_outer_product},
};

/// A strip of images.
#[derive(Default)]
pub(super) struct Strip {
    /// For which images a unit's sum is positive before LeakyReLU, a bit for each: `[units]`.
    pub(super) positive: Vec<u32>,
    pub(super) bends: Bends,
}

/// The units that bend in a strip, as many as fill whole tiles; those that are only there for that have zeros.
#[derive(Default)]
pub(in super::super) struct Bends {
    /// No unit is there twice.
    units: Vec<u32>,
    /// What the hidden layer has beyond its basis: `[units, STRIP]`.
    values: Vec<f32>,
    /// The slope at each image, beyond the region's: `[units, STRIP]`.
    slopes: Vec<f32>,
}

/// Four units that bend.
pub(in super::super) struct BendTile<'a> {
    pub(in super::super) units: [usize; ROWS],
    /// `[ROWS, STRIP]`
    pub(in super::super) values: &'a [f32],
    /// `[ROWS, STRIP]`
    pub(in super::super) slopes: &'a [f32],
}

impl Bends {
    /// Tile by tile.
    pub(in super::super) fn tiles<F: Simd>(&self) -> impl Iterator<Item = BendTile<'_>> {
        let size = ROWS * F::STRIP;
        let numbers = self.values.chunks_exact(size).zip(self.slopes.chunks_exact(size));
        self.units.as_chunks::<ROWS>().0.iter().zip(numbers).map(|(units, (values, slopes))| BendTile {
            units: units.map(|unit| unit as usize),
            values,
            slopes,
        })
    }
}

impl Strip {
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
            &codes[..network.shape.code * F::STRIP],
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

    /// Finds what bends against a region's slopes; without a region, everything bends against 0.
    #[inline(always)]
    pub(super) fn bend<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        codes: &[f32],
        region: Option<&[bool]>,
    ) {
        let (Self { positive, bends }, slope) = (self, network.shape.slope);
        bends.units.resize(positive.len(), 0);
        let mut found = 0;
        for (unit, &signs) in positive.iter().enumerate() {
            let expected = region.map(|region| if region[unit] { all_positive::<F>() } else { 0 });
            // Always written and kept when it bends: there is no branch to mispredict.
            bends.units[found] = unit as u32;
            found += usize::from(expected != Some(signs));
        }
        bends.units.truncate(found);
        for unit in 0..positive.len() as u32 {
            if bends.units.len().is_multiple_of(ROWS) {
                break;
            }
            if bends.units[..found].binary_search(&unit).is_err() {
                bends.units.push(unit);
            }
        }
        bends.slopes.resize(bends.units.len() * F::STRIP, 0.0);
        bends.values.resize(bends.units.len() * F::STRIP, 0.0);
        let to = bends.slopes.chunks_exact_mut(F::STRIP).zip(bends.values.chunks_exact_mut(F::STRIP));
        for (&unit, (slopes, values)) in bends.units.iter().zip(to) {
            let expected = region.map_or(0.0, |region| slope_of(region[unit as usize], slope));
            // Summed up once more: to remember all units' sums costs as much, and megabytes.
            let sums = sums_of_unit(network, codes, unit as usize);
            let beyond: [F; VECTORS] =
                vectors(|v| sums[v].where_positive(F::splat(1.0), F::splat(slope)) - F::splat(expected));
            store(beyond, slopes);
            store::<F, VECTORS>(vectors(|v| beyond[v] * sums[v]), values);
        }
    }

    /// Adds to a tile of the layer's output, of the images from `at` on in the strip, the bends times a strip of the
    /// kernel, `[units, STRIP]`.
    #[inline(always)]
    pub(super) fn add_product<F: Simd>(&self, tile: &mut Tile<F>, at: usize, kernel: &[f32]) {
        let Self { positive, bends } = self;
        assert!(at + ROWS <= F::STRIP && kernel.len() >= positive.len() * F::STRIP);
        for (&unit, values) in bends.units.iter().zip(bends.values.chunks_exact(F::STRIP)) {
            let left = |row| {
                // SAFETY: at + row is less than STRIP.
                unsafe { *values.get_unchecked(at + row) }
            };
            // SAFETY: the strip's units are numbers of its signs, and the kernel has a row for each of those.
            unsafe { add_outer_product(tile, left, kernel, unit as usize) };
        }
    }
}

/// What a unit of the layer behind the code sums up for a strip of images, before LeakyReLU.
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
            (F::splat(dense.kernel[shape.at::<F>(k, unit)]), load(&codes[k * F::STRIP..]));
        sums = vectors(|v| sums[v].add_product(weight, code[v]));
    }
    vectors(|v| sums[v] + F::splat(dense.bias[unit]))
}

/// LeakyReLU's slope.
pub(super) fn slope_of(positive: bool, slope: f32) -> f32 {
    if positive { 1.0 } else { slope }
}

/// Signs that all are positive.
pub(super) fn all_positive<F: Simd>() -> u32 {
    (1 << F::STRIP) - 1
}
