//! The data set from its shards on disk, as the page would have it from the network.

use crate::{Failure, pack::at};
use flate2::read::GzDecoder;
use latent_playground::{
    data::{
        Images,
        shard::{Manifest, Shard},
    },
    training::run::Dataset,
};
use std::{fs, io::Read, path::Path};

/// Reads and verifies every shard in `folder`.
pub(crate) fn read(folder: &Path) -> Result<Dataset, Failure> {
    let path = folder.join("manifest.json");
    let manifest = Manifest::parse(&at(&path, fs::read(&path))?)?;
    let images = |shards: &[Shard]| {
        let mut images = Images::default();
        shards.iter().try_for_each(|shard| inflate(folder, shard).map(|pixels| images.append(&pixels)))?;
        Ok::<_, Failure>(images)
    };
    let test = images(&manifest.test_images)?;
    Ok(Dataset { training: images(&manifest.train_images)?, test_images: test.len(), test })
}

fn inflate(folder: &Path, shard: &Shard) -> Result<Vec<u8>, Failure> {
    let path = folder.join(&shard.file);
    let file = at(&path, fs::File::open(&path))?;
    let mut pixels = Vec::with_capacity(shard.bytes);
    // One byte more than announced is enough to know.
    at(&path, GzDecoder::new(file).take(shard.bytes as u64 + 1).read_to_end(&mut pixels))?;
    shard.verify(&pixels)?;
    Ok(pixels)
}
