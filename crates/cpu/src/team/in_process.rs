//! Workers in one program, for tests.

use crate::team::Communicator;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{StreamExt, future::join_all};
use latent_core::training::TrainerError;

/// Channels from one worker to all others, in memory.
pub(crate) struct Channels {
    to: Vec<UnboundedSender<Vec<u8>>>,
    from: Vec<(usize, UnboundedReceiver<Vec<u8>>)>,
}

impl Communicator for Channels {
    fn send(&mut self, bytes: &[u8]) {
        self.to.iter().for_each(|channel| channel.unbounded_send(bytes.to_vec()).unwrap());
    }

    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let received =
            self.from.iter_mut().map(async |(index, channel)| (*index, channel.next().await.unwrap()));
        Ok(join_all(received).await)
    }
}

/// Channels between so many workers.
pub(crate) fn channels(of: usize) -> Vec<Channels> {
    let mut all: Vec<_> = (0..of).map(|_| Channels { to: vec![], from: vec![] }).collect();
    for (from, to) in (0..of).flat_map(|from| (0..of).map(move |to| (from, to))).filter(|(a, b)| a != b) {
        let (sender, receiver) = unbounded();
        all[from].to.push(sender);
        all[to].from.push((from, receiver));
    }
    all
}
