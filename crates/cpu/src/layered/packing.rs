//! Matrices between rows and panels.

use super::product::MOST_PANEL;
use crate::{
    simd::{Simd, VECTORS, load, store},
    tile::ROWS,
};

/// Writes as much of a row of a panel as there is room for.
#[inline(always)]
pub(super) fn put_row<F: Simd>(row: [F; VECTORS], to: &mut [f32]) {
    if to.len() >= F::PANEL {
        store(row, to);
    } else {
        let mut whole = [0.0; MOST_PANEL];
        store(row, &mut whole);
        to.copy_from_slice(&whole[..to.len()]);
    }
}

/// Reads a row of a panel, with zeros for what is not there.
#[inline(always)]
pub(super) fn get_row<F: Simd>(from: &[f32]) -> [F; VECTORS] {
    if from.len() >= F::PANEL {
        load(from)
    } else {
        let mut whole = [0.0; MOST_PANEL];
        whole[..from.len()].copy_from_slice(from);
        load(&whole)
    }
}

/// Packs a matrix that lies row by row, `[rows, columns]`, into panels, `[panels, rows, PANEL]`.
#[inline(always)]
pub(super) fn pack<F: Simd>(matrix: &[f32], (rows, columns): (usize, usize), panels: &mut Vec<f32>) {
    panels.resize(columns.div_ceil(F::PANEL) * rows * F::PANEL, 0.0);
    for (panel, to) in panels.chunks_exact_mut(rows * F::PANEL).enumerate() {
        let from = panel * F::PANEL;
        let width = F::PANEL.min(columns - from);
        for (row, to) in to.chunks_exact_mut(F::PANEL).enumerate() {
            store::<F, VECTORS>(get_row(&matrix[row * columns + from..][..width]), to);
        }
    }
}

/// Transposes a matrix in panels: `[columns / PANEL, rows, PANEL]` becomes `[rows / PANEL, columns, PANEL]`, rounded up.
#[inline(always)]
pub(super) fn transpose<F: Simd>(panels: &[f32], (rows, columns): (usize, usize), to: &mut [f32]) {
    for (panel, to) in to.chunks_exact_mut(columns * F::PANEL).enumerate() {
        let first = panel * F::PANEL;
        for column in (0..columns).step_by(F::LANES) {
            let from = &panels[column / F::PANEL * rows * F::PANEL + column % F::PANEL..];
            for row in (first..rows.min(first + F::PANEL)).step_by(ROWS) {
                let to = &mut to[column * F::PANEL + row - first..];
                if row + ROWS <= rows && column + F::LANES <= columns {
                    let at = |k: usize| F::load(&from[(row + k) * F::PANEL..]);
                    F::store_columns([at(0), at(1), at(2), at(3)], to, F::PANEL);
                    continue;
                }
                for k in 0..ROWS.min(rows - row) {
                    for lane in 0..F::LANES.min(columns - column) {
                        to[lane * F::PANEL + k] = from[(row + k) * F::PANEL + lane];
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable4;
    use proptest::prelude::*;

    fn numbers(count: usize, factor: usize) -> Vec<f32> {
        (0..count).map(|at| (at * factor % 11) as f32 - 5.0).collect()
    }

    proptest! {
        #[test]
        fn panels_of_the_transpose_are_those_of_the_transposed_matrix(
            rows in 1usize..30, columns in 1usize..30,
        ) {
            let matrix = numbers(rows * columns, 7);
            let transposed: Vec<_> = (0..rows * columns).map(|at| matrix[at % rows * columns + at / rows]).collect();
            let (mut panels, mut expected) = (Vec::new(), Vec::new());
            pack::<Portable4>(&matrix, (rows, columns), &mut panels);
            pack::<Portable4>(&transposed, (columns, rows), &mut expected);
            let mut found = vec![0.0; expected.len()];
            transpose::<Portable4>(&panels, (rows, columns), &mut found);
            prop_assert_eq!(found, expected);
        }
    }
}
