//! `headless pack-pretrained`: from a trained model to the decoder that the page shows first, and its encoder.

use crate::{
    Failure,
    arguments::{Data, Set},
    dataset::Folder,
    decode::Decoding,
    device::Device,
    encode::Encoding,
    files::{Output, print, read_model},
    pack::{pack, write_manifest},
};
use latent_core::{
    data::Images,
    model::ModelSpec,
    plane::{Axes, Grid, Plotted, Projection, Range},
    pretrained::{COMPONENTS, Pretrained, PretrainedEncoder},
    training::checkpoint::Checkpoint,
    weights::Weights,
};
use nalgebra::{DMatrix, DMatrixView, SymmetricEigen};
use std::path::{Path, PathBuf};

/// What to pack, and where to.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The model (safetensors), of the tutorial's network.
    model: PathBuf,
    /// Write the decoder here, not gzipped, instead of beside the data set.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the encoder here, not gzipped. Only with --out.
    #[arg(long, value_name = "FILE", requires = "out")]
    encoder_out: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

/// Packs the decoder, the codes of the sample and the encoder, and says what rounding the weights costs.
pub(crate) fn pack_pretrained(options: &Options) -> Result<(), Failure> {
    let out = options.out.as_deref().map(Output::to).transpose()?;
    let encoder_out = options.encoder_out.as_deref().map(Output::to).transpose()?;
    let mut model = read_model(&options.model)?;
    if model.settings.model != ModelSpec::default() {
        return Err(Failure::NotTheTutorials);
    }
    let path = options.data.folder(model.settings.data)?;
    let folder = Folder::open_for(&path, &model.settings.model)?;
    let count = Plotted::Sample.count(model.settings.data);
    let images = folder.images(Set::Test, Some(count))?;
    let mut labels = folder.labels(Set::Test)?;
    labels.truncate(count);
    let codes = Device::Cpu.run(Encoding { model: &model, images: &images })?;
    let as_trained = loss(&model, &codes, &images)?;

    let (columns, rows) = components(&model.progress.weights, &codes);
    let pretrained = Pretrained::new(&model.progress.weights, &columns, &rows, &codes, labels)?;
    let encoder = PretrainedEncoder::new(&model.progress.weights)?;
    model.progress.weights = pretrained.weights();
    let as_packed = loss(&model, &pretrained.codes(), &images)?;
    encoder.complete(&mut model.progress.weights);
    let rounded = Device::Cpu.run(Encoding { model: &model, images: &images })?;
    let errors = format!(
        "mean squared error over {count} test images: {as_trained:.6}, packed {as_packed:.6}\n\
         codes move by {} % of the plane's width at most",
        percent_moved(&codes, &rounded)
    );
    out.as_ref().map_or_else(|| print(&errors), |out| out.report(&errors))?;
    match out {
        Some(out) => {
            encoder_out.map_or(Ok(()), |out| out.write(&encoder.to_bytes()))?;
            out.write(&pretrained.to_bytes())
        }
        None => pack_beside(&path, folder, &pretrained.to_bytes(), &encoder.to_bytes(), count),
    }
}

/// How far codes are from others at most, in percent of the width of the plane that shows them.
fn percent_moved(codes: &[f32], others: &[f32]) -> String {
    let (codes, _) = codes.as_chunks::<2>();
    let (others, _) = others.as_chunks::<2>();
    let distances = codes.iter().zip(others).map(|([x, y], [x2, y2])| (x - x2).hypot(y - y2));
    let width = 2.0 * Range::fitting(codes.as_flattened()).unwrap_or_default().radius;
    format!("{:.3}", 100.0 * distances.fold(0.0, f32::max) / width)
}

/// The last kernel by the principal components of what it makes of these codes and of all the plane around them:
/// columns `[COMPONENTS, hidden]` and rows `[COMPONENTS, pixels]`. With a row for each component, V, it is about (K V) Vᵀ,
/// of all matrices of that rank the one whose products with these codes' hidden units differ least from K's.
fn components(weights: &Weights, codes: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let mut layers = weights.layers().rev();
    let (Some(last), Some(first)) = (layers.next(), layers.next()) else { return Default::default() };
    let axes = Axes::of(2);
    let range = Range::fitting(codes).unwrap_or_default();
    let grid = Grid::over(Projection { axes, range }, &[0.0; 2]).codes();
    let codes = [codes, &grid].concat();

    // nalgebra's matrices lie column by column, and ours row by row: seen from there they are transposed.
    let (hidden, pixels) = (first.bias.values.len(), last.bias.values.len());
    let kernel = DMatrixView::from_slice(&last.kernel.values, pixels, hidden);
    let into_hidden = DMatrixView::from_slice(&first.kernel.values, hidden, 2);
    let codes = DMatrixView::from_slice(&codes, 2, codes.len() / 2);
    let mut units = into_hidden * codes;
    let slope = ModelSpec::default().slope;
    for mut of_code in units.column_iter_mut() {
        for (unit, bias) in of_code.iter_mut().zip(&first.bias.values) {
            *unit += bias;
            *unit *= if *unit < 0.0 { slope } else { 1.0 };
        }
    }
    let drawn: DMatrix<f32> = kernel * units;
    let eigen = SymmetricEigen::new(&drawn * drawn.transpose());
    let mut by_size: Vec<_> = (0..pixels).collect();
    by_size.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let principal = eigen.eigenvectors.select_columns(&by_size[..COMPONENTS]);
    let columns = kernel.transpose() * &principal;
    (columns.as_slice().to_vec(), principal.as_slice().to_vec())
}

/// Packs the files beside the data set, and lists them in the manifest.
fn pack_beside(
    path: &Path,
    Folder { mut manifest, .. }: Folder,
    decoder: &[u8],
    encoder: &[u8],
    count: usize,
) -> Result<(), Failure> {
    let decoder = pack(path, "pretrained.gz".into(), decoder, count)?;
    let encoder = pack(path, "pretrained-encoder.gz".into(), encoder, 0)?;
    for (half, entry) in [("decoder", &decoder), ("encoder", &encoder)] {
        print(format_args!("{half}: {} bytes, gzipped {}", entry.bytes, entry.bytes_gzip))?;
    }
    (manifest.pretrained, manifest.pretrained_encoder) = (Some(decoder), Some(encoder));
    write_manifest(path, &manifest)
}

/// The mean squared error of what the decoder makes of these images' codes.
fn loss(model: &Checkpoint, codes: &[f32], images: &Images) -> Result<f64, Failure> {
    let copies = Device::Cpu.run(Decoding { model, code: codes })?;
    let errors = copies.iter().zip(images.pixels()).map(|(copy, &pixel)| copy - f32::from(pixel) / 255.0);
    Ok(errors.map(|error| f64::from(error * error)).sum::<f64>() / copies.len() as f64)
}
