//! Where a matrix's numbers lie when it is cut into strips of columns.

/// A matrix `[rows, columns]` in strips: `[columns / width, stride, width]` in memory, with zeros in the rows beyond
/// `rows` and in what the last strip has too many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strips {
    /// Rows of the matrix.
    pub(super) rows: usize,
    /// Columns of the matrix.
    pub(super) columns: usize,
    /// Columns of a strip.
    pub(super) width: usize,
    /// Rows of a strip: the matrix's, or more.
    pub(super) stride: usize,
}

impl Strips {
    /// Numbers in memory.
    pub(super) fn len(self) -> usize {
        self.columns.div_ceil(self.width) * self.stride * self.width
    }

    /// Writes a matrix that lies row by row into strips; the zeros around it stay as they are.
    pub(super) fn pack(self, matrix: &[f32], strips: &mut [f32]) {
        self.each_row_of_a_strip(|in_matrix, in_strips, columns| {
            strips[in_strips..][..columns].copy_from_slice(&matrix[in_matrix..][..columns]);
        });
    }

    /// The matrix row by row again.
    pub(super) fn unpack(self, strips: &[f32]) -> Vec<f32> {
        let mut matrix = vec![0.0; self.rows * self.columns];
        self.each_row_of_a_strip(|in_matrix, in_strips, columns| {
            matrix[in_matrix..][..columns].copy_from_slice(&strips[in_strips..][..columns]);
        });
        matrix
    }

    /// Calls `f` with where a row of a strip starts in the matrix and in the strips, and how many columns it has.
    fn each_row_of_a_strip(self, mut f: impl FnMut(usize, usize, usize)) {
        for (strip, column) in (0..self.columns).step_by(self.width).enumerate() {
            let columns = self.width.min(self.columns - column);
            for row in 0..self.rows {
                f(row * self.columns + column, (strip * self.stride + row) * self.width, columns);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_hold_the_columns_side_by_side_and_zeros_around_them() {
        let strips = Strips { rows: 2, columns: 3, width: 2, stride: 3 };
        let matrix = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut packed = vec![0.0; strips.len()];
        strips.pack(&matrix, &mut packed);
        assert_eq!(packed, [1.0, 2.0, 4.0, 5.0, 0.0, 0.0, 3.0, 0.0, 6.0, 0.0, 0.0, 0.0]);
        assert_eq!(strips.unpack(&packed), matrix);
    }
}
