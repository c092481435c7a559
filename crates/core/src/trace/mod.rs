//! What people look at inside a network: what each layer makes of an image, and the layers’ weights, as small pictures.

mod forward;
mod rows;
mod tiles;
mod weighed;
mod weight_tiles;

pub use forward::forward;
pub use rows::rows;
pub use tiles::Tiles;
pub use weighed::{Weighed, weighed};
pub use weight_tiles::weight_tiles;
