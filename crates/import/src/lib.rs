//! A person's own images, from the files that they have to a set of images of one shape.
//!
//! [`survey`] says what files hold, and [`import`] reads them by a [`Recipe`]. Both take the files one by one, so that no more
//! than one of them is in memory. Results are the same bits on every machine: decoders and scaling use no instructions of a
//! platform, and no canvas.
//!
//! Every file is untrusted. What cannot be read is skipped, with the reason; what is too large is refused before memory is taken
//! for it ([`limits`]). Paths of archives serve as names alone.

mod array;
mod array_pairs;
mod cifar;
mod file_kind;
mod fit;
mod gather;
mod idx;
mod image_set;
mod import;
pub mod limits;
mod npy;
mod one_picture;
mod path_place;
mod picture;
mod raster;
mod set_file;
mod sheet;
mod survey;
mod table;
mod walk;

pub use image_set::{ImageSet, Part};
pub use import::{ImportError, Imported, import};
pub use latent_core::data::{Fit, Recipe, RecipeError};
pub use one_picture::{OnePicture, OnePictureError};
pub use set_file::{OpenSetError, SetFile, SetFileError, open_set};
pub use sheet::SamplePicture;
pub use survey::{Survey, survey};
pub use walk::{InputFile, ReadSeek, Skipped, WalkError};
