//! The loop of an explorer.

use super::{
    input::{Input, Request},
    state::Explorer,
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use latent_cpu::Inference;
use latent_protocol::ExplorerEvent;

impl<N: Inference, Emit: Fn(ExplorerEvent), Ask: Fn(Request)> Explorer<N, Emit, Ask> {
    /// Serves until the inbox is closed and everything is done. `rest` lets inputs arrive between two pieces of work.
    pub async fn serve(mut self, mut inbox: UnboundedReceiver<Input>, rest: impl AsyncFn()) {
        loop {
            while let Ok(input) = inbox.try_recv() {
                self.take(input);
            }
            if self.work() {
                self.reports.while_working();
                rest().await;
            } else {
                self.reports.before_waiting();
                match inbox.next().await {
                    Some(input) => self.take(input),
                    None => return,
                }
            }
        }
    }
}
