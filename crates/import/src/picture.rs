//! Reads pictures: PNG, JPEG, GIF (the first frame), BMP and WebP.
//!
//! The orientation that a camera noted is followed, transparent parts are laid on white, and 16 bits are rounded to 8.

use crate::{limits::MOST_PICTURE_PIXELS, raster::Raster};
use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    metadata::Orientation,
};
use jpeg_decoder::PixelFormat;
use std::io::Cursor;

/// Why a picture is skipped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PictureError {
    #[error("it is damaged or cut short")]
    Damaged,
    #[error("it has {0} pixels, more than {MOST_PICTURE_PIXELS}")]
    TooLarge(u64),
    #[error("it has no pixels")]
    Empty,
    #[error("it is a {0} picture, which is not read: save it as PNG or JPEG")]
    Unsupported(&'static str),
    #[error("it is a kind of {0} that is not read: save it as PNG")]
    Variant(&'static str),
}

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Other(ImageFormat),
}

/// The format by a file's first bytes, if it is a picture's.
pub(crate) fn format_of(start: &[u8]) -> Option<Result<Format, PictureError>> {
    let brand = start.get(8..12).filter(|_| start.get(4..8) == Some(b"ftyp"));
    match brand {
        Some(b"avif" | b"avis") => return Some(Err(PictureError::Unsupported("AVIF"))),
        Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1") => {
            return Some(Err(PictureError::Unsupported("HEIC")));
        }
        _ => {}
    }
    match image::guess_format(start).ok()? {
        ImageFormat::Jpeg => Some(Ok(Format::Jpeg)),
        format @ (ImageFormat::Png | ImageFormat::Gif | ImageFormat::Bmp | ImageFormat::WebP) => {
            Some(Ok(Format::Other(format)))
        }
        ImageFormat::Tiff => Some(Err(PictureError::Unsupported("TIFF"))),
        _ => None,
    }
}

/// Width and height of a picture as it is seen, without decoding it.
pub(crate) fn dimensions(format: Format, file: &[u8]) -> Result<[u32; 2], PictureError> {
    let (size, orientation) = match format {
        Format::Jpeg => {
            let decoder = jpeg(file)?;
            (jpeg_size(&decoder)?, jpeg_orientation(&decoder))
        }
        Format::Other(format) => {
            let mut decoder = decoder(format, file)?;
            let (width, height) = decoder.dimensions();
            ([width, height], decoder.orientation().unwrap_or(Orientation::NoTransforms))
        }
    };
    let [width, height] = checked(size)?;
    let is_turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    Ok(if is_turned { [height, width] } else { [width, height] })
}

/// A picture that is to fill `least` pixels of width and height: a JPEG is decoded at a fraction of its size where that is
/// enough.
pub(crate) fn read(format: Format, file: &[u8], least: [u32; 2]) -> Result<Raster, PictureError> {
    let (mut picture, orientation) = match format {
        Format::Jpeg => read_jpeg(file, least)?,
        Format::Other(format) => {
            let mut decoder = decoder(format, file)?;
            checked(<[u32; 2]>::from(decoder.dimensions()))?;
            let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
            (DynamicImage::from_decoder(decoder).map_err(reason)?, orientation)
        }
    };
    picture.apply_orientation(orientation);
    Ok(flat(&picture))
}

fn checked(size: [u32; 2]) -> Result<[u32; 2], PictureError> {
    match size.into_iter().map(u64::from).product() {
        0 => Err(PictureError::Empty),
        pixels if pixels > MOST_PICTURE_PIXELS => Err(PictureError::TooLarge(pixels)),
        _ => Ok(size),
    }
}

fn decoder(format: ImageFormat, file: &[u8]) -> Result<impl ImageDecoder + '_, PictureError> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::no_limits();
    // Eight bytes a pixel, and as much again for what a decoder keeps.
    limits.max_alloc = Some(16 * MOST_PICTURE_PIXELS);
    reader.limits(limits);
    reader.into_decoder().map_err(reason)
}

fn reason(error: ImageError) -> PictureError {
    match error {
        ImageError::Unsupported(_) => PictureError::Variant("picture"),
        ImageError::Limits(_) => PictureError::TooLarge(MOST_PICTURE_PIXELS + 1),
        _ => PictureError::Damaged,
    }
}

type Jpeg<'a> = jpeg_decoder::Decoder<Cursor<&'a [u8]>>;

fn jpeg(file: &[u8]) -> Result<Jpeg<'_>, PictureError> {
    let mut decoder = Jpeg::new(Cursor::new(file));
    decoder.set_max_decoding_buffer_size(4 * MOST_PICTURE_PIXELS as usize);
    decoder.read_info().map_err(jpeg_reason)?;
    Ok(decoder)
}

fn jpeg_size(decoder: &Jpeg) -> Result<[u32; 2], PictureError> {
    let info = decoder.info().ok_or(PictureError::Damaged)?;
    Ok([info.width, info.height].map(u32::from))
}

