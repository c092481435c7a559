//! What an import may take. All of it is checked before memory is taken.

use latent_core::data::OwnSet;

/// Bytes of all pixels of a set.
pub const MOST_PIXEL_BYTES: usize = OwnSet::MOST_PIXEL_BYTES;
/// Pixels of a picture before it is scaled.
pub const MOST_PICTURE_PIXELS: u64 = 100_000_000;
/// Bytes of a picture, table or array file, expanded.
pub const MOST_FILE_BYTES: u64 = 512_000_000;
/// Bytes that an archive may expand to.
pub const MOST_ARCHIVE_BYTES: u64 = 4_000_000_000;
/// Files, those in archives included.
pub const MOST_FILES: usize = 300_000;
/// Classes of a set.
pub const MOST_CLASSES: usize = OwnSet::MOST_CLASSES;
/// Skipped files that are listed by name.
pub const MOST_LISTED: usize = 200;
