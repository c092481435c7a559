//! A person's own drawing as an image of a data set: strokes on a pad, or a picture, placed in the image as those of the data set
//! are.

mod picture;
mod placement;
mod strokes;

pub use picture::Picture;
pub use placement::{Centre, Placement};
pub use strokes::{PEN, Stroke, draw};

#[cfg(test)]
mod tests;
