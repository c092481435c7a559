//! What ranks agree on between slices of work. Clocks and signals differ between ranks, so none acts on its own.

use latent_core::training::TrainerError;

/// What a rank asks for before the next slice of work, or what all of them do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RankRequest {
    /// End the run. One rank is enough.
    pub(super) stop: bool,
    /// Save the model first. One rank is enough.
    pub(super) save: bool,
    /// Train so many steps before the next agreement. The least of all holds.
    pub(super) steps: u64,
}

impl RankRequest {
    const BYTES: usize = 9;

    /// The bytes that other ranks receive.
    pub(super) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [u8::from(self.stop) | u8::from(self.save) << 1; Self::BYTES];
        bytes[1..].copy_from_slice(&self.steps.to_le_bytes());
        bytes
    }

    /// What all do, from the bytes that the other ranks have sent.
    pub(super) fn agreed(self, others: &[(usize, Vec<u8>)]) -> Result<Self, TrainerError> {
        others.iter().try_fold(self, |agreed, (rank, bytes)| {
            let other = Self::from_bytes(bytes);
            let other =
                other.ok_or_else(|| TrainerError::Team(format!("rank {rank} does something else")))?;
            Ok(agreed.and(other))
        })
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [flags, steps @ ..]: [u8; Self::BYTES] = bytes.try_into().ok()?;
        let steps = u64::from_le_bytes(steps);
        (flags < 4).then_some(Self { stop: flags & 1 != 0, save: flags & 2 != 0, steps })
    }

    fn and(self, other: Self) -> Self {
        Self {
            stop: self.stop || other.stop,
            save: self.save || other.save,
            steps: self.steps.min(other.steps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ranks_come_to_the_same_agreement() {
        let requests = [(false, true, 7), (false, false, 1 << 40), (true, false, 9)];
        let requests = requests.map(|(stop, save, steps)| RankRequest { stop, save, steps });
        for own in 0..3 {
            let others = (0..3).filter(|&other| other != own);
            let others: Vec<_> = others.map(|other| (other, requests[other].to_bytes().to_vec())).collect();
            assert_eq!(requests[own].agreed(&others), Ok(RankRequest { stop: true, save: true, steps: 7 }));
        }
    }

    #[test]
    fn bytes_that_are_no_wishes_are_refused() {
        let request = RankRequest { stop: false, save: false, steps: 1 };
        for bytes in [vec![], vec![0; 8], vec![0; 10], vec![4; 9]] {
            let said = request.agreed(&[(2, bytes)]).unwrap_err().to_string();
            assert_eq!(said, "the workers can't go on together: rank 2 does something else");
        }
    }
}
