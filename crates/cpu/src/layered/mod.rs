//! Training and inference of every model: convolutions and their transposes, dense layers, dropout, variational codes, corrupted
//! images.
//!
//! Read `product` first (tiles whose left operand is read where it lies), then `geometry` and `convolution` (the three products
//! of a convolution), `plan` (the lowered list and where its weights lie), `forward` and `backward`, and `training`, the step.
//!
//! Values lie as in Keras, image by image, a feature map row by row with its channels innermost. A few images at a time go all
//! the way forward and back, so that their values stay in a cache and the memory of a step is bounded.
//!
//! A batch is cut into shards of consecutive positions (`shards`), whose gradients are added in a fixed tree. So results are
//! bit-identical for any number of threads, and of workers that share a step.

mod backward;
mod code; // variational codes
mod convolution;
mod forward;
mod geometry;
mod inference;
mod input_gradients;
mod layer_plan;
mod layered_network;
mod layered_team; // workers that share a step
mod layered_trainer;
mod network; // weights
mod packing; // between rows and panels
mod parameter_gradients;
mod pass; // the buffers of a thread
mod plan;
mod product;
mod reconstruction; // the loss
mod shard;
mod shards;
mod train;
mod training;
mod workspace;

pub use self::{layered_network::LayeredNetwork, layered_trainer::LayeredTrainer};
