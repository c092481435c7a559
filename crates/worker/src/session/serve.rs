//! The loop of a session.

use super::{
    input::{Input, Output},
    state::{Goal, Session},
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use latent_core::training::Trainer;

impl<T: Trainer, Emit: Fn(Output)> Session<T, Emit> {
    /// Serves until the inbox is closed. `rest` lets inputs arrive between two slices.
    pub async fn serve(mut self, mut inbox: UnboundedReceiver<Input>, rest: impl AsyncFn()) {
        loop {
            while let Ok(input) = inbox.try_recv() {
                self.take(input).await;
            }
            if self.goal == Goal::Nothing || self.is_waiting {
                match inbox.next().await {
                    Some(input) => self.take(input).await,
                    None => return,
                }
            } else {
                self.advance().await;
                rest().await;
            }
        }
    }

    async fn take(&mut self, input: Input) {
        self.is_waiting = false;
        match input {
            Input::Command(command) => self.obey(command).await,
            Input::Data(data) => self.store(data),
        }
    }
}
