//! Models in and out: a safetensors file with the weights, the optimizer's state, the losses and the settings.
//!
//! | tensor | shape |
//! |---|---|
//! | `encoder_dense_1.kernel`, `encoder_dense_1.bias` … | `[inputs, outputs]`, `[outputs]`, as in Keras |
//! | `optimizer.momentum.encoder_dense_1.kernel` …, `optimizer.velocity.…` | the same; all absent when all are zero |
//! | `history.loss` | `[n]`: the losses of the last `n` steps |
//! | `history.val_loss`, `history.val_loss_steps` | `[m]`: the validation losses, and the steps done by then (I64) |
//!
//! Numbers are F32 but for those steps. The settings stand in the metadata by their names, with `steps` and a mark of
//! the form. A file without the mark is taken for bare weights: then its shapes say which network it is, and what
//! they don't say is as in the tutorial.

mod container;
mod error;

pub use error::CheckpointError;

use self::container::{Notes, Reader, Tensor, shortened};
use super::{
    Progress,
    history::{History, Validation},
};
use crate::{
    model::{MAX_HIDDEN_LAYERS, ModelError, ModelSpec},
    settings::{Field, MOST_STEPS, Settings},
    weights::{Dense, Weights},
};

/// The size of a file at most, in bytes: the tutorial's takes 5.7 MB with its optimizer.
pub const MOST_BYTES: usize = 64_000_000;

/// The note that tells this program's files from bare weights, and the form that it writes.
const MARK: (&str, &str) = ("latent_playground", "1");
const STEPS: &str = "steps";
const LOSS: &str = "history.loss";
const VALIDATION_LOSS: &str = "history.val_loss";
const VALIDATION_STEPS: &str = "history.val_loss_steps";
const OPTIMIZER: &str = "optimizer.";
/// Adam's mean of the gradients, in Keras' word.
const MOMENTUM: &str = "momentum";
/// Adam's mean of the squared gradients, in Keras' word.
const VELOCITY: &str = "velocity";

/// Everything of a run that a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// What the run is.
    pub settings: Settings,
    /// The network and its optimizer, and how many steps it has done.
    pub progress: Progress,
    /// Its losses up to that step.
    pub history: History,
}

impl Checkpoint {
    /// The file's bytes: the same for the same checkpoint. Fails on what [`Checkpoint::parse`] would not take, so
    /// that a file that was written can be read.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        self.check()?;
        let Progress { weights, first_moment, second_moment, steps } = &self.progress;
        let taken = self.history.validation();
        let validation_steps: Vec<_> = taken.iter().map(|taken| taken.steps as i64).collect();
        let validation: Vec<_> = taken.iter().map(|taken| taken.loss).collect();
        let losses = self.history.losses();

        let mut tensors = Vec::new();
        if !taken.is_empty() {
            tensors.push(Tensor::new(VALIDATION_STEPS, &[taken.len()], &validation_steps));
            tensors.push(Tensor::new(VALIDATION_LOSS, &[taken.len()], &validation));
        }
        if !losses.is_empty() {
            tensors.push(Tensor::new(LOSS, &[losses.len()], losses));
        }
        tensors.extend(layer_tensors("", weights));
        if ![first_moment, second_moment].into_iter().all(is_zero) {
            tensors.extend(layer_tensors(&format!("{OPTIMIZER}{MOMENTUM}."), first_moment));
            tensors.extend(layer_tensors(&format!("{OPTIMIZER}{VELOCITY}."), second_moment));
        }
        container::write(&notes(&self.settings, *steps), &tensors)
    }

    /// Reads a file of [`Checkpoint::to_bytes`], or bare weights. Takes any bytes and trusts none of them.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let mut file = Reader::open(bytes)?;
        let (settings, steps) = match read_notes(&file.notes())? {
            Some(noted) => noted,
            None => (Settings { model: model_of(&file)?, ..Settings::default() }, 0),
        };
        let model = &settings.model;
        let weights = read_layers(&mut file, "", model)?;
        let mut progress = Progress { steps, ..Progress::with_weights(model, weights) };
        if file.has_any(OPTIMIZER) {
            let mut moments = |name| read_layers(&mut file, &format!("{OPTIMIZER}{name}."), model);
            progress.first_moment = moments(MOMENTUM)?;
            progress.second_moment = moments(VELOCITY)?;
        }
        let history = read_history(&mut file, steps)?;
        file.finish()?;
        let checkpoint = Self { settings, progress, history };
        checkpoint.check()?;
        Ok(checkpoint)
    }

    /// Whether a run of this network can be written after so many steps: to be asked before they are done.
    pub fn fits(model: &ModelSpec, steps: u64) -> Result<(), CheckpointError> {
        // The weights and their two moments, the losses, and a thousand validation losses with their steps.
        container::check_size(3 * 4 * model.parameters() + 4 * steps + 12 * 1_000)
    }

    /// Whether the parts are sound, and are parts of the same run.
    fn check(&self) -> Result<(), CheckpointError> {
        self.settings.check()?;
        let (model, progress) = (&self.settings.model, &self.progress);
        progress.weights.check(model)?;
        for (moment, values) in [(MOMENTUM, &progress.first_moment), (VELOCITY, &progress.second_moment)] {
            values.check(model).map_err(|error| CheckpointError::Moments { moment, error })?;
        }
        if progress.second_moment.values().any(|value| value < 0.0) {
            return Err(CheckpointError::Optimizer("its velocity, a mean of squares, is below zero"));
        }
        if progress.steps > MOST_STEPS {
            return Err(CheckpointError::Steps(progress.steps.to_string()));
        }
        if progress.steps == 0 && !(is_zero(&progress.first_moment) && is_zero(&progress.second_moment)) {
            return Err(CheckpointError::Optimizer("it is that of a run, and no step was done"));
        }
        check_history(&self.history, progress.steps)
    }
}

