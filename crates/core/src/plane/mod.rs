//! The latent plane: the digits on it, which part of it is in sight, and how codes lie on it.

mod cloud;
mod manifold;
mod projection;
mod range;

pub use cloud::{Cloud, Plotted};
pub use manifold::Grid;
pub use projection::{Axes, Projection};
pub use range::Range;
