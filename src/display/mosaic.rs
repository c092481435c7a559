//! Decoded images side by side in one picture.

use latent_core::settings::{PIXELS, SIDE};

/// Images (`[images, 784]`, 0 is black), `columns` in a row, as one picture in one colour: the brighter a pixel, the
/// more opaque. Gives red, green, blue and opacity of each pixel, row by row; a last row that isn't full is left out.
pub fn mosaic(images: &[u8], columns: usize, colour: [u8; 3], opacity: f32) -> Vec<u8> {
    let [red, green, blue] = colour;
    let row_of_images = columns.max(1) * PIXELS;
    let mut picture = Vec::with_capacity(4 * images.len());
    for images in images.chunks_exact(row_of_images) {
        for row in 0..SIDE {
            for image in images.chunks_exact(PIXELS) {
                for &shade in &image[row * SIDE..][..SIDE] {
                    picture.extend([red, green, blue, (f32::from(shade) * opacity) as u8]);
                }
            }
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_lie_side_by_side_and_row_under_row() {
        let images: Vec<u8> = (0..4).flat_map(|image| vec![10 * image; PIXELS]).collect();
        let picture = mosaic(&images, 2, [1, 2, 3], 1.0);
        assert_eq!(picture.len(), 4 * 4 * PIXELS);
        let at = |x: usize, y: usize| &picture[4 * (y * 2 * SIDE + x)..][..4];
        assert_eq!(
            [at(0, 0), at(28, 0), at(27, 28), at(55, 55)],
            [[1, 2, 3, 0], [1, 2, 3, 10], [1, 2, 3, 20], [1, 2, 3, 30]]
        );
    }

    #[test]
    fn what_is_no_whole_row_is_left_out() {
        assert!(mosaic(&[9; 100], 2, [0; 3], 1.0).is_empty());
        assert!(mosaic(&[9; PIXELS], 0, [0; 3], 1.0).len() == 4 * PIXELS);
    }
}
