//! A slower connection, for measuring what a network would cost.

use super::Communicator;
use crate::training::TrainerError;
use std::{
    thread,
    time::{Duration, Instant},
};

/// How much longer a thread may sleep than it was asked to.
const OVERSLEEP: Duration = Duration::from_micros(150);

/// A communicator whose every exchange takes so much longer.
///
/// The delay begins when all messages are there, so that no computation hides it: a network of this latency costs less where a
/// worker computes between sending and receiving.
pub struct Delayed<C> {
    communicator: C,
    delay: Duration,
}

impl<C: Communicator> Delayed<C> {
    /// Delays this communicator.
    pub fn new(communicator: C, delay: Duration) -> Self {
        Self { communicator, delay }
    }
}

impl<C: Communicator> Communicator for Delayed<C> {
    fn send(&mut self, bytes: &[u8]) {
        self.communicator.send(bytes);
    }

    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let received = self.communicator.recv().await?;
        if self.delay.is_zero() {
            return Ok(received);
        }
        let end = Instant::now() + self.delay;
        thread::sleep(self.delay.saturating_sub(OVERSLEEP));
        while Instant::now() < end {
            thread::yield_now();
        }
        Ok(received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::team::InProcess;
    use pollster::block_on;

    #[test]
    fn every_exchange_takes_at_least_the_delay() {
        let delay = Duration::from_millis(2);
        let mut workers: Vec<_> =
            InProcess::between(2).into_iter().map(|worker| Delayed::new(worker, delay)).collect();
        let began = Instant::now();
        for _ in 0..5 {
            workers[0].send(&[7]);
            assert_eq!(block_on(workers[1].recv()), Ok(vec![(0, vec![7])]));
        }
        assert!(began.elapsed() >= 5 * delay);
    }
}
