//! Images in a row, as a PNG file.

use crate::{MOST_SIDE, PictureError, caption, picture::Layout};
use latent_core::picture::{Rgb, Strip};

/// Pixels of a caption's pixel.
const CAPTION_SCALE: usize = 2;

/// A picture in progress: `[height, width, 3]`.
struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Rgb>,
}

impl Canvas {
    fn set(&mut self, column: usize, row: usize, colour: Rgb) {
        if column < self.width
            && let Some(pixel) = self.pixels.get_mut(row * self.width + column)
        {
            *pixel = colour;
        }
    }
}

/// The images, each `[height, width, channels]`, side by side, with their captions below. The file's bytes.
pub fn png<'a>(strip: &Strip, images: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, PictureError> {
    let layout = Layout::new(strip.width, strip.height, strip.channels, strip.scale)?;
    let images: Vec<_> = images.into_iter().collect();
    images.iter().try_for_each(|image| layout.check(image))?;
    if images.is_empty() {
        return Err(PictureError::Empty);
    }
    let gap = usize::from(strip.gap);
    let [across, down] = layout.enlarged();
    let has_captions = strip.captions.iter().any(|caption| !caption.is_empty());
    let below = if has_captions { caption::HEIGHT * CAPTION_SCALE + gap } else { 0 };
    let (width, height) = (gap + images.len() * (across + gap), 2 * gap + down + below);
    if width > MOST_SIDE || height > MOST_SIDE {
        return Err(PictureError::Size { width, height });
    }
    let mut canvas = Canvas { width, height, pixels: vec![strip.background; width * height] };
    for (place, image) in images.into_iter().enumerate() {
        let left = gap + place * (across + gap);
        let colours: Vec<_> = layout.colours(image).collect();
        for (row, pixels) in layout.enlarge(&colours).chunks_exact(across).enumerate() {
            for (column, &colour) in pixels.iter().enumerate() {
                canvas.set(left + column, gap + row, colour);
            }
        }
        if let Some(caption) = strip.captions.get(place) {
            let free = across.saturating_sub(caption::width(caption) * CAPTION_SCALE);
            write(&mut canvas, caption, [left + free / 2, 2 * gap + down], strip.ink);
        }
    }
    encoded(&canvas)
}

/// Writes a text from this point on.
fn write(canvas: &mut Canvas, text: &str, [left, top]: [usize; 2], ink: Rgb) {
    for [column, row] in caption::ink(text) {
        for part in 0..CAPTION_SCALE * CAPTION_SCALE {
            let [x, y] = [part % CAPTION_SCALE, part / CAPTION_SCALE];
            canvas.set(left + column * CAPTION_SCALE + x, top + row * CAPTION_SCALE + y, ink);
        }
    }
}

fn encoded(canvas: &Canvas) -> Result<Vec<u8>, PictureError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, canvas.width as u32, canvas.height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(canvas.pixels.as_flattened())?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(captions: &[&str]) -> Strip {
        let captions = captions.iter().map(|caption| caption.to_string()).collect();
        let (background, ink) = ([250; 3], [10, 20, 30]);
        Strip { width: 2, height: 1, channels: 1, scale: 3, gap: 1, background, ink, captions }
    }

    fn read(file: &[u8]) -> (u32, u32, Vec<Rgb>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels.as_chunks().0.to_vec())
    }

    #[test]
    fn images_stand_side_by_side_with_gaps() {
        let (width, height, pixels) = read(&png(&strip(&[]), [&[1, 2][..], &[3, 4]]).unwrap());
        assert_eq!((width, height), (15, 5));
        let row: Vec<_> = pixels[15..30].iter().map(|[red, ..]| *red).collect();
        assert_eq!(row, [250, 1, 1, 1, 2, 2, 2, 250, 3, 3, 3, 4, 4, 4, 250]);
        assert!(pixels[..15].iter().all(|&pixel| pixel == [250; 3]));
        assert_eq!(pixels[15..30], pixels[45..60]);
    }

    #[test]
    fn captions_stand_below_their_images() {
        let (width, height, pixels) = read(&png(&strip(&["", "1"]), [&[1, 2][..], &[3, 4]]).unwrap());
        assert_eq!((width, height), (15, 16));
        let inked = |pixel: &&(usize, Rgb)| pixel.1 == [10, 20, 30];
        let pixels: Vec<_> = pixels.into_iter().enumerate().collect();
        let inked: Vec<_> = pixels.iter().filter(inked).map(|(at, _)| (at % 15, at / 15)).collect();
        // Eight pixels of a 1, each four times, all under the second image.
        assert_eq!(inked.len(), 4 * 8);
        assert!(inked.iter().all(|&(column, row)| column >= 8 && row >= 5));
    }

    #[test]
    fn a_row_without_images_or_longer_than_any_picture_is_refused() {
        assert!(matches!(png(&strip(&[]), []), Err(PictureError::Empty)));
        let image: &[u8] = &[0; 2];
        assert!(matches!(png(&strip(&[]), vec![image; 3_000]), Err(PictureError::Size { .. })));
        assert!(matches!(png(&strip(&[]), [&[0; 3][..]]), Err(PictureError::Values { .. })));
    }
}
