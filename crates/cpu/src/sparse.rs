//! The pixels of a batch that are not black: a fifth of MNIST's. The first layer reads no others. (Of images with normal noise of
//! deviation 0.4, clipped to 0 … 1, about three fifths are not black: half of those that were, and most others.)

use super::simd::Simd;

/// A number and the row that it multiplies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Entry {
    /// An image of the batch, or a pixel.
    pub(super) row: u32,
    /// The pixel's brightness, above 0 and up to 1.
    pub(super) value: f32,
}

/// The pixels that aren't black, by image and by pixel: the matrix `[batch, pixels]` and its transpose.
#[derive(Default)]
pub(super) struct SparseImages {
    /// Pixels of an image.
    pixels: usize,
    /// Bytes from one image to the next in `copies`.
    pub(super) stride: usize,
    by_image: Vec<Entry>,
    /// Where each image's entries start, and where the last one's end: `[batch + 1]`.
    image_starts: Vec<u32>,
    by_pixel: Vec<Entry>,
    /// Likewise for the pixels: `[pixels + 1]`.
    pixel_starts: Vec<u32>,
    /// Where each pixel's next entry belongs while entries are sorted: `[pixels]`.
    next: Vec<u32>,
    /// The images themselves, padded with zeros: `[batch, stride]`.
    pub(super) copies: Vec<u8>,
}

impl SparseImages {
    /// The image's pixels: [`Entry::row`] names a pixel, in ascending order.
    #[inline(always)]
    pub(super) fn of_image(&self, image: usize) -> &[Entry] {
        &self.by_image[self.image_starts[image] as usize..self.image_starts[image + 1] as usize]
    }

    /// Where the pixel isn't black: [`Entry::row`] names an image of the batch, in ascending order.
    #[inline(always)]
    pub(super) fn of_pixel(&self, pixel: usize) -> &[Entry] {
        &self.by_pixel[self.pixel_starts[pixel] as usize..self.pixel_starts[pixel + 1] as usize]
    }

    /// Takes the images of a batch, each `pixels` bytes. A copy of each has `stride` bytes, a multiple of 8.
    pub(super) fn gather<'a>(&mut self, size: (usize, usize), images: impl Iterator<Item = &'a [u8]>) {
        self.copy(size, images);
        let mut end = 0;
        for image in self.copies.chunks_exact(self.stride) {
            end += entries(image, space(&mut self.by_image, end, self.stride));
            self.image_starts.push(end as u32);
        }
    }

    /// The same with entries of images as `corrupt` changes them, each with its number in the batch. Copies are clean.
    pub(super) fn gather_corrupted<'a, E>(
        &mut self,
        size: (usize, usize),
        images: impl Iterator<Item = &'a [u8]>,
        mut corrupt: impl FnMut(usize, &mut [f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.copy(size, images);
        let mut values = vec![0.0; self.stride];
        let mut end = 0;
        for (at, image) in self.copies.chunks_exact(self.stride).enumerate() {
            values.iter_mut().zip(image).for_each(|(value, &byte)| *value = f32::from(byte) * (1.0 / 255.0));
            corrupt(at, &mut values[..self.pixels])?;
            end += entries_of_values(&values, space(&mut self.by_image, end, self.stride));
            self.image_starts.push(end as u32);
        }
        Ok(())
    }

    /// Copies the images, and begins the lists of their entries. Copies come first: images lie far apart in memory, and loads
    /// overlap because no branch depends on them.
    fn copy<'a>(&mut self, (pixels, stride): (usize, usize), images: impl Iterator<Item = &'a [u8]>) {
        (self.pixels, self.stride) = (pixels, stride);
        self.image_starts.clear();
        self.image_starts.push(0);
        self.copies.clear();
        for image in images {
            assert!(image.len() == pixels, "the images have the shape of the model's input");
            self.copies.extend_from_slice(image);
            self.copies.resize(self.copies.len() + stride - pixels, 0);
        }
    }

    /// Sorts the gathered entries by pixel; [`SparseImages::of_pixel`] holds from here on.
    pub(super) fn transpose(&mut self) {
        let end = self.image_starts.last().map_or(0, |&end| end as usize);
        if self.by_pixel.len() < end {
            self.by_pixel.resize(end, Entry::default());
        }
        // A counting sort: how many a pixel has, where they start, then each to its place.
        self.pixel_starts.clear();
        self.pixel_starts.resize(self.pixels + 1, 0);
        for entry in &self.by_image[..end] {
            self.pixel_starts[entry.row as usize + 1] += 1;
        }
        for pixel in 0..self.pixels {
            self.pixel_starts[pixel + 1] += self.pixel_starts[pixel];
        }
        self.next.clear();
        self.next.extend_from_slice(&self.pixel_starts[..self.pixels]);
        for (image, ends) in self.image_starts.windows(2).enumerate() {
            for entry in &self.by_image[ends[0] as usize..ends[1] as usize] {
                let to = &mut self.next[entry.row as usize];
                self.by_pixel[*to as usize] = Entry { row: image as u32, value: entry.value };
                *to += 1;
            }
        }
    }
}

