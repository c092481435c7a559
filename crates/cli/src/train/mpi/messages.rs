//! The messages between ranks that MPI has started.
//!
//! They go from one rank to another, not through MPI's collective sums: those have an order of their own, and results would
//! depend on how many ranks there are.

use crate::interrupt::Interrupt;
use latent_core::{
    team::{Communicator, Rank},
    training::TrainerError,
};
use mpi::{
    environment::Universe,
    point_to_point::MatchedReceiveVec as _,
    topology::SimpleCommunicator,
    traits::{Communicator as _, Destination as _, Source as _},
};
use std::{
    thread,
    time::{Duration, Instant},
};

/// Bytes of a part of a message, all but the last. MPI sends a part at once (`EAGER` in `mod.rs`, less its own header): for a
/// longer one both ranks would have to call MPI, and a rank that waits for it inside MPI notices neither an interrupt nor the
/// other's death.
const PART: usize = 60 << 10;
/// What MPI adds to a part in its buffer, generously.
const OVERHEAD: usize = 1024;
/// How long a rank waits for a message after the job was asked to end, beyond the longest wait so far. Open MPI kills a job a
/// second after asking.
const PATIENCE: Duration = Duration::from_millis(500);

/// A rank's connection to all others.
pub(super) struct Messages<'a> {
    /// Owns the buffer of messages under way.
    universe: Universe,
    world: SimpleCommunicator,
    rank: Rank,
    /// The longest message that fits into the buffer.
    longest: usize,
    interrupt: &'a Interrupt,
    longest_wait: Duration,
}

impl<'a> Messages<'a> {
    /// The messages of a rank. MPI is left when they are dropped.
    pub(super) fn new(universe: Universe, rank: Rank, interrupt: &'a Interrupt) -> Self {
        let world = universe.world();
        Self { universe, world, rank, longest: 0, interrupt, longest_wait: Duration::ZERO }
    }

    /// The indices of all other ranks, as MPI counts.
    fn others(&self) -> impl Iterator<Item = (usize, i32)> + use<> {
        let Rank { index, of } = self.rank;
        (0..of).zip(0..).filter(move |(other, _)| *other != index)
    }

    /// Makes space for messages of this length. A rank may be one exchange behind, so those of two are under way at once.
    fn make_room(&mut self, bytes: usize) {
        if bytes > self.longest {
            self.longest = bytes;
            let parts = bytes / PART + 1;
            self.universe.set_buffer_size(2 * (self.rank.of - 1) * (bytes + parts * OVERHEAD));
        }
    }

    /// The next message of another rank: its parts up to the first one that is shorter than others.
    fn message_of(&mut self, other: (usize, i32)) -> Result<Vec<u8>, TrainerError> {
        let mut message = self.part_of(other)?;
        let mut length = message.len();
        while length == PART {
            let part = self.part_of(other)?;
            length = part.len();
            message.extend(part);
        }
        Ok(message)
    }

    fn part_of(&mut self, (index, process): (usize, i32)) -> Result<Vec<u8>, TrainerError> {
        let (process, began) = (self.world.process_at_rank(process), Instant::now());
        let mut asked: Option<Instant> = None;
        loop {
            if let Some(found) = process.immediate_matched_probe() {
                self.longest_wait = self.longest_wait.max(began.elapsed());
                return Ok(found.matched_receive_vec().0);
            }
            if self.interrupt.is_asked() {
                let asked = asked.get_or_insert_with(Instant::now);
                if asked.elapsed() > PATIENCE + self.longest_wait {
                    let why = format!("the job was asked to end, and rank {index} sends nothing more");
                    return Err(TrainerError::Team(why));
                }
            }
            thread::yield_now();
        }
    }
}

impl Communicator for Messages<'_> {
    fn send(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        // An empty part ends a message of whole parts.
        let end = bytes.len().is_multiple_of(PART).then_some(&[][..]);
        for part in bytes.chunks(PART).chain(end) {
            for (_, other) in self.others() {
                self.world.process_at_rank(other).buffered_send(part);
            }
        }
    }

    async fn recv(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        self.others().map(|from| Ok((from.0, self.message_of(from)?))).collect()
    }
}
