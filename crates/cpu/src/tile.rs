//! Dense products, four rows by one panel at a time, in registers.
//!
//! A matrix `[rows, columns]` lies in panels: panel after panel of [`Simd::PANEL`] columns, each panel row by row
//! (`[columns / PANEL, rows, PANEL]` in memory). Products then read both operands in order, nothing is packed
//! for them, and whoever asks for a tile uses it before it leaves the registers.
//!
//! Eight sums, two vectors of the right operand and a broadcast number of the left one are what fits sixteen
//! registers: larger tiles spill in every browser.

use super::simd::{Simd, VECTORS, store, vectors};

/// Rows of a tile.
pub(super) const ROWS: usize = 4;

/// ColumnBlock of a product: [`ROWS`] rows by [`Simd::PANEL`] columns.
pub(super) type Tile<F> = [[F; VECTORS]; ROWS];

/// A tile of zeros, to which products are added.
#[inline(always)]
pub(super) fn zero<F: Simd>() -> Tile<F> {
    [[F::splat(0.0); VECTORS]; ROWS]
}

/// A tile of `A · B`, added to `tile`.
///
/// `a` starts at the tile's first row in A's first panel, whose panels are `stride` apart; `b` is one panel of B,
/// `[columns of A, PANEL]`.
#[inline(always)]
pub(super) fn add_product<F: Simd>(tile: Tile<F>, a: &[f32], stride: usize, b: &[f32]) -> Tile<F> {
    add_product_of_rows(tile, a, [0, 1, 2, 3], stride, b)
}

/// The same for any four rows of A, counted from where `a` starts.
#[inline(always)]
pub(super) fn add_product_of_rows<F: Simd>(
    mut tile: Tile<F>,
    a: &[f32],
    rows: [usize; ROWS],
    stride: usize,
    b: &[f32],
) -> Tile<F> {
    let starts = [rows[0] * F::PANEL, rows[1] * F::PANEL, rows[2] * F::PANEL, rows[3] * F::PANEL];
    let last = starts[0].max(starts[1]).max(starts[2]).max(starts[3]);
    let whole = b.chunks_exact(F::PANEL * F::PANEL);
    let rest = whole.remainder();
    let mut panels = a.chunks(stride);
    // In this order: the last panel is left where `whole` ends.
    for (b, a) in whole.zip(&mut panels) {
        assert!(a.len() >= last + F::PANEL);
        for k in 0..F::PANEL {
            // SAFETY: starts[row] + k is less than last + PANEL; b has PANEL rows, of which this is row k.
            unsafe { add_outer_product(&mut tile, |row| *a.get_unchecked(starts[row] + k), b, k) };
        }
    }
    if let Some(a) = panels.next() {
        for k in 0..rest.len() / F::PANEL {
            let left = |row: usize| a[starts[row] + k];
            // SAFETY: `left` checks for itself, and the rest has more than k rows.
            unsafe { add_outer_product(&mut tile, left, rest, k) };
        }
    }
    tile
}

/// A tile of `Aᵀ · B`.
///
/// `a` starts at the tile's rows, which are columns of A, in A's first row, and A's rows are `stride` apart (which
/// should be known when this is compiled); `b` is one panel of B, `[rows of A, PANEL]`.
#[inline(always)]
pub(super) fn transposed_product<F: Simd>(a: &[f32], stride: usize, b: &[f32]) -> Tile<F> {
    let mut tile = zero();
    let terms = b.len() / F::PANEL;
    assert!(a.len() + stride >= terms * stride + ROWS);
    for k in 0..terms {
        // SAFETY: k * stride + row is less than (terms - 1) * stride + ROWS; b has as many rows as there are terms.
        unsafe { add_outer_product(&mut tile, |row| *a.get_unchecked(k * stride + row), b, k) };
    }
    tile
}

/// Adds a column of the left operand times row `k` of a panel of the right one.
///
/// # Safety
/// `left` can be called with every row below ROWS, and the panel has more than `k` rows.
#[inline(always)]
pub(super) unsafe fn add_outer_product<F: Simd>(
    tile: &mut Tile<F>,
    left: impl Fn(usize) -> f32,
    panel: &[f32],
    k: usize,
) {
    // SAFETY: row k ends at (k + 1) * PANEL, within the panel as the caller promises.
    let right: [F; VECTORS] = vectors(|v| unsafe { F::load_at(panel, k * F::PANEL + v * F::LANES) });
    for row in 0..ROWS {
        let left = F::splat(left(row));
        for v in 0..VECTORS {
            tile[row][v] = tile[row][v].add_product(left, right[v]);
        }
    }
}

/// Writes a tile's rows below each other.
#[inline(always)]
pub(super) fn store_rows<F: Simd>(tile: Tile<F>, to: &mut [f32]) {
    for row in 0..ROWS {
        store(tile[row], &mut to[row * F::PANEL..]);
    }
}

/// Writes a tile's columns, four numbers each, below each other.
#[inline(always)]
pub(super) fn store_columns<F: Simd>(tile: Tile<F>, to: &mut [f32], stride: usize) {
    for v in 0..VECTORS {
        let to = &mut to[v * F::LANES * stride..];
        F::store_columns([tile[0][v], tile[1][v], tile[2][v], tile[3][v]], to, stride);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::panels::PanelLayout, super::simd::Portable4, *};

    /// `[rows, columns]` with small whole numbers, row by row.
    fn matrix(rows: usize, columns: usize, factor: usize) -> Vec<f32> {
        (0..rows * columns).map(|k| (k * factor % 11) as f32 - 5.0).collect()
    }

    #[test]
    fn tiles_are_those_of_the_product() {
        const PANEL: usize = Portable4::PANEL;
        // The last panel of the left matrix has three columns only.
        let (rows, inner, columns) = (2 * ROWS, 3 * PANEL + 3, PANEL);
        let (a, b) = (matrix(rows, inner, 7), matrix(inner, columns, 3));
        let in_panels = |matrix: &[f32], rows, columns| {
            let layout = PanelLayout { rows, columns, width: PANEL, stride: rows };
            let mut panels = vec![0.0; layout.len()];
            layout.pack(matrix, &mut panels);
            panels
        };
        let transposed: Vec<_> = (0..inner * rows).map(|k| a[k % rows * inner + k / rows]).collect();
        let (a_panels, b_panels) = (in_panels(&a, rows, inner), in_panels(&b, inner, columns));

        let first = ROWS; // the second tile
        let plain = add_product::<Portable4>(zero(), &a_panels[first * PANEL..], rows * PANEL, &b_panels);
        let other = transposed_product::<Portable4>(&transposed[first..], rows, &b_panels);
        for (tile, row) in plain.iter().zip(first..).chain(other.iter().zip(first..)) {
            let mut found = [0.0; PANEL];
            super::super::simd::store(*tile, &mut found);
            let expected = |column: usize| -> f32 {
                (0..inner).map(|k| a[row * inner + k] * b[k * columns + column]).sum()
            };
            assert_eq!(found, std::array::from_fn(expected));
        }
    }
}
