//! The layout of a matrix that is cut into panels of columns.

/// A matrix `[rows, columns]` in panels: `[columns / width, stride, width]` in memory, with zeros in the rows beyond
/// `rows` and in what the last panel has too many.
#[derive(Clone, Copy, Debug)]
pub(super) struct PanelLayout {
    /// Rows of the matrix.
    pub(super) rows: usize,
    /// Columns of the matrix.
    pub(super) columns: usize,
    /// Columns of a panel.
    pub(super) width: usize,
    /// Rows of a panel: the matrix's, or more.
    pub(super) stride: usize,
}

impl PanelLayout {
    /// Numbers in memory.
    pub(super) fn len(self) -> usize {
        self.columns.div_ceil(self.width) * self.stride * self.width
    }

    /// Writes a matrix that lies row by row into panels; the zeros around it stay as they are.
    pub(super) fn pack(self, matrix: &[f32], panels: &mut [f32]) {
        self.pack_columns(0, matrix, panels);
    }

    /// The matrix row by row again.
    pub(super) fn unpack(self, panels: &[f32]) -> Vec<f32> {
        let mut matrix = vec![0.0; self.rows * self.columns];
        self.unpack_columns(0, panels, &mut matrix);
        matrix
    }

    /// Writes a matrix that is some of the columns, from `first` on.
    pub(super) fn pack_columns(self, first: usize, matrix: &[f32], panels: &mut [f32]) {
        self.each_panel_row(first, matrix.len() / self.rows, |in_matrix, in_panels, columns| {
            panels[in_panels..][..columns].copy_from_slice(&matrix[in_matrix..][..columns]);
        });
    }

    /// Reads such a matrix again.
    pub(super) fn unpack_columns(self, first: usize, panels: &[f32], matrix: &mut [f32]) {
        self.each_panel_row(first, matrix.len() / self.rows, |in_matrix, in_panels, columns| {
            matrix[in_matrix..][..columns].copy_from_slice(&panels[in_panels..][..columns]);
        });
    }

    /// Calls `f` with where a row of a panel starts in a matrix with these columns and in the panels, and how many columns it
    /// has.
    fn each_panel_row(self, first: usize, columns: usize, mut f: impl FnMut(usize, usize, usize)) {
        let mut column = 0;
        while column < columns {
            let (panel, at) = ((first + column) / self.width, (first + column) % self.width);
            let count = (self.width - at).min(columns - column);
            for row in 0..self.rows {
                f(row * columns + column, (panel * self.stride + row) * self.width + at, count);
            }
            column += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_hold_the_columns_side_by_side_and_zeros_around_them() {
        let panels = PanelLayout { rows: 2, columns: 3, width: 2, stride: 3 };
        let matrix = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut packed = vec![0.0; panels.len()];
        panels.pack(&matrix, &mut packed);
        assert_eq!(packed, [1.0, 2.0, 4.0, 5.0, 0.0, 0.0, 3.0, 0.0, 6.0, 0.0, 0.0, 0.0]);
        assert_eq!(panels.unpack(&packed), matrix);
    }

    #[test]
    fn matrices_side_by_side_are_packed_as_one() {
        let panels = PanelLayout { rows: 2, columns: 5, width: 2, stride: 2 };
        let matrices: [&[f32]; 2] = [&[1.0, 2.0, 3.0, 6.0, 7.0, 8.0], &[4.0, 5.0, 9.0, 10.0]];
        let whole = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
        let [mut expected, mut packed] = [vec![0.0; panels.len()], vec![0.0; panels.len()]];
        panels.pack(&whole, &mut expected);
        panels.pack_columns(0, matrices[0], &mut packed);
        panels.pack_columns(3, matrices[1], &mut packed);
        assert_eq!(packed, expected);
        let mut second = [0.0; 4];
        panels.unpack_columns(3, &packed, &mut second);
        assert_eq!(second, matrices[1]);
    }
}
