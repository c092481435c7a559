//! Reads the data set from its shards on disk, the same files that the page loads.

use crate::{
    Failure,
    arguments::{Data, Set},
    files::{at, tell},
};
use flate2::read::GzDecoder;
use latent_core::{
    data::{DatasetId, Images, manifest::Manifest, shard::Shard},
    model::ModelSpec,
    settings::Settings,
    training::run::Dataset,
};
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

/// A folder of shards, or a ZIP file of one.
pub(crate) struct Folder {
    path: PathBuf,
    /// Whether it is a file.
    is_zip: bool,
    /// The description of the data set and the list of its files.
    pub(crate) manifest: Manifest,
}

impl Folder {
    /// Reads the manifest of the shards in `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let is_zip = path.is_file();
        let manifest = Manifest::parse(&read_within(path, is_zip, Manifest::FILE, Manifest::MOST_BYTES)?)?;
        Ok(Self { path: path.into(), is_zip, manifest })
    }

    /// The same, whose images this model can read.
    pub(crate) fn open_for(path: &Path, model: &ModelSpec) -> Result<Self, Failure> {
        let folder = Self::open(path)?;
        let dataset = folder.manifest.dataset.shape;
        match model.input == dataset {
            true => Ok(folder),
            false => Err(Failure::OtherImages { model: model.input, dataset }),
        }
    }

    /// The data set that is asked for, else the model's own, for a trained model. Says so if it is another one.
    pub(crate) fn open_for_trained(data: &Data, trained: &Settings) -> Result<Self, Failure> {
        let folder = Self::open_for(&data.folder(trained.data)?, &trained.model)?;
        let dataset = &folder.manifest.dataset;
        let title = &dataset.title;
        if DatasetId::of(dataset) != Some(trained.data) {
            tell(format!(
                "note: the model was trained on {}, and these images are {title}'s",
                trained.data.title()
            ));
        }
        Ok(folder)
    }

    /// The first images of a set: so many, or all. Only the shards that hold them are read, and verified.
    pub(crate) fn images(&self, set: Set, count: Option<usize>) -> Result<Images, Failure> {
        let shards = match set {
            Set::Test => &self.manifest.test_images,
            Set::Train => &self.manifest.train_images,
        };
        let found = shards.iter().map(|shard| shard.count).sum();
        let asked = count.unwrap_or(found);
        if asked > found {
            return Err(Failure::TooFewImages { set: set.name(), found, asked });
        }
        let shape = self.manifest.dataset.shape;
        let mut images = Images::new(shape);
        images.reserve(asked);
        for shard in shards {
            let left = asked - images.len();
            if left == 0 {
                break;
            }
            let pixels = self.inflate(shard)?;
            images.append(&pixels[..pixels.len().min(left * shape.values())])?;
        }
        Ok(images)
    }

    /// The labels of a set.
    pub(crate) fn labels(&self, set: Set) -> Result<Vec<u8>, Failure> {
        self.inflate(match set {
            Set::Test => &self.manifest.test_labels,
            Set::Train => &self.manifest.train_labels,
        })
    }

    /// What a run on the first `training_images` needs.
    pub(crate) fn dataset(&self, training_images: usize) -> Result<Dataset, Failure> {
        let training = self.images(Set::Train, Some(training_images))?;
        let test = self.images(Set::Test, None)?;
        Ok(Dataset { training, test_images: test.len(), test })
    }

    fn inflate(&self, shard: &Shard) -> Result<Vec<u8>, Failure> {
        let file = read_within(&self.path, self.is_zip, &shard.file, shard.bytes_gzip)?;
        let mut bytes = Vec::with_capacity(shard.bytes);
        // One byte beyond the announced length is enough to refuse the file.
        let read = GzDecoder::new(&file[..]).take(shard.bytes as u64 + 1).read_to_end(&mut bytes);
        at(&self.path.join(&shard.file), read)?;
        shard.verify(&bytes)?;
        Ok(bytes)
    }
}

/// A file of a folder, or of a ZIP file, whose length is at most `most` bytes.
fn read_within(path: &Path, is_zip: bool, name: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    if !is_zip {
        let path = path.join(name);
        let file = at(&path, fs::File::open(&path))?;
        at(&path, file.take(most as u64 + 1).read_to_end(&mut bytes))?;
        return Ok(bytes);
    }
    let wrong = |why: String| Failure::SetFile { path: path.into(), why };
    let mut archive =
        zip::ZipArchive::new(at(path, fs::File::open(path))?).map_err(|error| wrong(error.to_string()))?;
    let entry = archive.by_name(name).map_err(|error| wrong(format!("{name}: {error}")))?;
    entry.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| wrong(format!("{name}: {error}")))?;
    Ok(bytes)
}