fn check_history(history: &History, steps: u64) -> Result<(), CheckpointError> {
    let unsound = |why: String| Err(CheckpointError::History(why));
    if history.steps() != steps {
        return unsound(format!("it ends after step {}, and {steps} steps were done", history.steps()));
    }
    let validated = history.validation();
    let mut losses = history.losses().iter().copied().chain(validated.iter().map(|taken| taken.loss));
    if !losses.all(f32::is_finite) {
        return unsound("a loss is not finite".into());
    }
    let in_order = validated.is_sorted_by_key(|taken| taken.steps);
    if !in_order || validated.last().is_some_and(|last| last.steps > steps) {
        return unsound("a validation was taken before its predecessor, or after the last step".into());
    }
    Ok(())
}

fn is_zero(weights: &Weights) -> bool {
    weights.values().all(|value| value == 0.0)
}

fn layer_tensors<'a>(prefix: &str, weights: &'a Weights) -> impl Iterator<Item = Tensor<'a>> {
    weights.layers.iter().flat_map(move |Dense { name, kernel, bias }| {
        let shape = [kernel.len() / bias.len().max(1), bias.len()];
        [
            Tensor::new(format!("{prefix}{name}.kernel"), &shape, kernel),
            Tensor::new(format!("{prefix}{name}.bias"), &shape[1..], bias),
        ]
    })
}

fn read_layers(file: &mut Reader<'_>, prefix: &str, model: &ModelSpec) -> Result<Weights, CheckpointError> {
    let layers = model.layers().into_iter().map(|layer| {
        let name = layer.name;
        Ok(Dense {
            kernel: file.take(&format!("{prefix}{name}.kernel"), &[layer.inputs, layer.outputs])?,
            bias: file.take(&format!("{prefix}{name}.bias"), &[layer.outputs])?,
            name,
        })
    });
    Ok(Weights { layers: layers.collect::<Result<_, CheckpointError>>()? })
}

/// The network whose weights these are, by the shapes of the encoder's kernels.
fn model_of(file: &Reader<'_>) -> Result<ModelSpec, CheckpointError> {
    let kernel = |number| format!("encoder_dense_{number}.kernel");
    // One more than there may be, to notice that there are too many.
    let shapes = (1..=MAX_HIDDEN_LAYERS + 2).map_while(|number| file.shape(&kernel(number)));
    let mut units: Vec<_> = shapes.map(|shape| shape.last().copied().unwrap_or(0)).collect();
    let code = units.pop().ok_or_else(|| CheckpointError::Missing(kernel(1)))?;
    if units.is_empty() {
        return Err(CheckpointError::Model(ModelError::Depth(0).into()));
    }
    let model = ModelSpec::dense(&units, code, ModelSpec::default().slope);
    let settings = Settings { model, ..Settings::default() };
    settings.check().map_err(CheckpointError::Model)?;
    Ok(settings.model)
}

fn read_history(file: &mut Reader<'_>, steps: u64) -> Result<History, CheckpointError> {
    let losses: Vec<f32> = file.take_list(LOSS)?;
    let validation_steps: Vec<i64> = file.take_list(VALIDATION_STEPS)?;
    let validation: Vec<f32> = file.take_list(VALIDATION_LOSS)?;
    let unsound = |why: String| CheckpointError::History(why);
    if validation.len() != validation_steps.len() {
        let why = "there are not as many validation losses as steps where they were taken";
        return Err(unsound(why.into()));
    }
    let steps_before = steps.checked_sub(losses.len() as u64);
    let steps_before = steps_before
        .ok_or_else(|| unsound(format!("it holds {} losses, and {steps} steps were done", losses.len())))?;
    let taken = |(steps, loss): (i64, f32)| Some(Validation { steps: steps.try_into().ok()?, loss });
    let validation = validation_steps.into_iter().zip(validation).map(taken).collect::<Option<_>>();
    let validation = validation.ok_or_else(|| unsound("a validation was taken before step 0".into()))?;
    Ok(History::restored(steps_before, losses, validation))
}

fn notes(settings: &Settings, steps: u64) -> Notes {
    let (mark, version) = MARK;
    let own = [(mark.to_owned(), version.to_owned()), (STEPS.to_owned(), steps.to_string())];
    own.into_iter().chain(Field::ALL.map(|field| (field.key().to_owned(), settings.get(field)))).collect()
}

/// Settings and steps, if the notes are this program's.
fn read_notes(notes: &Notes) -> Result<Option<(Settings, u64)>, CheckpointError> {
    let (mark, expected) = MARK;
    match notes.get(mark) {
        None => return Ok(None),
        Some(version) if version == expected => {}
        Some(found) => return Err(CheckpointError::Version { found: shortened(found), expected }),
    }
    let note = |key| notes.get(key).ok_or(CheckpointError::MissingNote(key));
    let mut settings = Settings::default();
    for field in Field::ALL {
        match notes.get(field.key()) {
            None if !field.is_required() => {}
            _ => settings.set(field, note(field.key())?)?,
        }
    }
    let text = note(STEPS)?;
    let steps = text.parse().map_err(|_| CheckpointError::Steps(shortened(text)))?;
    let is_known = |key: &str| key == mark || key == STEPS || Field::from_key(key).is_some();
    match notes.keys().find(|key| !is_known(key)) {
        None => Ok(Some((settings, steps))),
        Some(key) => Err(CheckpointError::UnknownNote(shortened(key))),
    }
}
