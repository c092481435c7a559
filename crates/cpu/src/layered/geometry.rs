//! A convolution's large map with its padding around it, so that every position of the kernel reads and writes within it.

use super::product::SLACK;
use crate::tile::ROWS;
use latent_core::model::{Convolution, ImageShape};

/// The places of a convolution's values in the padded large map, `[rows, columns, channels]`, and in its kernel,
/// `[row, column, channel of the large map, channel of the small map]`.
#[derive(Clone, Debug)]
pub(super) struct Geometry {
    convolution: Convolution,
    /// Rows and columns with the padding.
    padded: [usize; 2],
    /// Where the kernel begins at each position of the small map, row by row; the last one again up to whole tiles.
    positions: Vec<usize>,
    /// Where each row of the kernel as a matrix, `[row, column, channel of the large map]`, lies from there.
    offsets: Vec<usize>,
}

impl Geometry {
    pub(super) fn new(convolution: Convolution) -> Self {
        let Convolution { large, small, kernel, stride, before } = convolution;
        let padded = [(large.height, small.height, before[0]), (large.width, small.width, before[1])]
            .map(|(large, small, before)| (large + before).max((small - 1) * stride + kernel));
        let row = padded[1] * large.channels;
        let at = |position: usize| {
            position / small.width * stride * row + position % small.width * stride * large.channels
        };
        let count = small.height * small.width;
        let positions = (0..count.next_multiple_of(ROWS)).map(|position| at(position.min(count - 1)));
        let run = kernel * large.channels;
        let offsets = (0..kernel * run).map(|k| k / run * row + k % run);
        Self { convolution, padded, positions: positions.collect(), offsets: offsets.collect() }
    }

    /// The map with more rows and columns.
    pub(super) fn large(&self) -> ImageShape {
        self.convolution.large
    }

    /// The map with fewer, or as many.
    pub(super) fn small(&self) -> ImageShape {
        self.convolution.small
    }

    /// Rows and columns of the large map from one position to the next.
    pub(super) fn stride(&self) -> usize {
        self.convolution.stride
    }

    /// Rows of the kernel.
    pub(super) fn kernel(&self) -> usize {
        self.convolution.kernel
    }

    /// Positions of the small map.
    pub(super) fn count(&self) -> usize {
        self.small().height * self.small().width
    }

    /// Numbers side by side in the large map that a row of the kernel covers.
    pub(super) fn run(&self) -> usize {
        self.kernel() * self.large().channels
    }

    /// Numbers in a row of the padded map.
    pub(super) fn row(&self) -> usize {
        self.padded[1] * self.large().channels
    }

    /// Numbers in the padded map, with room for a tile to read beyond its end.
    pub(super) fn len(&self) -> usize {
        self.padded[0] * self.row() + SLACK
    }

    /// Where the kernel begins at four positions.
    #[inline(always)]
    pub(super) fn four_positions(&self, first: usize) -> [usize; ROWS] {
        let at = &self.positions[first..first + ROWS];
        [at[0], at[1], at[2], at[3]]
    }

    /// Where a row of the kernel's matrix lies from where the kernel begins.
    #[inline(always)]
    pub(super) fn offset(&self, row: usize) -> usize {
        self.offsets[row]
    }

    /// Rows of the kernel's matrix.
    pub(super) fn kernel_rows(&self) -> usize {
        self.offsets.len()
    }

    /// Copies a large map into the padding, which stays as it is.
    pub(super) fn pad(&self, map: &[f32], padded: &mut [f32]) {
        let len = self.large().width * self.large().channels;
        for (row, map) in map.chunks_exact(len).enumerate() {
            padded[self.first(row)..][..len].copy_from_slice(map);
        }
    }

    /// The rows of a large map, each with where it lies in the padded one.
    #[inline(always)]
    pub(super) fn rows_of<'a>(&self, map: &'a mut [f32]) -> impl Iterator<Item = (usize, &'a mut [f32])> {
        let len = self.large().width * self.large().channels;
        map.chunks_exact_mut(len).enumerate().map(|(row, map)| (self.first(row), map))
    }

    /// Where a row of the large map begins in the padded one.
    #[inline(always)]
    fn first(&self, row: usize) -> usize {
        let [above, left] = self.convolution.before;
        (row + above) * self.row() + left * self.large().channels
    }
}
