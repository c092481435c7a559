//! MNIST: from files to images at rest, and the order in which a run goes through them.

pub mod idx;
mod images;
mod order;
pub mod shard;
mod split;

pub use images::{Images, PartialImage};
pub use order::epoch_order;
pub use split::Split;
