//! `headless pack`: from IDX files to the shards that the page streams.

use crate::{
    Failure,
    arguments::Set,
    dataset::Folder,
    files::{at, print},
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use latent_core::data::{
    DatasetId, idx,
    manifest::Manifest,
    shard::{self, IMAGES_IN_FIRST_SHARD, IMAGES_PER_SHARD, Shard},
};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

/// What to pack, and where to.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images… and t10k-labels…
    from: PathBuf,
    /// The folder to write to.
    to: PathBuf,
    #[arg(long, value_name = "NAME", default_value = DatasetId::default().name(), value_parser = dataset, help = format!("The data set: {}", DatasetId::NAMES))]
    data: DatasetId,
}

fn dataset(name: &str) -> Result<DatasetId, String> {
    DatasetId::from_name(name).ok_or_else(|| format!("the data sets are {}", DatasetId::NAMES))
}

/// Packs the four files in `from` into `to`.
pub(crate) fn pack_dataset(options: &Options) -> Result<(), Failure> {
    let Options { from, to, data } = options;
    let dataset = data.spec();
    let images = |file| read_idx(from, file, |bytes| idx::images(bytes, dataset.shape));
    let labels = |file| read_idx(from, file, idx::labels);
    let (train_images, train_labels) =
        (images("train-images-idx3-ubyte")?, labels("train-labels-idx1-ubyte")?);
    let (test_images, test_labels) = (images("t10k-images-idx3-ubyte")?, labels("t10k-labels-idx1-ubyte")?);
    let (values, classes) = (dataset.shape.values(), dataset.classes.len());
    check_labels(Set::Train, train_images.len() / values, &train_labels, classes)?;
    check_labels(Set::Test, test_images.len() / values, &test_labels, classes)?;
    at(to, fs::create_dir_all(to))?;
    // What else lies there stays.
    let before = Folder::open(to).ok().map(|folder| folder.manifest);
    let (pretrained, pretrained_encoder) =
        before.map_or((None, None), |manifest| (manifest.pretrained, manifest.pretrained_encoder));
    let manifest = Manifest {
        train_images: pack_images(to, "train-images", &train_images, values, IMAGES_IN_FIRST_SHARD)?,
        test_images: pack_images(to, "test-images", &test_images, values, IMAGES_PER_SHARD)?,
        train_labels: pack(to, "train-labels.gz".into(), &train_labels, train_labels.len())?,
        test_labels: pack(to, "test-labels.gz".into(), &test_labels, test_labels.len())?,
        pretrained,
        pretrained_encoder,
        dataset,
    };
    write_manifest(to, &manifest)?;
    let images = [&manifest.train_images, &manifest.test_images].map(|shards| shards.len());
    print(format!("{} training and {} test shards in {}", images[0], images[1], to.display()))
}

/// Writes the manifest of a folder.
pub(crate) fn write_manifest(to: &Path, manifest: &Manifest) -> Result<(), Failure> {
    let path = to.join(Manifest::FILE);
    at(&path, fs::write(&path, manifest.to_string()))
}

/// The payload of an IDX file. It may be gzipped, whatever its name says, and have a dot before `idx`.
fn read_idx(
    folder: &Path,
    name: &'static str,
    parse: impl Fn(&[u8]) -> Result<&[u8], idx::IdxError>,
) -> Result<Vec<u8>, Failure> {
    let dotted = name.replace("-idx", ".idx");
    let names = [name, &dotted].into_iter().flat_map(|name| [name.to_owned(), format!("{name}.gz")]);
    let found = names.map(|name| folder.join(name)).find(|path| path.exists());
    let path = found.unwrap_or_else(|| folder.join(name));
    let mut file = at(&path, fs::read(&path))?;
    if file.starts_with(&GZIP) {
        let mut inflated = Vec::new();
        at(&path, GzDecoder::new(&file[..]).read_to_end(&mut inflated))?;
        file = inflated;
    }
    parse(&file).map(<[u8]>::to_vec).map_err(|error| Failure::Idx { file: name, error })
}

/// The bytes with which gzip files begin.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Whether the labels belong to so many images, and each is that of a class.
fn check_labels(set: Set, images: usize, labels: &[u8], classes: usize) -> Result<(), Failure> {
    if labels.len() != images {
        return Err(Failure::Unlabelled { set: set.name(), images, labels: labels.len() });
    }
    match labels.iter().find(|&&label| usize::from(label) >= classes) {
        Some(&label) => Err(Failure::UnknownLabel { set: set.name(), label, classes }),
        None => Ok(()),
    }
}

/// Packs images of so many `values` each, of which the `first` ones are in a file of their own.
fn pack_images(
    to: &Path,
    name: &str,
    pixels: &[u8],
    values: usize,
    first: usize,
) -> Result<Vec<Shard>, Failure> {
    shard::cut(pixels, values, first)
        .enumerate()
        .map(|(number, pixels)| pack(to, format!("{name}-{number:03}.gz"), pixels, pixels.len() / values))
        .collect()
}

/// Packs a file into a folder.
pub(crate) fn pack(to: &Path, file: String, bytes: &[u8], count: usize) -> Result<Shard, Failure> {
    let path = to.join(&file);
    // The header holds neither name nor time, so the same images make the same file.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let packed = at(&path, encoder.write_all(bytes).and_then(|()| encoder.finish()))?;
    at(&path, fs::write(&path, &packed))?;
    Ok(Shard::new(file, count, bytes, packed.len()))
}
