//! The manifest of a data set: `manifest.txt`, which describes the data set and lists its files.
//!
//! | line | |
//! |---|---|
//! | `latent playground's data set, form 3` | first |
//! | `name mnist`, `title MNIST`, `shape 28x28x1`, `licence …` | once each; a shape is height, width and channels |
//! | `class …` | once for each class, in the order of the labels |
//! | `train-images`, `test-images`, `train-labels`, `test-labels`, `pretrained`, `pretrained-encoder` | once for each file, followed by its name, its count, its bytes packed and inflated, and its SHA-256 |
//!
//! The text is no JSON, since a reader for that would be a tenth of an engine.

use super::{
    DatasetSpec, ImageShape, OwnSet,
    shard::{Shard, ShardError},
};
use std::fmt::{self, Display};

/// The first line, which tells the form.
const FORM: &str = "latent playground's data set, form 3";
/// Kinds of files.
const KINDS: [&str; 6] =
    ["train-images", "test-images", "train-labels", "test-labels", "pretrained", "pretrained-encoder"];
/// More images or labels than this are in no shard. All labels of a set are in one.
const MOST_IN_A_SHARD: usize = OwnSet::MOST_IMAGES;
/// Bytes of a shard at most, inflated.
const MOST_SHARD_BYTES: usize = 100_000_000;
/// Bytes of the pretrained decoder, and of its encoder, at most, inflated.
const MOST_PRETRAINED_BYTES: usize = 1_000_000;

/// A data set and the files that it consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What the data set is. Its counts are those of the shards.
    pub dataset: DatasetSpec,
    /// Shards of the training images, in order.
    pub train_images: Vec<Shard>,
    /// Shards of the test images, in order.
    pub test_images: Vec<Shard>,
    /// The labels of the training images.
    pub train_labels: Shard,
    /// The labels of the test images.
    pub test_labels: Shard,
    /// The decoder that the page shows before anything is trained, and the codes of so many test images.
    pub pretrained: Option<Shard>,
    /// The encoder that belongs to it.
    pub pretrained_encoder: Option<Shard>,
}

impl Manifest {
    /// The file's name, beside the shards.
    pub const FILE: &str = "manifest.txt";
    /// Bytes of the file at most. MNIST's has about 15 kB.
    pub const MOST_BYTES: usize = 1_000_000;
}

impl Display for Manifest {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DatasetSpec { name, title, shape, classes, licence, .. } = &self.dataset;
        writeln!(to, "{FORM}\nname {name}\ntitle {title}\nshape {}\nlicence {licence}", shape.name())?;
        classes.iter().try_for_each(|class| writeln!(to, "class {class}"))?;
        let one = std::slice::from_ref;
        let files = [
            &self.train_images[..],
            &self.test_images,
            one(&self.train_labels),
            one(&self.test_labels),
            self.pretrained.as_slice(),
            self.pretrained_encoder.as_slice(),
        ];
        for (kind, shards) in KINDS.into_iter().zip(files) {
            for Shard { file, count, bytes_gzip, bytes, sha256 } in shards {
                writeln!(to, "{kind} {file} {count} {bytes_gzip} {bytes} {sha256}")?;
            }
        }
        Ok(())
    }
}

impl Manifest {
    /// Reads a manifest and checks that its numbers agree with one another, before anything is allocated for them.
    pub fn parse(text: &[u8]) -> Result<Self, ShardError> {
        let wrong = |why: String| ShardError::Manifest(why);
        let mut lines = std::str::from_utf8(text).unwrap_or_default().lines();
        if lines.next() != Some(FORM) {
            return Err(wrong("it is of another form".into()));
        }
        let (mut words, mut classes): ([Option<&str>; 4], Vec<String>) = Default::default();
        let mut files: [Vec<Shard>; 6] = Default::default();
        for line in lines {
            let unreadable = || wrong(format!("“{}”", start(line)));
            let (key, value) = line.split_once(' ').ok_or_else(unreadable)?;
            let place = |keys: &[&str]| keys.iter().position(|known| *known == key);
            if let Some(at) = place(&["name", "title", "shape", "licence"]) {
                if words[at].replace(value).is_some() {
                    return Err(unreadable());
                }
            } else if key == "class" {
                classes.push(value.to_owned());
            } else {
                let kind = place(&KINDS).ok_or_else(unreadable)?;
                files[kind].push(entry(value).ok_or_else(unreadable)?);
            }
        }
        let [train_images, test_images, mut train_labels, mut test_labels, mut pretrained, mut encoder] =
            files;
        let only = |labels: &mut Vec<Shard>| labels.pop().filter(|_| labels.is_empty());
        let labels = only(&mut train_labels).zip(only(&mut test_labels));
        let (Some((train_labels, test_labels)), true) = (labels, pretrained.len().max(encoder.len()) <= 1)
        else {
            return Err(wrong("it has not one file of labels for each set".into()));
        };
        let [name, title, shape, licence] = words.map(|word| word.unwrap_or_default().to_owned());
        let count = |shards: &[Shard]| shards.iter().map(|shard| shard.count).sum();
        let dataset = DatasetSpec {
            shape: ImageShape::from_name(&shape)
                .ok_or_else(|| wrong("the shape of its images is missing or not supported".into()))?,
            training_images: count(&train_images),
            test_images: count(&test_images),
            name,
            title,
            classes,
            licence,
        };
        let (pretrained, pretrained_encoder) = (pretrained.pop(), encoder.pop());
        let manifest = Self {
            dataset,
            train_images,
            test_images,
            train_labels,
            test_labels,
            pretrained,
            pretrained_encoder,
        };
        manifest.check().map_err(|why| wrong(why.into()))?;
        Ok(manifest)
    }

