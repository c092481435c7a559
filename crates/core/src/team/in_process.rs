//! Workers in one program: each rank on a thread of its own, or, in tests, all of them on one.

use super::Communicator;
use crate::training::TrainerError;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};

/// A worker's channels to all other workers of its program.
pub struct InProcess {
    to: Vec<UnboundedSender<Vec<u8>>>,
    from: Vec<(usize, UnboundedReceiver<Vec<u8>>)>,
}

impl InProcess {
    /// The channels of so many workers, in the order of their ranks.
    pub fn between(workers: usize) -> Vec<Self> {
        let mut all: Vec<_> = (0..workers).map(|_| Self { to: vec![], from: vec![] }).collect();
        let pairs = (0..workers).flat_map(|from| (0..workers).map(move |to| (from, to)));
        for (from, to) in pairs.filter(|(from, to)| from != to) {
            let (sender, receiver) = unbounded();
            all[from].to.push(sender);
            all[to].from.push((from, receiver));
        }
        all
    }
}

impl Communicator for InProcess {
    fn send(&mut self, bytes: &[u8]) {
        // A worker that has ended takes nothing any more. Receiving from it tells so.
        self.to.iter().for_each(|channel| drop(channel.unbounded_send(bytes.to_vec())));
    }

    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let mut all = Vec::with_capacity(self.from.len());
        for (index, channel) in &mut self.from {
            let bytes = channel.recv().await;
            let bytes = bytes.map_err(|_| TrainerError::Team(format!("rank {index} has ended")))?;
            all.push((*index, bytes));
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pollster::block_on;

    #[test]
    fn every_worker_receives_from_every_other_in_the_order_of_ranks() {
        let mut workers = InProcess::between(3);
        for (index, worker) in (0..).zip(&mut workers) {
            worker.send(&[index]);
        }
        let received = workers.iter_mut().map(|worker| block_on(worker.recv()).unwrap());
        let expected =
            [[1, 2], [0, 2], [0, 1]].map(|from| from.map(|from| (from, vec![from as u8])).to_vec());
        assert_eq!(received.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_worker_that_has_ended_is_named() {
        let mut workers = InProcess::between(2);
        drop(workers.pop());
        let first = &mut workers[0];
        first.send(&[1]);
        let said = block_on(first.recv()).unwrap_err().to_string();
        assert_eq!(said, "the workers can't go on together: rank 1 has ended");
    }
}
