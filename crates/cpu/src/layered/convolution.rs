//! The three products of a convolution, for one image.
//!
//! The kernel is a matrix, `[row, column, channel of the large map]` by channels of the small map. No matrix of the large map's
//! columns is made: where the map is padded, what a row of the kernel reads at a position lies side by side.
//!
//! - [`gather`] makes the small map from the large one: a convolution, and the gradient of a transposed one.
//! - [`scatter`] makes the large map from the small one: a transposed convolution, and the gradient of a convolution.
//! - [`kernel_gradient`] is the same for both.

use super::{
    geometry::Geometry,
    product::{MOST_PANEL, add_columns, add_rows, add_to_rows, four_rows},
};
use crate::{
    simd::{Simd, VECTORS},
    tile::{ROWS, Tile, store_rows, zero},
};

/// About how many positions are added up in a kernel's gradient before their sum is added to the others': what is read of
/// both maps for them stays in the first-level cache.
const POSITIONS: usize = 64;

/// Computes the small map. `kernel` is in panels, `[panels, rows, PANEL]`. Calls `put` with each position, panel and the sums
/// there.
#[inline(always)]
pub(super) fn gather<F: Simd>(
    geometry: &Geometry,
    padded: &[f32],
    kernel: &[f32],
    mut put: impl FnMut(usize, usize, [F; VECTORS]),
) {
    let len = geometry.run() * F::PANEL;
    for (panel, kernel) in kernel.chunks_exact(geometry.kernel_rows() * F::PANEL).enumerate() {
        for first in (0..geometry.count()).step_by(ROWS) {
            let starts = geometry.four_positions(first);
            let mut tile: Tile<F> = zero();
            for (row, kernel) in kernel.chunks_exact(len).enumerate() {
                tile = add_rows(tile, &padded[row * geometry.row()..], starts, kernel);
            }
            for row in 0..ROWS.min(geometry.count() - first) {
                put(first + row, panel, tile[row]);
            }
        }
    }
}

/// Adds up the padded large map from the small one, `[positions, channels]`. `kernel` is transposed and in panels, `[panels,
/// channels of the small map, PANEL]`.
#[inline(always)]
pub(super) fn scatter<F: Simd>(geometry: &Geometry, small: &[f32], kernel: &[f32], padded: &mut [f32]) {
    let channels = geometry.small().channels;
    let is_aligned = geometry.run().is_multiple_of(F::LANES);
    padded[..geometry.len()].fill(0.0);
    for (panel, kernel) in kernel.chunks_exact(channels * F::PANEL).enumerate() {
        let columns = panel * F::PANEL..geometry.kernel_rows().min((panel + 1) * F::PANEL);
        for first in (0..geometry.count()).step_by(ROWS) {
            let tile = add_rows::<F>(zero(), small, four_rows(first, geometry.count(), channels), kernel);
            let starts = geometry.four_positions(first);
            let rows = ROWS.min(geometry.count() - first);
            if is_aligned {
                // A vector lies side by side in the large map, too.
                for row in 0..rows {
                    for v in 0..VECTORS {
                        let column = columns.start + v * F::LANES;
                        if column < columns.end {
                            let to = &mut padded[starts[row] + geometry.offset(column)..][..F::LANES];
                            (F::load(to) + tile[row][v]).store(to);
                        }
                    }
                }
                continue;
            }
            let mut sums = [0.0; ROWS * MOST_PANEL];
            store_rows(tile, &mut sums);
            for (row, sums) in sums.chunks_exact(F::PANEL).take(rows).enumerate() {
                for (column, sum) in columns.clone().zip(sums) {
                    padded[starts[row] + geometry.offset(column)] += sum;
                }
            }
        }
    }
}

/// Adds the gradient of the kernel to `gradient`, `[panels, rows, PANEL]`. `small` is in panels, `[panels, positions, PANEL]`.
/// One of the maps is a layer's input, and the other one the gradient at its sums.
#[inline(always)]
pub(super) fn kernel_gradient<F: Simd>(
    geometry: &Geometry,
    padded: &[f32],
    small: &[f32],
    gradient: &mut [f32],
) {
    let (width, height) = (geometry.small().width, geometry.small().height);
    let (len, step) = (width * F::PANEL, geometry.stride() * geometry.large().channels);
    let rows_at_once = (POSITIONS / width).max(1);
    for first in (0..height).step_by(rows_at_once) {
        let rows = first..height.min(first + rows_at_once);
        for row in 0..geometry.kernel() {
            for at in (0..geometry.run()).step_by(ROWS) {
                let panels = gradient.chunks_exact_mut(geometry.kernel_rows() * F::PANEL);
                for (gradient, small) in panels.zip(small.chunks_exact(height * len)) {
                    let mut tile: Tile<F> = zero();
                    for i in rows.clone() {
                        let large = &padded[(i * geometry.stride() + row) * geometry.row() + at..];
                        tile = add_columns(tile, large, step, &small[i * len..][..len]);
                    }
                    let to = &mut gradient[(row * geometry.run() + at) * F::PANEL..];
                    add_to_rows(tile, geometry.run() - at, to);
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "convolution_tests.rs"]
mod tests;
