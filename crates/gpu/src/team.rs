//! Ranks that train one network together, each on a GPU: every rank computes the gradient of some images of each batch.
//!
//! Once a step they exchange these gradients and the sums of the losses. All add them in the order of the ranks, and update their
//! weights alike. So results are those of one rank but for rounding.

use super::{
    Passes,
    chunk::{Chunk, Results, Update, positions_of},
    layout::{BLOCK, ROWS},
    network::Network,
    passes::training_chunk,
};
use latent_core::{
    data::Images,
    team::{BatchAndNext, Communicator, Rank, TeamTrainer},
    training::{Losses, TrainerError, adam::adam_rate},
};

/// What a rank has computed of a step.
struct Share {
    /// The values' losses and the divergences, summed over the rank's images.
    totals: [f64; 2],
    /// In the device's layout of the weights.
    gradient: Vec<f32>,
}

impl Share {
    const BYTES_OF_TOTALS: usize = size_of::<[f64; 2]>();

    fn zeros(numbers: usize) -> Self {
        Self { totals: [0.0; 2], gradient: vec![0.0; numbers] }
    }

    fn to_bytes(&self) -> Vec<u8> {
        [bytemuck::cast_slice(&self.totals), bytemuck::cast_slice(&self.gradient)].concat()
    }

    /// The share that another rank has sent. None if it is one of another network.
    fn from_bytes(bytes: &[u8], numbers: usize) -> Option<Self> {
        let (totals, gradient) = bytes.split_at_checked(Self::BYTES_OF_TOTALS)?;
        let gradient: Vec<_> = bytemuck::pod_collect_to_vec(gradient.get(..size_of::<f32>() * numbers)?);
        let is_whole = bytes.len() == Self::BYTES_OF_TOTALS + size_of::<f32>() * numbers;
        is_whole.then(|| Self { totals: bytemuck::pod_read_unaligned(totals), gradient })
    }

    fn add(&mut self, other: &Self) {
        self.totals.iter_mut().zip(other.totals).for_each(|(sum, value)| *sum += value);
        self.gradient.iter_mut().zip(&other.gradient).for_each(|(sum, value)| *sum += value);
    }
}

impl Passes {
    /// This rank's share of a step.
    async fn share(&mut self, rank: Rank, images: &Images, batch: &[u32]) -> Result<Share, TrainerError> {
        let numbers = BLOCK * self.network().weights();
        if positions_of(rank, batch.len()).is_empty() {
            return Ok(Share::zeros(numbers));
        }
        let update = Update { steps: self.steps, ..self.update() };
        let batches = [batch];
        let chunk = training_chunk(images, &batches, update, &self.noise);
        let values = self.runner.run(Chunk { rank, results: Results::Gradients, ..chunk }).await?;
        let (sums, parts) = values.split_at(values.len() - BLOCK * self.network().gradients());
        let gradient = match self.network() {
            Network::General(layout) => layout.sum_of_parts(parts),
            Network::Dense(_) => return Err(stores_none()),
        };
        Ok(Share { totals: self.totals(sums), gradient })
    }

    async fn update_with(
        &mut self,
        images: &Images,
        gradient: &[f32],
        learning_rate: f32,
    ) -> Result<(), TrainerError> {
        let gradients = match self.network() {
            Network::General(layout) => layout.as_first_parts(gradient),
            Network::Dense(_) => return Err(stores_none()),
        };
        self.steps += 1;
        self.runner.update(images, &gradients, adam_rate(learning_rate, self.steps)).await
    }
}

fn stores_none() -> TrainerError {
    TrainerError::Team("the kernels of dense networks store no gradients".into())
}

impl TeamTrainer for Passes {
    /// As many as the batch has eights of images.
    fn most_workers(&mut self, images: usize) -> usize {
        match self.network() {
            Network::General(_) => images.div_ceil(ROWS),
            Network::Dense(_) => 1,
        }
    }

    fn take_rank(&mut self, rank: Rank) -> Result<(), TrainerError> {
        match self.network() {
            Network::Dense(_) if rank != Rank::SINGLE => Err(stores_none()),
            _ => Ok(()),
        }
    }

    async fn step_with(
        &mut self,
        rank: Rank,
        communicator: &mut impl Communicator,
        images: &Images,
        (batch, _): BatchAndNext<'_>,
        learning_rate: f32,
    ) -> Result<Losses, TrainerError> {
        let own = self.share(rank, images, batch).await?;
        communicator.send(&own.to_bytes());
        let numbers = own.gradient.len();
        let mut shares = vec![(rank.index, own)];
        for (from, bytes) in communicator.recv().await? {
            let share = Share::from_bytes(&bytes, numbers);
            let share =
                share.ok_or_else(|| TrainerError::Team(format!("rank {from} trains another network")))?;
            shares.push((from, share));
        }
        shares.sort_by_key(|(index, _)| *index);
        let mut sum = Share::zeros(numbers);
        shares.iter().for_each(|(_, share)| sum.add(share));
        self.update_with(images, &sum.gradient, learning_rate).await?;
        Ok(self.losses_of(sum.totals, batch.len()))
    }
}
