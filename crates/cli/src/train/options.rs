//! The options of `headless train`, and the start of the run that they ask for.

use crate::{
    Failure,
    arguments::{Cpu, Data, Network},
    device::Device,
    files::{read_model_as, read_tensors},
    report::Audience,
    start::Start,
};
use latent_core::{
    noise::{Noise, Supplied},
    settings::{Field, Settings},
};
use std::{borrow::Cow, path::PathBuf, sync::Arc};

/// What to train, and with what.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    network: Network,
    /// The seed, from which initial weights and the order of the images follow [default: 1].
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    seed: Option<String>,
    /// Times that the training set is gone through, in all [default: 20].
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    epochs: Option<String>,
    /// Images in a step [default: 256].
    #[arg(long, value_name = "IMAGES", allow_negative_numbers = true)]
    batch: Option<String>,
    /// Adam's learning rate, or several with the steps before each: 0.0005,0.005@600. A model that goes on keeps the rates
    /// of the steps that it has done [default: 0.0005].
    #[arg(long, value_name = "RATES", allow_negative_numbers = true)]
    lr: Option<String>,
    /// Train on the first so many images of the training set [default: all].
    #[arg(long, value_name = "IMAGES", allow_negative_numbers = true)]
    images: Option<String>,
    /// The order of sums; a model keeps its own [default: 1].
    #[arg(long, value_name = "NUMBER")]
    numerics: Option<String>,
    /// Take the images in file order.
    #[arg(long)]
    no_shuffle: bool,
    /// Give every epoch an order of its own: the default, but for models that were trained without.
    #[arg(long, conflicts_with = "no_shuffle")]
    shuffle: bool,
    /// Go on from this model (safetensors), with its settings where no flag says otherwise; or start from bare
    /// weights. The network's shape is the file's.
    #[arg(long, value_name = "FILE")]
    init: Option<PathBuf>,
    /// Take the random numbers of training from this file (safetensors) instead of the seed, for comparing with other
    /// programs: eps [steps, batch, code], corruption and encoder_dropout_1 … [steps, batch, values].
    #[arg(long, value_name = "FILE")]
    pub(super) noise: Option<PathBuf>,
    /// Stop when so many steps are done in all, those of `--init` included.
    #[arg(long, value_name = "NUMBER")]
    pub(super) steps: Option<u64>,
    /// What to compute on.
    #[arg(long, visible_alias = "engine", value_enum, default_value = "cpu")]
    pub(super) device: Device,
    #[command(flatten)]
    pub(super) cpu: Cpu,
    /// Save the model here in the end (safetensors), with its optimizer and its losses.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Leave Adam's moments out of the file, which has a third of its size then. Training that goes on from it begins with none.
    #[arg(long, requires = "out")]
    pub(super) no_moments: bool,
    /// Save it every so many seconds, too, so that `--init` can go on from there whatever happens.
    #[arg(long, value_name = "SECONDS", requires = "out", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) save_every: Option<u32>,
    /// Divide the training among so many ranks in this process, as MPI divides it among machines. On the CPU results are the same
    /// for any number of them. With --device wgpu each rank takes a GPU, and results agree but for rounding.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(super) ranks: u16,
    /// Have each exchange between ranks take so many milliseconds longer, as on a slower network.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0.0, value_parser = delay)]
    pub(super) exchange_delay: f64,
    /// Print a line of JSON for each epoch and one in the end.
    #[arg(long)]
    json: bool,
    /// Print a line of JSON for each step, too.
    #[arg(long)]
    log_steps: bool,
    #[command(flatten)]
    pub(super) data: Data,
}

impl Options {
    fn given(&self) -> Result<Vec<(Field, Cow<'_, str>)>, Failure> {
        let texts = [
            (Field::Seed, &self.seed),
            (Field::Epochs, &self.epochs),
            (Field::Batch, &self.batch),
            (Field::LearningRate, &self.lr),
            (Field::TrainingImages, &self.images),
            (Field::Numerics, &self.numerics),
        ];
        let texts = texts.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?)));
        let shuffle = [(self.no_shuffle, "0"), (self.shuffle, "1")];
        let shuffle = shuffle.into_iter().filter_map(|(given, text)| given.then_some((Field::Shuffle, text)));
        let data = self.data.given()?.map(|dataset| (Field::Data, Cow::from(dataset.text())));
        let borrowed = self.network.given()?.into_iter().chain(texts).chain(shuffle);
        let mut given: Vec<_> = borrowed.map(|(field, text)| (field, Cow::from(text))).chain(data).collect();
        given.sort_by_key(|(field, _)| !field.is_first());
        Ok(given)
    }

    /// The run that is asked for, from its start or from a model.
    pub(super) fn start(&self) -> Result<Start, Failure> {
        let given = self.given()?;
        let given = given.iter().map(|(field, text)| (*field, text.as_ref()));
        let Some(path) = &self.init else { return Start::new(given, None) };
        // Weights that do not describe their model have to be told which one it is.
        let named = self.network.is_named().then(|| Start::new(given.clone(), None)).transpose()?;
        let model = read_model_as(path, named.as_ref().map(|named| &named.checkpoint.settings.model))?;
        Start::new(given, Some(model))
    }

    /// The random numbers of a run that is to do so many steps.
    pub(super) fn noise(&self, settings: &Settings, steps: u64) -> Result<Noise, Failure> {
        let mut noise = Noise::seeded(settings.seed);
        if let Some(path) = &self.noise {
            let supplied = Supplied::new(&settings.model, read_tensors(path)?)?;
            supplied.reaches(steps, settings.batch)?;
            noise.supplied = Some(Arc::new(supplied));
        }
        Ok(noise)
    }

    pub(super) fn audience(&self) -> Audience {
        match (self.json, self.log_steps) {
            (false, false) => Audience::People,
            (_, steps) => Audience::Programs { steps },
        }
    }
}

/// Milliseconds of a delay.
fn delay(text: &str) -> Result<f64, String> {
    let milliseconds = text.parse().ok().filter(|milliseconds| (0.0..=1e4).contains(milliseconds));
    milliseconds.ok_or_else(|| "a delay is a number of milliseconds, ten seconds at most".into())
}
