//! A set of images as one file: a ZIP file of shards and their manifest, the same as the data sets that the project serves.
//! The same set makes the same bytes.

use crate::image_set::{ImageSet, Part};
use flate2::{Compression, write::GzEncoder};
use latent_core::data::{
    DatasetId, DatasetSpec, OwnSet,
    manifest::Manifest,
    shard::{IMAGES_IN_FIRST_SHARD, IMAGES_PER_SHARD, Shard},
};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The file could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the set's file could not be made: {0}")]
pub struct SetFileError(#[from] zip::result::ZipError);

impl ImageSet {
    /// What links, files and messages say of the set.
    pub fn own_set(&self) -> OwnSet {
        OwnSet {
            sha256: self.hash(),
            shape: self.shape,
            training_images: self.training.len(),
            test_images: self.test.len(),
        }
    }

    /// The set as a file.
    ///
    /// # Errors
    /// When the file could not be made, which memory alone can prevent.
    pub fn to_file(&self) -> Result<Vec<u8>, SetFileError> {
        let mut archive = Archive(ZipWriter::new(Cursor::new(Vec::new())));
        let dataset = DatasetSpec { classes: self.classes.clone(), ..DatasetId::Own(self.own_set()).spec() };
        let manifest = Manifest {
            train_images: archive.add_images(
                "train-images",
                &self.training,
                self.shape.values(),
                IMAGES_IN_FIRST_SHARD,
            )?,
            test_images: archive.add_images(
                "test-images",
                &self.test,
                self.shape.values(),
                IMAGES_PER_SHARD,
            )?,
            train_labels: archive.add_shard("train-labels.gz", &self.training.labels, self.training.len())?,
            test_labels: archive.add_shard("test-labels.gz", &self.test.labels, self.test.len())?,
            pretrained: None,
            dataset,
        };
        archive.add("manifest.txt", manifest.to_string().as_bytes())?;
        Ok(archive.0.finish()?.into_inner())
    }
}

struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Archive {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), SetFileError> {
        // Shards are compressed already.
        self.0
            .start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        self.0.write_all(bytes).map_err(zip::result::ZipError::from)?;
        Ok(())
    }

    fn add_shard(&mut self, name: &str, bytes: &[u8], count: usize) -> Result<Shard, SetFileError> {
        // The header holds neither name nor time.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let packed =
            encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(zip::result::ZipError::from)?;
        self.add(name, &packed)?;
        Ok(Shard::new(name.to_owned(), count, bytes, packed.len()))
    }

    /// Images of so many `values` each: a thousand in a shard, and of the first thousand `first` in one of their own.
    fn add_images(
        &mut self,
        name: &str,
        part: &Part,
        values: usize,
        first: usize,
    ) -> Result<Vec<Shard>, SetFileError> {
        let (start, rest) = part.pixels.split_at(part.pixels.len().min(first * values));
        let (second, rest) = rest.split_at(rest.len().min((IMAGES_PER_SHARD - first) * values));
        let pieces = [start, second].into_iter().chain(rest.chunks(IMAGES_PER_SHARD * values));
        let pieces = pieces.filter(|pixels| !pixels.is_empty()).enumerate();
        pieces
            .map(|(number, pixels)| {
                self.add_shard(&format!("{name}-{number:03}.gz"), pixels, pixels.len() / values)
            })
            .collect()
    }
}
