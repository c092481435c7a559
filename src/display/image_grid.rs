//! Puts decoded images side by side into one picture.

use latent_core::model::ImageShape;

/// Pixels along each side of a cell: as many as the longer side of an image, which is centred in it.
pub fn cell_side(shape: ImageShape) -> usize {
    shape.height.max(shape.width)
}

/// A picture of square cells, `columns` in a row, with one of `images` (`[images, height, width, channels]`, 0 is
/// black) in each.
///
/// Images of one channel are drawn in the colour `ink`: the brighter a pixel, the more opaque. Images of three
/// channels keep their colours. `opacity`, 0 to 1, scales the opacity of both. Returns RGBA pixels, row by row. A last
/// row with too few images is left out.
pub fn image_grid(images: &[u8], shape: ImageShape, columns: usize, ink: [u8; 3], opacity: f32) -> Vec<u8> {
    let (columns, side) = (columns.max(1), cell_side(shape));
    let values = shape.values().max(1);
    let rows = images.len() / (columns * values);
    let (top, left) = ((side - shape.height) / 2, (side - shape.width) / 2);
    let mut picture = vec![[0; 4]; rows * columns * side * side];
    let [red, green, blue] = ink;
    let alphas: [u8; 256] = std::array::from_fn(|alpha| (alpha as f32 * opacity) as u8);
    // A row of an image as pixels: one of a few thousand, so the kind of image is looked at once for all.
    let fill = |pixels: &mut [[u8; 4]], line: &[u8]| match shape.channels {
        1 => {
            for (pixel, &grey) in pixels.iter_mut().zip(line) {
                *pixel = [red, green, blue, alphas[usize::from(grey)]];
            }
        }
        3 => {
            for (pixel, &[red, green, blue]) in pixels.iter_mut().zip(line.as_chunks().0) {
                *pixel = [red, green, blue, alphas[255]];
            }
        }
        _ => {}
    };
    for (cell, image) in images.chunks_exact(values).take(rows * columns).enumerate() {
        let (y, x) = (cell / columns * side + top, cell % columns * side + left);
        for (row, line) in image.chunks_exact(shape.width * shape.channels).enumerate() {
            let from = (y + row) * columns * side + x;
            fill(&mut picture[from..from + shape.width], line);
        }
    }
    picture.into_flattened()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ImageShape = ImageShape { height: 28, width: 28, channels: 1 };

    #[test]
    fn images_lie_side_by_side_and_row_under_row() {
        let images: Vec<u8> = (0..4).flat_map(|image| vec![10 * image; SHAPE.values()]).collect();
        let picture = image_grid(&images, SHAPE, 2, [1, 2, 3], 1.0);
        assert_eq!(picture.len(), 4 * 4 * SHAPE.values());
        let at = |x: usize, y: usize| &picture[4 * (y * 2 * SHAPE.width + x)..][..4];
        assert_eq!(
            [at(0, 0), at(28, 0), at(27, 28), at(55, 55)],
            [[1, 2, 3, 0], [1, 2, 3, 10], [1, 2, 3, 20], [1, 2, 3, 30]]
        );
    }

    #[test]
    fn colour_images_keep_their_colours() {
        let shape = ImageShape { height: 1, width: 1, channels: 3 };
        let picture = image_grid(&[10, 20, 30, 40, 50, 60], shape, 2, [0; 3], 0.5);
        assert_eq!(picture, [10, 20, 30, 127, 40, 50, 60, 127]);
    }

    #[test]
    fn an_oblong_image_is_centred_in_its_square_cell() {
        let shape = ImageShape { height: 1, width: 3, channels: 1 };
        let picture = image_grid(&[255; 3], shape, 1, [9; 3], 1.0);
        let alpha: Vec<_> = picture.chunks_exact(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alpha, [0, 0, 0, 255, 255, 255, 0, 0, 0]);
        let upright = image_grid(&[255; 3], ImageShape { height: 3, width: 1, channels: 1 }, 1, [9; 3], 1.0);
        let alpha: Vec<_> = upright.chunks_exact(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alpha, [0, 255, 0, 0, 255, 0, 0, 255, 0]);
    }

    #[test]
    fn a_row_with_too_few_images_is_left_out() {
        assert!(image_grid(&[9; 100], SHAPE, 2, [0; 3], 1.0).is_empty());
        assert_eq!(image_grid(&[9; SHAPE.values()], SHAPE, 0, [0; 3], 1.0).len(), 4 * SHAPE.values());
    }
}
