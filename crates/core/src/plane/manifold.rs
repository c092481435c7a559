//! The manifold: decoded images all over the visible plane.

use super::Projection;
use serde::{Deserialize, Serialize};

/// Codes in a grid over the visible plane, whose decoded images lie behind the plotted ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// The plane as it was seen.
    plane: Projection,
    /// The numbers that the plane doesn't show; 0 where it does.
    code: Vec<f32>,
}

impl Grid {
    /// Images along a side.
    pub const SIDE: usize = 20;

    /// The grid over a plane, for a network whose other numbers are those of `code`.
    pub fn over(plane: Projection, code: &[f32]) -> Self {
        Self { plane, code: plane.axes.moved(code, [0.0; 2]) }
    }

    /// The plane that it lies over.
    pub fn plane(&self) -> Projection {
        self.plane
    }

    /// Rows of images: one on a line.
    pub fn rows(&self) -> usize {
        if self.plane.axes.up.is_some() { Self::SIDE } else { 1 }
    }

    /// Numbers in a code.
    pub fn units(&self) -> usize {
        self.code.len()
    }

    /// The codes in the middle of the cells, row by row from the top left: `[rows · SIDE, units]`.
    pub fn codes(&self) -> Vec<f32> {
        let middle = |at: usize, of: usize| (at as f32 + 0.5) / of as f32;
        let code = |cell: usize| {
            let place = [middle(cell % Self::SIDE, Self::SIDE), middle(cell / Self::SIDE, self.rows())];
            self.plane.axes.moved(&self.code, self.plane.range.code_at(place))
        };
        (0..self.rows() * Self::SIDE).flat_map(code).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::{Axes, Range};

    fn grid(axes: Axes, code: &[f32]) -> Grid {
        Grid::over(Projection { axes, range: Range { centre: [1.0, 2.0], radius: 10.0 } }, code)
    }

    #[test]
    fn cells_cover_the_visible_plane_from_the_top_left() {
        let codes = grid(Axes::of(2), &[7.0, 7.0]).codes();
        assert_eq!(codes.len(), 2 * 20 * 20);
        assert_eq!(codes[..4], [-8.5, 11.5, -7.5, 11.5]);
        assert_eq!(codes[2 * 399..], [10.5, -7.5]);
    }

    #[test]
    fn other_numbers_keep_their_values_and_where_the_point_is_makes_no_difference() {
        let axes = Axes { right: 2, up: Some(0) };
        assert_eq!(grid(axes, &[1.0, 5.0, 3.0]), grid(axes, &[-4.0, 5.0, 9.0]));
        assert_eq!(grid(axes, &[1.0, 5.0, 3.0]).codes()[..3], [11.5, 5.0, -8.5]);
    }

    #[test]
    fn a_line_has_one_row() {
        assert_eq!(grid(Axes::of(1), &[3.0]).codes().len(), 20);
    }
}
