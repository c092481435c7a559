//! A network of any depth divided among workers: passes by images, updates by panels of the weights.
//!
//! First exchanged are the layers' inputs and gradients for the own images, which the gradients of all weights need: each is a
//! sum over all images in their order, whoever passed them. Then the updated weights. Either is megabytes, so this pays only
//! where they travel fast.

use super::{
    data_parallel::DataParallel,
    shard::Shard,
    team_worker::{Payload, TeamWorker, WrongLength, copy_to},
};
use crate::{simd::Simd, thread_pool::ThreadPool};
use latent_core::{data::Images, noise::NoiseError, team::Rank, training::Losses};

impl<F: Simd, const WIDE: usize> TeamWorker for DataParallel<F, WIDE> {
    fn take_rank(&mut self, rank: Rank) {
        self.rank = rank;
        self.shards.others.resize_with(rank.of, Shard::default);
    }

    fn begin(
        &mut self,
        pool: &mut ThreadPool,
        images: &Images,
        batch: &[u32],
        learning_rate: f32,
    ) -> Result<(), NoiseError> {
        self.pass_images(pool, images, batch, learning_rate);
        for index in (0..self.rank.of).filter(|&index| index != self.rank.index) {
            let batch = &batch[self.images_of(Rank { index, ..self.rank })];
            self.shards.others[index].gather::<F>(&self.state.network.shape, images, batch);
        }
        Ok(())
    }

    fn while_first(&mut self, _: &Images, _: Option<&[u32]>) {}

    fn go_on(&mut self, pool: &mut ThreadPool) {
        self.update(pool);
    }

    fn while_second(&mut self, _: &mut ThreadPool) {}

    fn end(&mut self, _: &mut ThreadPool) -> Losses {
        self.losses()
    }

    fn read(&mut self, payload: Payload) -> Vec<u8> {
        match payload {
            Payload::First => Shard::read::<F>(self.shards.own(), &self.state.network.shape),
            Payload::Second | Payload::Weights => self.state.pieces_of(self.rank, 1).concat(),
            Payload::Progress => self.state.pieces_of(self.rank, 3).concat(),
        }
    }

    fn write(&mut self, from: Rank, payload: Payload, bytes: &[u8]) -> Result<(), WrongLength> {
        let shape = &self.state.network.shape;
        let pieces = match payload {
            Payload::First => self.shards.others[from.index].pieces::<F>(shape),
            Payload::Second | Payload::Weights => self.state.pieces_of(from, 1),
            Payload::Progress => self.state.pieces_of(from, 3),
        };
        copy_to(pieces, bytes)
    }
}
