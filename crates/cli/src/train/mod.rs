//! `headless train`: a run from its start, or from a model, to its end.

use crate::{
    Failure,
    arguments::{Cpu, Data, Network},
    dataset::Folder,
    device::{Device, Job},
    files::{Output, read_model_as, read_tensors, tell},
    interrupt::Interrupt,
    report::{Audience, Report},
    start::Start,
};
use latent_core::{
    noise::{Noise, Supplied},
    settings::{Field, Settings},
    training::{
        StepLosses, Trainer,
        checkpoint::Checkpoint,
        run::{Dataset, LONG_SLICE, Run, Slice},
    },
};
use std::{borrow::Cow, path::PathBuf, sync::Arc, time::Instant};

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
    noise: Option<PathBuf>,
    /// Stop when so many steps are done in all, those of `--init` included.
    #[arg(long, value_name = "NUMBER")]
    steps: Option<u64>,
    /// What to compute on.
    #[arg(long, visible_alias = "engine", value_enum, default_value = "cpu")]
    device: Device,
    #[command(flatten)]
    cpu: Cpu,
    /// Save the model here in the end (safetensors), with its optimizer and its losses.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print a line of JSON for each epoch and one in the end.
    #[arg(long)]
    json: bool,
    /// Print a line of JSON for each step, too.
    #[arg(long)]
    log_steps: bool,
    #[command(flatten)]
    data: Data,
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
    fn start(&self) -> Result<Start, Failure> {
        let given = self.given()?;
        let given = given.iter().map(|(field, text)| (*field, text.as_ref()));
        let Some(path) = &self.init else { return Start::new(given, None) };
        // Weights that do not describe their model have to be told which one it is.
        let named = self.network.is_named().then(|| Start::new(given.clone(), None)).transpose()?;
        let model = read_model_as(path, named.as_ref().map(|named| &named.checkpoint.settings.model))?;
        Start::new(given, Some(model))
    }

    /// The random numbers of a run that is to do so many steps.
    fn noise(&self, settings: &Settings, steps: u64) -> Result<Noise, Failure> {
        let mut noise = Noise::seeded(settings.seed);
        if let Some(path) = &self.noise {
            let supplied = Supplied::new(&settings.model, read_tensors(path)?)?;
            supplied.reaches(steps, settings.batch)?;
            noise.supplied = Some(Arc::new(supplied));
        }
        Ok(noise)
    }

    fn audience(&self) -> Audience {
        match (self.json, self.log_steps) {
            (false, false) => Audience::People,
            (_, steps) => Audience::Programs { steps },
        }
    }
}

/// Trains, reports and saves. Whatever can be checked beforehand is checked before the first step.
pub(crate) fn train(options: &Options) -> Result<(), Failure> {
    let out = options.out.as_deref().map(Output::to).transpose()?;
    let is_on_cpu = matches!(options.device, Device::Cpu);
    if options.cpu.is_given() && !is_on_cpu {
        return Err(Failure::NotOnTheCpu);
    }
    let Start { checkpoint, changes } = options.start()?;
    let (settings, done) = (&checkpoint.settings, checkpoint.progress.steps);
    let steps = options.steps.unwrap_or(u64::MAX).min(settings.steps());
    if done > 0 && done >= steps {
        return Err(Failure::TrainedAlready(done));
    }
    if out.is_some() {
        Checkpoint::fits(&settings.model, steps).map_err(Failure::Unsaved)?;
    }
    if let Some(changes) = changes {
        tell(format!("note: after step {done} the run goes on with {changes}"));
    }
    let folder = Folder::open_for(&options.data.folder(settings.data)?, &settings.model)?;
    let data = folder.dataset(settings.training_images)?;
    let noise = options.noise(settings, steps)?;
    let is_on_stderr = out.as_ref().is_some_and(Output::is_standard);
    let mut report = Report::new(options.audience(), settings.clone(), done, steps, is_on_stderr);
    let interrupt = Interrupt::watch()?;
    let is_kept = out.is_some();
    let training = Training {
        checkpoint,
        noise,
        steps,
        data: &data,
        report: &mut report,
        interrupt: &interrupt,
        is_kept,
    };
    let result = match is_on_cpu {
        true => pollster::block_on(training.on_cpu(&options.cpu)),
        false => options.device.run(training),
    };
    report.clear();
    let checkpoint = result?;
    if let Some(out) = out {
        out.write(&checkpoint.to_bytes().map_err(Failure::Unsaved)?)?;
    }
    let told = report.finished(&checkpoint.history, options.out.as_deref());
    match interrupt.is_asked() && checkpoint.progress.steps < steps {
        true => Err(Failure::Interrupted(checkpoint.progress.steps)),
        false => told,
    }
}

struct Training<'a> {
    checkpoint: Checkpoint,
    noise: Noise,
    /// To be done in all.
    steps: u64,
    data: &'a Dataset,
    report: &'a mut Report,
    /// Ends the run after the steps under way.
    interrupt: &'a Interrupt,
    /// Whether the model is kept: otherwise a run that can tell nothing is of no use.
    is_kept: bool,
}

impl Job for Training<'_> {
    type Output = Checkpoint;

    async fn on<T: Trainer>(self, context: &T::Context) -> Result<Checkpoint, Failure> {
        let run = Run::<T>::new(context, self.checkpoint.settings.clone(), &self.checkpoint.progress).await?;
        self.advance(run).await
    }
}

impl Training<'_> {
    async fn on_cpu(self, cpu: &Cpu) -> Result<Checkpoint, Failure> {
        let Checkpoint { settings, progress, .. } = &self.checkpoint;
        let trainer = cpu.trainer(&settings.model, progress)?;
        let run = Run::with_trainer(settings.clone(), progress, trainer)?;
        self.advance(run).await
    }

    async fn advance<T: Trainer>(self, mut run: Run<T>) -> Result<Checkpoint, Failure> {
        let Self {
            checkpoint: Checkpoint { settings, mut history, .. },
            noise,
            steps,
            data,
            report,
            interrupt,
            is_kept,
        } = self;
        run.trainer().set_noise(noise);
        // An epoch that ends with the last step is still validated.
        while run.steps() < steps || run.validation_is_due() {
            if interrupt.is_asked() || report.has_failed() && !is_kept {
                break;
            }
            let began = Instant::now();
            let most = usize::try_from(steps.saturating_sub(run.steps())).unwrap_or(usize::MAX);
            match run.advance(data, most, LONG_SLICE).await? {
                Some(Slice::Trained { steps_before, losses }) => {
                    history.trained(StepLosses::of(&losses));
                    report.trained(steps_before, &losses, began.elapsed().as_secs_f64());
                }
                Some(Slice::Validated { epochs, losses }) => {
                    if history.validated(losses.kept_total(), losses.parts()) {
                        report.validated(epochs, &history, &losses);
                    }
                }
                Some(Slice::Validating) => {}
                // All images are loaded, so the run never waits.
                Some(Slice::Finished) | None => break,
            }
        }
        Ok(Checkpoint { settings, progress: run.trainer().progress().await?, history })
    }
}
