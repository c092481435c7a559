//! The checkpoints of a run.

use super::{
    input::Output,
    state::{Current, Session},
};
use latent_core::training::{Trainer, checkpoint::Checkpoint};
use latent_protocol::TrainerEvent;
use web_time::Instant;

impl<T: Trainer, Emit: Fn(Output)> Session<T, Emit> {
    /// Reports a checkpoint, if anything was trained since the last one.
    pub(super) async fn report_checkpoint(&mut self) {
        let Some(current) = &self.current else { return };
        let (run, steps) = (current.number, current.run.steps());
        self.checkpoint_at = Instant::now();
        if current.checkpoint_steps == steps || current.has_no_checkpoint {
            return;
        }
        let Some(made) = self.checkpoint().await else { return };
        if let Some(current) = &mut self.current {
            (current.checkpoint_steps, current.has_no_checkpoint) = (steps, made.is_err());
        }
        self.report(match made {
            Ok(file) => TrainerEvent::Checkpoint { run, steps, file },
            Err(why) => TrainerEvent::NoCheckpoint { run, why },
        });
    }

    /// Reports the model as a file, as it is now.
    pub(super) async fn report_model(&mut self) {
        let run = self.number;
        match self.checkpoint().await {
            Some(Ok(file)) => self.report(TrainerEvent::Saved { run, file }),
            Some(Err(why)) => self.report(TrainerEvent::NoCheckpoint { run, why }),
            None => {}
        }
    }

    /// The run as a file, or why it has none.
    async fn checkpoint(&mut self) -> Option<Result<Vec<u8>, String>> {
        let Current { run, history, .. } = self.current.as_mut()?;
        match run.trainer().progress().await {
            Ok(progress) => {
                let (settings, history) = (run.settings().clone(), history.clone());
                let checkpoint = Checkpoint { settings, progress, history };
                Some(checkpoint.to_bytes().map_err(|error| error.to_string()))
            }
            Err(error) => {
                self.fail_with(error.into());
                None
            }
        }
    }
}
