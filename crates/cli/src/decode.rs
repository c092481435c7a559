//! `headless decode`: the digit that the network draws at a code, as an image, as numbers, or in the terminal.

use crate::{
    Failure,
    device::{Device, Job},
    files::{Output, print_json, print_whole, read_model},
};
use latent_core::{
    settings::SIDE,
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
    /// The PNG file to write the digit to: 28 × 28 shades of grey.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the 784 numbers, row by row, as JSON.
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
    let digit = Device::Cpu.run(Decoding { model: &model, code: &code })?;
    if !digit.iter().all(|pixel| pixel.is_finite()) {
        return Err(Failure::CodeFarOut);
    }
    if options.json {
        print_json(&digit)?;
    }
    match out {
        Some(out) => out.write(&png(&digit)?),
        None if options.json => Ok(()),
        None => print_whole(&drawing(&digit)),
    }
}

fn numbers(text: &str) -> Result<Vec<f32>, Failure> {
    let number = |text: &str| text.trim().parse().ok().filter(|number: &f32| number.is_finite());
    let unreadable = || Failure::UnreadableCode(text.chars().take(40).collect());
    text.split(',').map(number).collect::<Option<_>>().ok_or_else(unreadable)
}

/// Pixels as bytes; the network may go a little beyond black and white.
fn shades(digit: &[f32]) -> Vec<u8> {
    digit.iter().map(|pixel| (pixel.clamp(0.0, 1.0) * 255.0).round() as u8).collect()
}

fn png(digit: &[f32]) -> Result<Vec<u8>, Failure> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIDE as u32, SIDE as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&shades(digit))?;
    writer.finish()?;
    Ok(file)
}

/// The digit in characters, two for each pixel, since they are about twice as high as wide.
fn drawing(digit: &[f32]) -> String {
    const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
    let characters = |&shade: &u8| [SHADES[usize::from(shade) * SHADES.len() / 256]; 2];
    let line = |row: &[u8]| row.iter().flat_map(characters).collect::<String>();
    shades(digit).chunks(SIDE).map(|row| line(row).trim_end().to_owned() + "\n").collect()
}

/// Codes to be decoded.
pub(crate) struct Decoding<'a> {
    pub(crate) model: &'a Checkpoint,
    pub(crate) code: &'a [f32],
}

impl Job for Decoding<'_> {
    /// `[codes, 784]`
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
        for text in ["", "1,", "1;2", "NaN", "inf,1", "1e99"] {
            assert!(numbers(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_drawing_has_a_line_for_each_row_and_every_shade() {
        let mut digit = vec![0.0; SIDE * SIDE];
        digit[..6].copy_from_slice(&[-0.5, 0.25, 0.5, 0.75, 1.0, 1.5]);
        let drawing = drawing(&digit);
        assert_eq!(drawing.lines().count(), SIDE);
        assert_eq!(drawing.lines().next(), Some("  ░░▒▒▓▓████"));
    }
}
