//! `headless decode`: the image at a code, as a PNG file, as numbers, or in the terminal.

use crate::{
    Failure,
    device::{Device, Job},
    files::{Output, print_json, print_whole, read_model},
};
use latent_core::{
    data::ImageShape,
    math::read_decimals,
    training::{Trainer, checkpoint::Checkpoint},
};
use std::path::PathBuf;

/// What to decode, and where to.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The model (safetensors).
    model: PathBuf,
    /// The code: as many numbers as the model's code has, separated by commas.
    #[arg(long, value_name = "NUMBERS", allow_hyphen_values = true)]
    code: String,
    /// The PNG file to write the image to.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What to compute on.
    #[arg(long, visible_alias = "engine", value_enum, default_value = "cpu")]
    device: Device,
    /// Print the image's numbers, row by row, as JSON.
    #[arg(long)]
    json: bool,
}

/// Decodes and writes; without a file and without JSON, draws in the terminal.
pub(crate) fn decode(options: &Options) -> Result<(), Failure> {
    let code = numbers(&options.code)?;
    let out = options.out.as_deref().map(Output::to).transpose()?;
    let model = read_model(&options.model)?;
    let expected = model.settings.model.latent_units();
    if code.len() != expected {
        return Err(Failure::CodeLength { expected, found: code.len() });
    }
    let image = options.device.run(Decoding { model: &model, code: &code })?;
    let shape = model.settings.model.input;
    if !image.iter().all(|pixel| pixel.is_finite()) {
        return Err(Failure::CodeFarOut);
    }
    if options.json {
        print_json(&image)?;
    }
    match out {
        Some(out) => out.write(&png(&image, shape)?),
        None if options.json => Ok(()),
        None => print_whole(&drawing(&image, shape)),
    }
}

fn numbers(text: &str) -> Result<Vec<f32>, Failure> {
    let numbers = read_decimals(text).filter(|numbers| numbers.iter().all(|number| number.is_finite()));
    numbers.ok_or_else(|| Failure::UnreadableCode(text.chars().take(40).collect()))
}

/// Pixels as bytes; the network may go a little beyond black and white.
fn shades(image: &[f32]) -> Vec<u8> {
    image.iter().map(|pixel| (pixel.clamp(0.0, 1.0) * 255.0).round() as u8).collect()
}

fn png(image: &[f32], shape: ImageShape) -> Result<Vec<u8>, Failure> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, shape.width as u32, shape.height as u32);
    encoder.set_color(if shape.channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&shades(image))?;
    writer.finish()?;
    Ok(file)
}

/// The image in characters, two for each pixel, since they are about twice as high as wide. Colours are drawn grey.
fn drawing(image: &[f32], shape: ImageShape) -> String {
    const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
    let characters = |&shade: &u8| [SHADES[usize::from(shade) * SHADES.len() / 256]; 2];
    let grey = |pixel: &[f32]| pixel.iter().sum::<f32>() / shape.channels as f32;
    let image: Vec<_> = image.chunks(shape.channels).map(grey).collect();
    let line = |row: &[u8]| row.iter().flat_map(characters).collect::<String>();
    shades(&image).chunks(shape.width).map(|row| line(row).trim_end().to_owned() + "\n").collect()
}

/// Codes to be decoded.
pub(crate) struct Decoding<'a> {
    pub(crate) model: &'a Checkpoint,
    pub(crate) code: &'a [f32],
}

impl Job for Decoding<'_> {
    /// `[codes, height, width, channels]`
    type Output = Vec<f32>;

    async fn on<T: Trainer>(self, context: &T::Context) -> Result<Vec<f32>, Failure> {
        let mut trainer = T::new(context, &self.model.settings.model, &self.model.progress).await?;
        Ok(trainer.decode(self.code).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_list_of_finite_numbers() {
        assert_eq!(numbers("-1.5, 2e1").ok(), Some(vec![-1.5, 20.0]));
        for text in ["", "1,", "NaN", "inf,1", "1e99"] {
            assert!(numbers(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_drawing_has_a_line_for_each_row_and_every_shade() {
        let grey = ImageShape { height: 4, width: 7, channels: 1 };
        let mut image = vec![0.0; grey.values()];
        image[..6].copy_from_slice(&[-0.5, 0.25, 0.5, 0.75, 1.0, 1.5]);
        let drawing = drawing(&image, grey);
        assert_eq!(drawing.lines().count(), 4);
        assert_eq!(drawing.lines().next(), Some("  ░░▒▒▓▓████"));
    }

    #[test]
    fn colours_are_drawn_grey_and_kept_in_png() {
        let shape = ImageShape { height: 1, width: 2, channels: 3 };
        let image = [1.0, 1.0, 1.0, 0.9, 0.6, 0.0];
        assert_eq!(drawing(&image, shape), "██▒▒\n");
        let file = png(&image, shape).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; 6];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, [255, 255, 255, 230, 153, 0]);
    }
}
