//! The latent plane: the images plotted on it, its visible range, and the projection of codes onto it.

mod cloud;
mod manifold;
mod projection;
mod range;

pub use cloud::{Cloud, Plotted, are_numbers};
pub use manifold::Grid;
pub use projection::{Axes, Projection};
pub use range::Range;