fn jpeg_orientation(decoder: &Jpeg) -> Orientation {
    decoder.exif_data().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

fn jpeg_reason(error: jpeg_decoder::Error) -> PictureError {
    match error {
        jpeg_decoder::Error::Unsupported(_) => PictureError::Variant("JPEG"),
        _ => PictureError::Damaged,
    }
}

fn read_jpeg(file: &[u8], least: [u32; 2]) -> Result<(DynamicImage, Orientation), PictureError> {
    let mut decoder = jpeg(file)?;
    checked(jpeg_size(&decoder)?)?;
    let orientation = jpeg_orientation(&decoder);
    // Twice as large as needed, so that the mean of areas is taken of whole pixels; for either side, as it may be turned.
    let wanted = least.into_iter().max().unwrap_or(1).saturating_mul(2).min(u32::from(u16::MAX)) as u16;
    let (width, height) = decoder.scale(wanted, wanted).map_err(jpeg_reason)?;
    let values = decoder.decode().map_err(jpeg_reason)?;
    let format = decoder.info().ok_or(PictureError::Damaged)?.pixel_format;
    let [width, height] = [width, height].map(u32::from);
    let picture = match format {
        PixelFormat::L8 => GrayImage::from_raw(width, height, values).map(DynamicImage::from),
        PixelFormat::RGB24 => RgbImage::from_raw(width, height, values).map(DynamicImage::from),
        PixelFormat::CMYK32 => {
            RgbImage::from_raw(width, height, values.chunks_exact(4).flat_map(cmyk).collect())
                .map(DynamicImage::from)
        }
        PixelFormat::L16 => return Err(PictureError::Variant("JPEG")),
    };
    Ok((picture.ok_or(PictureError::Damaged)?, orientation))
}

/// Red, green and blue of cyan, magenta, yellow and black, 0 being no ink.
fn cmyk(inks: &[u8]) -> [u8; 3] {
    let light = |ink: u8| 255 - u32::from(ink);
    [inks[0], inks[1], inks[2]].map(|ink| ((light(ink) * light(inks[3]) + 127) / 255) as u8)
}

/// The picture in 8 bits, on white.
fn flat(picture: &DynamicImage) -> Raster {
    let (width, height) = (picture.width(), picture.height());
    let on_white = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    match picture {
        DynamicImage::ImageLuma8(grey) => Raster::new(width, height, 1, grey.as_raw().clone()),
        DynamicImage::ImageRgb8(colour) => Raster::new(width, height, 3, colour.as_raw().clone()),
        DynamicImage::ImageLuma16(_) => Raster::new(width, height, 1, picture.to_luma8().into_raw()),
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => {
            let values = picture.to_luma_alpha8().into_raw();
            Raster::new(
                width,
                height,
                1,
                values.chunks_exact(2).map(|pixel| on_white(pixel[0], pixel[1])).collect(),
            )
        }
        _ => {
            let values = picture.to_rgba8().into_raw();
            let colours = values.chunks_exact(4);
            let values =
                colours.flat_map(|pixel| [0, 1, 2].map(|at| on_white(pixel[at], pixel[3]))).collect();
            Raster::new(width, height, 3, values)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

    fn png(width: u32, height: u32, kind: ExtendedColorType, values: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        PngEncoder::new(&mut file).write_image(values, width, height, kind).unwrap();
        file
    }

    fn read_png(file: &[u8]) -> Raster {
        let format = format_of(file).unwrap().unwrap();
        let picture = read(format, file, [28, 28]).unwrap();
        assert_eq!(dimensions(format, file), Ok([picture.width, picture.height]));
        picture
    }

    #[test]
    fn transparent_parts_lie_on_white() {
        let file = png(2, 1, ExtendedColorType::Rgba8, &[10, 20, 30, 255, 10, 20, 30, 0]);
        assert_eq!(read_png(&file), Raster::new(2, 1, 3, vec![10, 20, 30, 255, 255, 255]));
        let file = png(1, 1, ExtendedColorType::La8, &[0, 128]);
        assert_eq!(read_png(&file), Raster::new(1, 1, 1, vec![127]));
    }

    #[test]
    fn sixteen_bits_are_rounded() {
        let values: Vec<u8> =
            [0u16, 257 * 3 + 128, 65_535].iter().flat_map(|value| value.to_ne_bytes()).collect();
        let file = png(3, 1, ExtendedColorType::L16, &values);
        assert_eq!(read_png(&file).values, [0, 3, 255]);
    }

    #[test]
    fn what_is_no_readable_picture_says_what_it_is() {
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0";
        assert_eq!(format_of(heic), Some(Err(PictureError::Unsupported("HEIC"))));
        assert_eq!(format_of(b"\0\0\0\x18ftypavif\0\0\0\0"), Some(Err(PictureError::Unsupported("AVIF"))));
        assert_eq!(format_of(b"label,pixel0"), None);
        let file = png(9, 9, ExtendedColorType::L8, &[7; 81]);
        let cut = &file[..file.len() / 2];
        assert_eq!(read(format_of(cut).unwrap().unwrap(), cut, [28, 28]), Err(PictureError::Damaged));
    }
}
