//! Where a matrix's numbers lie when it is cut into panels of columns.

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
        self.each_panel_row(|in_matrix, in_panels, columns| {
            panels[in_panels..][..columns].copy_from_slice(&matrix[in_matrix..][..columns]);
        });
    }

    /// The matrix row by row again.
    pub(super) fn unpack(self, panels: &[f32]) -> Vec<f32> {
        let mut matrix = vec![0.0; self.rows * self.columns];
        self.each_panel_row(|in_matrix, in_panels, columns| {
            matrix[in_matrix..][..columns].copy_from_slice(&panels[in_panels..][..columns]);
        });
        matrix
    }

    /// Calls `f` with where a row of a panel starts in the matrix and in the panels, and how many columns it has.
    fn each_panel_row(self, mut f: impl FnMut(usize, usize, usize)) {
        for (panel, column) in (0..self.columns).step_by(self.width).enumerate() {
            let columns = self.width.min(self.columns - column);
            for row in 0..self.rows {
                f(row * self.columns + column, (panel * self.stride + row) * self.width, columns);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_hold_the_columns_side_by_side_and_zeros_around_them() {
        let panels = PanelLayout { rows: 2, columns: 3, width: 2, stride: 3 };
        let matrix = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut packed = vec![0.0; panels.len()];
        panels.pack(&matrix, &mut packed);
        assert_eq!(packed, [1.0, 2.0, 4.0, 5.0, 0.0, 0.0, 3.0, 0.0, 6.0, 0.0, 0.0, 0.0]);
        assert_eq!(panels.unpack(&packed), matrix);
    }
}
