//! The latent plane: the images plotted on it, its visible range, the projection of codes onto it, and what their neighbourhoods
//! say.

mod cloud;
mod code_tree;
mod confusion;
mod contours;
mod density;
pub mod errors;
mod manifold;
mod path;
mod projection;
mod range;

pub use cloud::{Cloud, Plotted, are_numbers};
pub use code_tree::CodeTree;
pub use confusion::{Confusion, NEIGHBOURS, NO_CLASS, Outcome, votes};
pub use contours::{Contour, LEVELS, contours};
pub use manifold::Grid;
pub use path::{FRAMES_AN_IMAGE, IN_ROW, MOST_ANCHORS, Path, anchor_letter};
pub use projection::{Axes, Projection};
pub use range::Range;
