//! Training and inference of dense autoencoders on the CPU, in SIMD.
//!
//! Read `tile` first (matrices in panels, and the two products that all dense layers are made of), then `network` (the
//! forward pass), then `training` (the backward pass, and Adam). `activation` and `objective` are the activations and losses.
//! Two modules make large layers cheap: `sparse`, because the first layer reads only pixels that are not black, and `linear`,
//! because images with similar codes (`spatial_order`) share most of the decoder's products. `thread_pool` divides loops among
//! threads, and `simd` defines the vectors. Workers that train one network together (`latent_core::team`) divide the columns of
//! the two large layers (`dense_team`), or the batch (`layered/layered_team`), with the same bits for any number of them.

#![expect(
    clippy::needless_range_loop,
    reason = "loops over a tile's rows and vectors read as the sums they are"
)]

mod activation;
mod adam;
mod corrupted_images;
mod cpu_network;
mod cpu_trainer;
mod dense_network;
mod dense_team;
mod dense_trainer;
mod deviates;
mod inference;
mod instructions;
mod layered;
mod linear;
mod network;
mod objective;
mod panels;
#[cfg(test)]
mod rank_trainer_tests;
mod simd;
mod sparse;
mod spatial_order;
mod tensors;
#[cfg_attr(target_family = "wasm", path = "single_thread.rs")]
mod thread_pool;
mod tile;
mod training;
mod variational;
mod variational_code;

pub use self::{
    cpu_network::{CpuNetwork, Inference},
    cpu_trainer::{CpuTrainer, default_threads},
    dense_network::{ColumnParallelNetwork, DenseNetwork},
    dense_team::MAX_WORKERS,
    dense_trainer::{ColumnParallelTrainer, DenseTrainer},
    instructions::Instructions,
    layered::{LayeredNetwork, LayeredTrainer},
};
