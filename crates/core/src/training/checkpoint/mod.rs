//! Models in and out: a safetensors file with the weights, the optimizer's state, the losses and the settings.
//!
//! | tensor | shape |
//! |---|---|
//! | `encoder_dense_1.kernel`, `encoder_dense_1.bias` … | `[inputs, outputs]`, `[outputs]`, as in Keras |
//! | `encoder_conv2d_1.kernel` … | `[row, column, inputs, outputs]` |
//! | `decoder_conv2d_transpose_1.kernel` … | `[row, column, outputs, inputs]` |
//! | `encoder_z_mean.kernel`, `encoder_z_log_var.kernel` … | as of a dense layer |
//! | `optimizer.momentum.encoder_dense_1.kernel` …, `optimizer.velocity.…` | the same; all absent when all are zero |
//! | `history.loss` | `[n]`: the losses of the last `n` steps |
//! | `history.reconstruction`, `history.divergence` | of a variational model, `[k]`: the parts of the last `k` of them |
//! | `history.val_loss`, `history.val_loss_steps` | `[m]`: the validation losses, and the steps done by then (I64) |
//! | `history.val_reconstruction`, `history.val_divergence` | of a variational model: the parts of the last of these |
//!
//! Numbers are F32 but for those steps. The metadata holds `latent_playground`, the version of the format, and
//! `latent_playground.NAME` for each setting and for `steps`. Other metadata is ignored. A file without this metadata
//! says by its shapes which network it is; what they don't say has its default.

mod check;
mod container;
mod error;
mod header;
mod json;
mod layers;
mod losses;
mod notes;
mod reader;
mod sorted_map;
mod writer;

pub use error::CheckpointError;

use self::{
    layers::{
        MOMENTUM, OPTIMIZER, VELOCITY, is_zero, layer_tensors, model_of, read_layers, refuse_transposed,
    },
    losses::Losses,
    reader::Reader,
};
use super::{Progress, history::History};
use crate::{model::ModelSpec, settings::Settings, weights::Tensor};

/// All tensors of a safetensors file, each of which must hold F32 numbers.
pub fn read_tensors(bytes: &[u8]) -> Result<Vec<Tensor>, CheckpointError> {
    let mut file = Reader::open(bytes)?;
    let names: Vec<_> = file.names().cloned().collect();
    let named = names.into_iter().map(|name| {
        let shape = file.shape(&name).unwrap_or_default().to_vec();
        Ok(Tensor { values: file.take(&name, &shape)?, shape, name })
    });
    named.collect()
}

/// The size of a file at most, in bytes: the tutorial's takes 5.7 MB with its optimizer, 89 MB for images of 64 × 64 in colour.
pub const MOST_BYTES: usize = 256_000_000;

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
    /// The file's bytes, in version 2: the same for the same checkpoint. Fails on what [`Checkpoint::parse`] would
    /// refuse, so that every file that is written can be read.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        self.check()?;
        let Progress { weights, first_moment, second_moment, steps } = &self.progress;
        let losses = Losses::from(&self.history);
        let mut tensors = losses.tensors();
        tensors.extend(layer_tensors("", weights));
        if ![first_moment, second_moment].into_iter().all(is_zero) {
            tensors.extend(layer_tensors(&format!("{OPTIMIZER}{MOMENTUM}."), first_moment));
            tensors.extend(layer_tensors(&format!("{OPTIMIZER}{VELOCITY}."), second_moment));
        }
        writer::write(&notes::write(&self.settings, *steps), &tensors)
    }

    /// Reads a file of [`Checkpoint::to_bytes`] or of version 1, or bare weights. Takes any bytes and trusts none of
    /// them.
    ///
    /// Where the metadata is gone, as after a visit to numpy, the settings are the defaults, and the steps are those
    /// that the losses tell.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        Self::parse_as(bytes, None)
    }

    /// The same, where weights that do not describe their model are those of the model that is named.
    pub fn parse_as(bytes: &[u8], named: Option<&ModelSpec>) -> Result<Self, CheckpointError> {
        let mut file = Reader::open(bytes)?;
        refuse_transposed(&file)?;
        let notes = file.notes();
        let model = match (model_of(&file), named) {
            // The notes say all that the shapes do not.
            (Err(CheckpointError::Undescribed), _) if notes::name_the_encoder(notes) => ModelSpec::default(),
            (Err(CheckpointError::Undescribed), Some(named)) => named.clone(),
            (model, _) => model?,
        };
        let (settings, steps) = notes::read(notes, Settings { model, ..Settings::default() })?;
        let model = &settings.model;
        let weights = read_layers(&mut file, "", model)?;
        let mut progress = Progress::with_weights(model, weights);
        if file.has_any(OPTIMIZER) {
            let mut moments = |name| read_layers(&mut file, &format!("{OPTIMIZER}{name}."), model);
            progress.first_moment = moments(MOMENTUM)?;
            progress.second_moment = moments(VELOCITY)?;
        }
        let losses = Losses::take(&mut file)?;
        file.finish()?;
        progress.steps = steps.unwrap_or(losses.least_steps());
        if steps.is_none() && progress.steps == 0 && !is_zero(&progress.first_moment) {
            return Err(CheckpointError::MissingNote(notes::STEPS));
        }
        let history = losses.history(progress.steps)?;
        let checkpoint = Self { settings, progress, history };
        checkpoint.check()?;
        Ok(checkpoint)
    }

    /// Whether a run of this network can be written after so many steps: to be asked before they are done.
    pub fn fits(model: &ModelSpec, steps: u64) -> Result<(), CheckpointError> {
        // The weights and their two moments, the losses, and a thousand validation losses with their steps.
        let [of_step, of_validation] = if model.is_variational() { [12, 20] } else { [4, 12] };
        writer::check_size(3 * 4 * model.parameters() + of_step * steps + of_validation * 1_000)
    }
}
