//! A set of images as one file: a ZIP file of shards and their manifest, the same as the data sets that the project serves.
//! The same set makes the same bytes.

use crate::{
    image_set::{ImageSet, Part},
    limits,
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use latent_core::data::{
    DatasetId, DatasetSpec, OwnSet,
    manifest::Manifest,
    shard::{self, IMAGES_IN_FIRST_SHARD, IMAGES_PER_SHARD, Shard, ShardError},
};
use std::{
    io::{Cursor, Read, Seek, Write},
    ops::Range,
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// The file could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the set's file could not be made: {0}")]
pub struct SetFileError(#[from] ZipError);

/// A set as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetFile {
    /// The ZIP file.
    pub bytes: Vec<u8>,
    /// The files in it, in order: the name of each, and where its bytes lie, which are not compressed again.
    pub files: Vec<(String, Range<usize>)>,
}

/// Why a file holds no set.
#[derive(Debug, thiserror::Error)]
pub enum OpenSetError {
    /// The archive is damaged, or a file is missing in it.
    #[error("the set's file is damaged: {0}")]
    Archive(#[from] ZipError),
    /// A file in it is not what the manifest says.
    #[error("the set's file is damaged: {0}")]
    Shard(#[from] ShardError),
    /// It is larger than a set may be.
    #[error("the set has more than {} MB of pixels", limits::MOST_PIXEL_BYTES / 1_000_000)]
    TooLarge,
    /// Its name is not that of these images.
    #[error("the set's file is damaged: its images are not those that it names")]
    Identity,
}

/// Opens a set's file, and checks that every image is what the file says. None if it is another kind of file.
///
/// # Errors
/// When it is a set's file that is damaged or too large.
pub fn open_set(mut file: impl Read + Seek) -> Result<Option<ImageSet>, OpenSetError> {
    // Otherwise all of a large file that is no archive would be searched for the end of one.
    let mut start = [0; 2];
    if file.read_exact(&mut start).is_err() || start != *b"PK" || file.rewind().is_err() {
        return Ok(None);
    }
    let Ok(mut archive) = ZipArchive::new(file) else { return Ok(None) };
    let mut text = Vec::new();
    match archive.by_name(Manifest::FILE) {
        Ok(entry) => {
            entry.take(Manifest::MOST_BYTES as u64).read_to_end(&mut text).map_err(ZipError::from)?
        }
        Err(_) => return Ok(None),
    };
    let manifest = Manifest::parse(&text)?;
    let Some(named) = OwnSet::of(&manifest.dataset) else { return Ok(None) };
    let images = named.training_images.saturating_add(named.test_images);
    if images.saturating_mul(named.shape.values()) > limits::MOST_PIXEL_BYTES {
        return Err(OpenSetError::TooLarge);
    }
    let mut part = |images: &[Shard], labels: &Shard| -> Result<Part, OpenSetError> {
        let pixels =
            images.iter().map(|shard| inflated(&mut archive, shard)).collect::<Result<Vec<_>, _>>()?;
        Ok(Part { pixels: pixels.concat(), labels: inflated(&mut archive, labels)? })
    };
    let training = part(&manifest.train_images, &manifest.train_labels)?;
    let test = part(&manifest.test_images, &manifest.test_labels)?;
    let set = ImageSet { shape: named.shape, classes: manifest.dataset.classes, training, test };
    match set.own_set() == named && set.has_sound_labels() {
        true => Ok(Some(set)),
        false => Err(OpenSetError::Identity),
    }
}

/// The bytes of a shard, which are those that its manifest promises.
fn inflated(archive: &mut ZipArchive<impl Read + Seek>, shard: &Shard) -> Result<Vec<u8>, OpenSetError> {
    let packed = archive.by_name(&shard.file)?.take(shard.bytes_gzip as u64 + 1);
    let mut bytes = Vec::new();
    // One byte beyond the announced length is enough to refuse the file.
    let read = GzDecoder::new(packed).take(shard.bytes as u64 + 1).read_to_end(&mut bytes);
    read.map_err(ZipError::from)?;
    shard.verify(&bytes)?;
    Ok(bytes)
}

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
    pub fn to_file(&self) -> Result<SetFile, SetFileError> {
        let mut archive = Archive { zip: ZipWriter::new(Cursor::new(Vec::new())), files: Vec::new() };
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
            pretrained_encoder: None,
            dataset,
        };
        archive.add(Manifest::FILE, manifest.to_string().as_bytes())?;
        Ok(SetFile { files: archive.files, bytes: archive.zip.finish()?.into_inner() })
    }
}

struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    files: Vec<(String, Range<usize>)>,
}

impl Archive {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), SetFileError> {
        // Shards are compressed already.
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(name, stored)?;
        let start = self.zip.get_ref().map_or(0, |written| written.position()) as usize;
        self.zip.write_all(bytes).map_err(ZipError::from)?;
        self.files.push((name.to_owned(), start..start + bytes.len()));
        Ok(())
    }

    fn add_shard(&mut self, name: &str, bytes: &[u8], count: usize) -> Result<Shard, SetFileError> {
        // The header holds neither name nor time.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let packed = encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(ZipError::from)?;
        self.add(name, &packed)?;
        Ok(Shard::new(name.to_owned(), count, bytes, packed.len()))
    }

    /// Images of so many `values` each, of which the `first` ones are a shard of their own.
    fn add_images(
        &mut self,
        name: &str,
        part: &Part,
        values: usize,
        first: usize,
    ) -> Result<Vec<Shard>, SetFileError> {
        shard::cut(&part.pixels, values, first)
            .enumerate()
            .map(|(number, pixels)| {
                self.add_shard(&format!("{name}-{number:03}.gz"), pixels, pixels.len() / values)
            })
            .collect()
    }
}