/// A sum of rows of a matrix, `WIDE` vectors long each, times the entries' values, and `sum` added to it.
///
/// # Safety
/// The entries' rows are in `rows`.
#[inline(always)]
pub(super) unsafe fn add_rows<F: Simd, const WIDE: usize>(
    mut sum: [F; WIDE],
    entries: &[Entry],
    rows: &[f32],
) -> [F; WIDE] {
    for entry in entries {
        let at = entry.row as usize * WIDE * F::LANES;
        debug_assert!(at + WIDE * F::LANES <= rows.len());
        let value = F::splat(entry.value);
        for k in 0..WIDE {
            // SAFETY: the caller promises that the row is there.
            sum[k] = sum[k].add_product(value, unsafe { F::load_at(rows, at + k * F::LANES) });
        }
    }
    sum
}

/// Pixels that are looked at together.
const CHUNK: usize = 8;

/// Space for so many entries from `end` on.
fn space(entries: &mut Vec<Entry>, end: usize, count: usize) -> &mut [Entry] {
    if entries.len() < end + count {
        entries.resize(2 * end + count, Entry::default());
    }
    &mut entries[end..]
}

/// Writes the values above 0 to the start of `to`, which is long enough for all, and gives their number.
fn entries_of_values(values: &[f32], to: &mut [Entry]) -> usize {
    let mut end = 0;
    for (first, values) in (0..).step_by(CHUNK).zip(values.as_chunks::<CHUNK>().0) {
        let to = &mut to[end..end + CHUNK];
        let mut found = 0;
        for (row, &value) in (first..).zip(values) {
            // Always written, and counted only if it is above 0: there is no branch to mispredict.
            to[found % CHUNK] = Entry { row, value };
            found += usize::from(value > 0.0);
        }
        end += found;
    }
    end
}

/// Writes the pixels that aren't black to the start of `to`, which is long enough for all, and gives their number.
fn entries(image: &[u8], to: &mut [Entry]) -> usize {
    debug_assert!(image.len().is_multiple_of(CHUNK));
    let mut end = 0;
    for (first, bytes) in (0..).step_by(CHUNK).zip(image.as_chunks::<CHUNK>().0) {
        if *bytes == [0; CHUNK] {
            continue;
        }
        let to = &mut to[end..end + CHUNK];
        let mut found = 0;
        for (row, &byte) in (first..).zip(bytes) {
            // Always written, and counted only if it isn't black: there is no branch to mispredict.
            to[found % CHUNK] = Entry { row, value: f32::from(byte) * (1.0 / 255.0) };
            found += usize::from(byte != 0);
        }
        end += found;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries_are_the_pixels_that_are_not_black(pixels: usize) {
        let images: Vec<Vec<u8>> = (0..5)
            .map(|image| {
                (0..pixels).map(|pixel| if (image + pixel) % 3 == 0 { pixel as u8 } else { 0 }).collect()
            })
            .chain([vec![0; pixels], vec![255; pixels]])
            .collect();
        let mut sparse = SparseImages::default();
        for images in [&images[..], &images[2..4]] {
            sparse.gather((pixels, pixels.next_multiple_of(8)), images.iter().map(Vec::as_slice));
            sparse.transpose();
            let value = |byte: u8| f32::from(byte) * (1.0 / 255.0);
            for (at, image) in images.iter().enumerate() {
                let expected = (0..).zip(image).filter(|&(_, &byte)| byte != 0);
                let expected: Vec<_> =
                    expected.map(|(row, &byte)| Entry { row, value: value(byte) }).collect();
                assert_eq!(sparse.of_image(at), expected);
            }
            for pixel in 0..pixels {
                let column = (0..).zip(images.iter().map(|image| image[pixel]));
                let expected: Vec<_> = column
                    .filter(|&(_, byte)| byte != 0)
                    .map(|(row, byte)| Entry { row, value: value(byte) })
                    .collect();
                assert_eq!(sparse.of_pixel(pixel), expected);
            }
        }
    }

    #[test]
    fn the_entries_are_the_pixels_that_are_not_black_both_ways_round() {
        [784, 1, 7, 24, 75].into_iter().for_each(entries_are_the_pixels_that_are_not_black);
    }
}
