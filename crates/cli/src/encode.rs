//! `headless encode`: the codes of a set's images.

use crate::{
    Failure,
    arguments::{Data, Set},
    dataset::Folder,
    device::{Device, Job, pieces},
    files::{Output, print_whole, read_model},
};
use latent_core::{
    data::Images,
    plane::{Cloud, are_numbers},
    training::{Trainer, checkpoint::Checkpoint},
};
use serde::Serialize;
use std::path::PathBuf;

/// What to encode, and with what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The model (safetensors).
    model: PathBuf,
    /// The images to encode.
    #[arg(long, value_enum, default_value = "test")]
    set: Set,
    /// Encode the first so many [default: all].
    #[arg(long, value_name = "IMAGES")]
    count: Option<usize>,
    /// What to compute on.
    #[arg(long, visible_alias = "engine", value_enum, default_value = "cpu")]
    device: Device,
    /// Write a line of JSON for each image, instead of CSV.
    #[arg(long)]
    json: bool,
    /// The file to write to, instead of the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

/// A line of the JSON output.
#[derive(Serialize)]
struct CodeLine<'a> {
    index: usize,
    /// Absent where the images have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<u8>,
    /// The name of its class, where that is no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    code: &'a [f32],
}

/// Encodes and writes.
pub(crate) fn encode(options: &Options) -> Result<(), Failure> {
    let out = options.out.as_deref().map(Output::to).transpose()?;
    let model = read_model(&options.model)?;
    let folder = Folder::open_for_trained(&options.data, &model.settings)?;
    let (images, labels) = (folder.images(options.set, options.count)?, folder.labels(options.set)?);
    if labels.len() < images.len() {
        let (set, images, labels) = (options.set.name(), images.len(), labels.len());
        return Err(Failure::Unlabelled { set, images, labels });
    }
    let codes = options.device.run(Encoding { model: &model, images: &images })?;
    let labels = labels[..images.len()].to_vec();
    let cloud = Cloud { units: model.settings.model.latent_units(), labels, codes };
    let classes = &folder.manifest.dataset.classes;
    let text = if options.json { json(&cloud, classes)? } else { cloud.to_csv(classes) };
    out.map_or_else(|| print_whole(&text), |out| out.write(text.as_bytes()))
}

fn json(cloud: &Cloud, classes: &[String]) -> Result<String, Failure> {
    let is_named = !are_numbers(classes);
    let class = |label| classes.get(usize::from(label)).filter(|_| is_named).map(String::as_str);
    let line = |(index, (label, code))| {
        let known = (!classes.is_empty()).then_some(label);
        Ok(serde_json::to_string(&CodeLine { index, label: known, class: class(label), code })? + "\n")
    };
    cloud.points().enumerate().map(line).collect()
}

/// Images to be encoded.
pub(crate) struct Encoding<'a> {
    pub(crate) model: &'a Checkpoint,
    pub(crate) images: &'a Images,
}

impl Job for Encoding<'_> {
    /// `[images, code]`
    type Output = Vec<f32>;

    async fn on<T: Trainer>(self, context: &T::Context) -> Result<Vec<f32>, Failure> {
        let Self { model, images } = self;
        let mut trainer = T::new(context, &model.settings.model, &model.progress).await?;
        let mut codes = Vec::new();
        for which in pieces(images) {
            codes.extend(trainer.encode(images, which).await?);
        }
        Ok(codes)
    }
}
