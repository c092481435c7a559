//! `headless pack-pretrained`: from a trained model to the decoder that the page shows first.

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
use latent_playground::{
    data::Images, network::pretrained::Pretrained, plane::Plotted, settings::Architecture,
    training::checkpoint::Checkpoint,
};
use std::path::{Path, PathBuf};

/// What to pack, and where to.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The model (safetensors), of the tutorial's network.
    model: PathBuf,
    /// Write the file here, not gzipped, instead of beside the data set.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

/// Packs the decoder and the codes of the sample, and says what rounding the weights costs.
pub(crate) fn pack_pretrained(options: &Options) -> Result<(), Failure> {
    let out = options.out.as_deref().map(Output::to).transpose()?;
    let mut model = read_model(&options.model)?;
    if model.settings.architecture != Architecture::default() {
        return Err(Failure::NotTheTutorials);
    }
    let folder = Folder::open(&options.data.data)?;
    let count = Plotted::Sample.count();
    let images = folder.images(Set::Test, Some(count))?;
    let mut labels = folder.labels(Set::Test)?;
    labels.truncate(count);
    let codes = Device::Cpu.run(Encoding { model: &model, images: &images })?;
    let as_trained = loss(&model, &codes, &images)?;

    let pretrained = Pretrained { weights: model.progress.weights, codes, labels };
    let file = pretrained.to_bytes()?;
    let Pretrained { weights, codes, .. } = Pretrained::parse(&file)?;
    model.progress.weights = weights;
    let as_packed = loss(&model, &codes, &images)?;
    print(format_args!(
        "mean squared error over {count} test images: {as_trained:.6}, packed {as_packed:.6}"
    ))?;
    match out {
        Some(out) => out.write(&file),
        None => pack_beside(&options.data.data, folder, &file, count),
    }
}

/// Packs the file beside the data set, and lists it in the manifest.
fn pack_beside(
    path: &Path,
    Folder { mut manifest, .. }: Folder,
    file: &[u8],
    count: usize,
) -> Result<(), Failure> {
    let entry = pack(path, "pretrained.gz".into(), file, count)?;
    print(format_args!("{} bytes, gzipped {}", entry.bytes, entry.bytes_gzip))?;
    manifest.pretrained = Some(entry);
    write_manifest(path, &manifest)
}

/// The mean squared error of what the decoder makes of these images' codes.
fn loss(model: &Checkpoint, codes: &[f32], images: &Images) -> Result<f64, Failure> {
    let copies = Device::Cpu.run(Decoding { model, code: codes })?;
    let errors = copies.iter().zip(images.pixels()).map(|(copy, &pixel)| copy - f32::from(pixel) / 255.0);
    Ok(errors.map(|error| f64::from(error * error)).sum::<f64>() / copies.len() as f64)
}
