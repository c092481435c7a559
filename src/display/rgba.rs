//! Converts images to the RGBA pixels that a canvas shows.

use latent_core::model::ImageShape;

/// The RGBA pixels of an image (`[height, width, channels]`, 0 is black), opaque. One channel is shown as grey, three
/// as red, green and blue. `None` if the image has another size or another number of channels.
pub fn rgba(image: &[u8], shape: ImageShape) -> Option<Vec<u8>> {
    if image.len() != shape.values() {
        return None;
    }
    match shape.channels {
        1 => Some(image.iter().flat_map(|&grey| [grey, grey, grey, u8::MAX]).collect()),
        3 => {
            let (pixels, _) = image.as_chunks::<3>();
            Some(pixels.iter().flat_map(|&[red, green, blue]| [red, green, blue, u8::MAX]).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_and_colour_images_become_opaque_pixels() {
        let shape = |channels| ImageShape { height: 1, width: 2, channels };
        assert_eq!(rgba(&[7, 9], shape(1)), Some(vec![7, 7, 7, 255, 9, 9, 9, 255]));
        assert_eq!(rgba(&[1, 2, 3, 4, 5, 6], shape(3)), Some(vec![1, 2, 3, 255, 4, 5, 6, 255]));
    }

    #[test]
    fn an_image_of_another_shape_is_not_shown() {
        let shape = ImageShape { height: 64, width: 32, channels: 1 };
        assert_eq!(rgba(&[0; 784], shape), None);
        assert_eq!(rgba(&[0; 4], ImageShape { height: 1, width: 2, channels: 2 }), None);
    }
}