    /// Whether the description is sound and the counts agree with it and with each other.
    fn check(&self) -> Result<(), &'static str> {
        self.dataset.check()?;
        let adds_up = |shard: &Shard, bytes_each: usize| {
            shard.count <= MOST_IN_A_SHARD
                && shard.bytes <= MOST_SHARD_BYTES
                && shard.count.checked_mul(bytes_each) == Some(shard.bytes)
        };
        let values = self.dataset.shape.values();
        let mut images = self.train_images.iter().chain(&self.test_images);
        let labels = [
            (&self.train_labels, self.dataset.training_images),
            (&self.test_labels, self.dataset.test_images),
        ];
        if !images.all(|shard| adds_up(shard, values)) {
            return Err("the bytes of a shard are not those of its images");
        }
        if labels.iter().any(|(shard, images)| shard.bytes != *images || shard.count != *images) {
            return Err("it has not one label for each image");
        }
        let mut pretrained = self.pretrained.iter().chain(&self.pretrained_encoder);
        match pretrained.all(|shard| shard.bytes <= MOST_PRETRAINED_BYTES) {
            true => Ok(()),
            false => Err("its pretrained network is too large"),
        }
    }
}

/// A file, from its name on.
fn entry(text: &str) -> Option<Shard> {
    let mut words = text.split(' ');
    let file = words.next()?;
    let [count, bytes_gzip, bytes] =
        [words.next()?, words.next()?, words.next()?].map(|word| word.parse().ok());
    let shard = Shard {
        file: file.into(),
        count: count?,
        bytes_gzip: bytes_gzip?,
        bytes: bytes?,
        sha256: words.next()?.into(),
    };
    let is_plain = !file.is_empty() && file.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    // Sums of counts stay far below what a machine can address.
    (is_plain && words.next().is_none() && shard.count <= MOST_IN_A_SHARD).then_some(shard)
}

/// A line's beginning, for a message.
fn start(line: &str) -> String {
    line.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let shape = ImageShape { height: 2, width: 5, channels: 3 };
        let shard =
            |file: &str, count, bytes_each| Shard::new(file.into(), count, &vec![7; count * bytes_each], 9);
        Manifest {
            dataset: DatasetSpec {
                name: "shapes-2".into(),
                title: "Shapes in colour".into(),
                shape,
                classes: vec!["round".into(), "not round".into()],
                training_images: 2,
                test_images: 1,
                licence: "CC0".into(),
            },
            train_images: vec![shard("a.gz", 2, shape.values())],
            test_images: vec![shard("b.gz", 1, shape.values())],
            train_labels: shard("c.gz", 2, 1),
            test_labels: shard("d.gz", 1, 1),
            pretrained: Some(shard("e.gz", 1, 5)),
            pretrained_encoder: Some(shard("f.gz", 0, 5)),
        }
    }

    fn parse(manifest: &Manifest) -> Result<Manifest, ShardError> {
        Manifest::parse(manifest.to_string().as_bytes())
    }

    #[test]
    fn a_manifest_reads_back() {
        assert_eq!(parse(&manifest()), Ok(manifest()));
        let bare = Manifest { pretrained: None, pretrained_encoder: None, ..manifest() };
        assert_eq!(parse(&bare), Ok(bare));
    }

    #[test]
    fn a_manifest_that_does_not_add_up_is_refused() {
        let spoil: [fn(&mut Manifest); 16] = [
            |manifest| manifest.pretrained_encoder.as_mut().unwrap().bytes = usize::MAX,
            |manifest| manifest.train_labels.file = "c.gz 2".into(),
            |manifest| manifest.train_images[0].count = 3,
            |manifest| manifest.test_images[0].file = "../b.gz".into(),
            |manifest| (manifest.test_labels.count, manifest.test_labels.bytes) = (usize::MAX, usize::MAX),
            |manifest| manifest.pretrained.as_mut().unwrap().bytes = usize::MAX,
            |manifest| manifest.pretrained.as_mut().unwrap().file = "a/b".into(),
            |manifest| (manifest.test_labels.count, manifest.test_labels.bytes) = (2, 2),
            |manifest| manifest.dataset.name = "Shapes".into(),
            |manifest| manifest.dataset.title = " ".into(),
            |manifest| manifest.dataset.licence.clear(),
            |manifest| manifest.dataset.shape.height = 0,
            |manifest| manifest.dataset.shape.channels = 2,
            |manifest| manifest.dataset.classes[0].clear(),
            |manifest| manifest.dataset.classes = vec!["x".into(); 257],
            |manifest| manifest.dataset.classes[0] = "x\ny".into(),
        ];
        for (at, spoil) in spoil.into_iter().enumerate() {
            let mut manifest = manifest();
            spoil(&mut manifest);
            assert!(matches!(parse(&manifest), Err(ShardError::Manifest(_))), "{at}");
        }
        let text = manifest().to_string();
        let twice = format!("{text}{}", text.lines().last().unwrap());
        let without = |what: &str| -> String {
            text.lines().filter(|line| !line.contains(what)).map(|line| format!("{line}\n")).collect()
        };
        let (without_labels, without_shape) = (without("c.gz"), without("shape "));
        let other_form = text.replacen('3', "4", 1);
        for text in ["", "<!DOCTYPE html>", "\u{0}", &twice, &without_labels, &without_shape, &other_form] {
            assert!(matches!(Manifest::parse(text.as_bytes()), Err(ShardError::Manifest(_))), "{text}");
        }
    }
}
