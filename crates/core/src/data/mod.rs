//! Data sets: their descriptions, their files, and images at rest.

mod dataset_id; // the data sets that the project serves
mod dataset_spec;
pub(crate) mod fashion_mnist;
pub mod idx;
mod image_shape;
mod images;
pub mod manifest;
pub mod mnist;
mod own_set;
mod recipe;
pub mod shard;
mod split;

pub use dataset_id::{DatasetId, Words};
pub use dataset_spec::DatasetSpec;
pub use image_shape::ImageShape;
pub use images::{Images, PartialImage};
pub use own_set::OwnSet;
pub use recipe::{Fit, Recipe, RecipeError};
pub use split::Split;
