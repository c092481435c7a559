//! Products whose left operand is read where it lies, a tile at a time.
//!
//! The right operand is a packed panel, `[terms, PANEL]`, or several of them one after another. The left one is read number by
//! number: along rows that start anywhere ([`add_rows`]), or down four neighbouring columns ([`add_columns`]).

use crate::{
    simd::{Simd, VECTORS, load, store, vectors},
    tile::{ROWS, Tile, add_outer_product, zero},
};

/// Floats in a row of a panel, for the widest vectors.
pub(super) const MOST_PANEL: usize = 16;
/// Floats that every buffer has beyond its values: a tile may read so far, and a whole vector may be written.
pub(super) const SLACK: usize = MOST_PANEL;
/// Terms that are added up before their sum is added to those of other terms. A panel of so many rows stays in the first-level
/// cache.
pub(super) const BLOCK: usize = 256;

/// `tile + A · B`, where row `r` of A begins at `a[starts[r]]`.
#[inline(always)]
pub(super) fn add_rows<F: Simd>(mut tile: Tile<F>, a: &[f32], starts: [usize; ROWS], b: &[f32]) -> Tile<F> {
    let terms = b.len() / F::PANEL;
    let last = starts[0].max(starts[1]).max(starts[2]).max(starts[3]);
    assert!(last + terms <= a.len());
    for k in 0..terms {
        // SAFETY: starts[row] + k is less than last + terms, and b has more than k rows.
        unsafe { add_outer_product(&mut tile, |row| *a.get_unchecked(starts[row] + k), b, k) };
    }
    tile
}

/// `tile + Aᵀ · B`, where `a` begins at the tile's rows, which are columns of A, in A's first row.
#[inline(always)]
pub(super) fn add_columns<F: Simd>(mut tile: Tile<F>, a: &[f32], stride: usize, b: &[f32]) -> Tile<F> {
    let terms = b.len() / F::PANEL;
    assert!(a.len() + stride >= terms * stride + ROWS);
    for k in 0..terms {
        // SAFETY: k * stride + row is less than (terms - 1) * stride + ROWS, and b has more than k rows.
        unsafe { add_outer_product(&mut tile, |row| *a.get_unchecked(k * stride + row), b, k) };
    }
    tile
}

/// Four rows of a matrix from `first` on; the last one instead of those that it lacks.
#[inline(always)]
pub(super) fn four_rows(first: usize, rows: usize, stride: usize) -> [usize; ROWS] {
    let at = |row: usize| (first + row).min(rows - 1) * stride;
    [at(0), at(1), at(2), at(3)]
}

/// `A · B`, where A is `[rows, inner]` and B is in panels, `[panels, inner, PANEL]`. Calls `put` with each row, panel and the
/// sums there. `sums` is room for a panel of the product.
#[inline(always)]
pub(super) fn product<F: Simd>(
    a: &[f32],
    (rows, inner): (usize, usize),
    b: &[f32],
    sums: &mut Vec<f32>,
    mut put: impl FnMut(usize, usize, [F; VECTORS]),
) {
    sums.resize(rows.next_multiple_of(ROWS) * F::PANEL, 0.0);
    for (panel, b) in b.chunks_exact(inner * F::PANEL).enumerate() {
        for (block, b) in b.chunks(BLOCK * F::PANEL).enumerate() {
            for row in (0..rows).step_by(ROWS) {
                let starts = four_rows(row, rows, inner);
                let tile = add_rows::<F>(zero(), &a[block * BLOCK..], starts, b);
                let sums = &mut sums[row * F::PANEL..][..ROWS * F::PANEL];
                for (row, sums) in sums.chunks_exact_mut(F::PANEL).enumerate() {
                    let before: [F; VECTORS] = load(sums);
                    store::<F, VECTORS>(
                        if block == 0 { tile[row] } else { vectors(|v| before[v] + tile[row][v]) },
                        sums,
                    );
                }
            }
        }
        for (row, sums) in sums.chunks_exact(F::PANEL).take(rows).enumerate() {
            put(row, panel, load(sums));
        }
    }
}

/// Adds the first rows of a tile to rows below each other, `[rows, PANEL]`.
#[inline(always)]
pub(super) fn add_to_rows<F: Simd>(tile: Tile<F>, rows: usize, to: &mut [f32]) {
    for (row, to) in to.chunks_exact_mut(F::PANEL).take(rows.min(ROWS)).enumerate() {
        let before: [F; VECTORS] = load(to);
        store::<F, VECTORS>(vectors(|v| before[v] + tile[row][v]), to);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::packing::{pack, put_row},
        *,
    };
    use crate::simd::Portable4;
    use proptest::prelude::*;

    fn numbers(count: usize, factor: usize) -> Vec<f32> {
        (0..count).map(|at| (at * factor % 11) as f32 - 5.0).collect()
    }

    /// For Miri, too: both read to the last number of what they get.
    #[test]
    fn tiles_are_those_of_the_product() {
        const PANEL: usize = Portable4::PANEL;
        let (a, b) = (numbers(3 * 5 + 4, 7), numbers(5 * PANEL, 3));
        let starts = [14, 0, 7, 3];
        let tile = add_rows::<Portable4>(zero(), &a, starts, &b);
        let transposed = add_columns::<Portable4>(zero(), &a[3..], 3, &b);
        for row in 0..ROWS {
            let found = |tile: Tile<Portable4>| {
                let mut found = [0.0; PANEL];
                store(tile[row], &mut found);
                found
            };
            let sum = |at: &dyn Fn(usize) -> usize, column| -> f32 {
                (0..5).map(|k| a[at(k)] * b[k * PANEL + column]).sum()
            };
            assert_eq!(found(tile), std::array::from_fn(|column| sum(&|k| starts[row] + k, column)));
            assert_eq!(found(transposed), std::array::from_fn(|column| sum(&|k| 3 + 3 * k + row, column)));
        }
    }

    proptest! {
        #[test]
        #[cfg_attr(miri, ignore = "Miri isolates programs from files")]
        fn products_are_those_of_the_definition(
            rows in 1usize..10, inner in prop_oneof![1usize..20, 250usize..530], columns in 1usize..20,
        ) {
            // Small whole numbers, so that sums are exact.
            let (a, b) = (numbers(rows * inner, 7), numbers(inner * columns, 3));
            let (mut panels, mut sums) = (Vec::new(), Vec::new());
            pack::<Portable4>(&b, (inner, columns), &mut panels);
            let mut found = vec![0.0; rows * columns];
            product::<Portable4>(&a, (rows, inner), &panels, &mut sums, |row, panel, sums| {
                let first = panel * Portable4::PANEL;
                let width = Portable4::PANEL.min(columns - first);
                put_row::<Portable4>(sums, &mut found[row * columns + first..][..width]);
            });
            for (at, found) in found.into_iter().enumerate() {
                let (row, column) = (at / columns, at % columns);
                let expected: f32 = (0..inner).map(|k| a[row * inner + k] * b[k * columns + column]).sum();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
