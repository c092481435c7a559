//! The data sets that runs can be about, by their names in links and files.

use super::{DatasetSpec, ImageShape, OwnSet, Split, fashion_mnist, mnist};
use serde::{Deserialize, Serialize};

/// A data set: one that the project serves, or a person's own images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DatasetId {
    /// Handwritten digits. Every link and file means it that names no data set.
    #[default]
    Mnist,
    /// Pictures of clothes, shoes and bags.
    FashionMnist,
    /// A person's own images, which never leave the device.
    Own(OwnSet),
}

/// The words for the images of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// One image, in sentences.
    pub sample: &'static str,
    /// Several images, in sentences.
    pub samples: &'static str,
    /// What the images are, in a sentence.
    pub about: &'static str,
}

impl DatasetId {
    /// Every data set that the project serves, in the order of menus.
    pub const ALL: [Self; 2] = [Self::Mnist, Self::FashionMnist];
    /// The names of all data sets, for a sentence.
    pub const NAMES: &'static str = "mnist or fashion-mnist";

    /// The name of the folder with the files. All sets of own images have one name here; [`DatasetId::text`] tells them apart.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
            Self::Own(_) => "own",
        }
    }

    /// The data set in links, in files and on the command line.
    pub fn text(self) -> String {
        match self {
            Self::Own(set) => set.text(),
            served => served.name().into(),
        }
    }

    /// Reads what [`DatasetId::text`] writes.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::from_name(text).or_else(|| OwnSet::parse(text).map(Self::Own))
    }

    /// The data set of that name that the project serves, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dataset| dataset.name() == name)
    }

    /// The data set that a manifest describes.
    pub fn of(dataset: &DatasetSpec) -> Option<Self> {
        Self::from_name(&dataset.name).or_else(|| OwnSet::of(dataset).map(Self::Own))
    }

    /// Whether a decoder that was trained before comes with the images, for the tutorial's network.
    pub const fn has_pretrained(self) -> bool {
        !self.is_own()
    }

    /// The set of a person's own images that this is, if it is one.
    pub const fn own(self) -> Option<OwnSet> {
        match self {
            Self::Own(set) => Some(set),
            _ => None,
        }
    }

    /// Whether these are a person's own images, which only that person's device has.
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Own(_))
    }

    /// The name in sentences.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Mnist => mnist::TITLE,
            Self::FashionMnist => fashion_mnist::TITLE,
            Self::Own(_) => OwnSet::TITLE,
        }
    }

    /// The shape of each image.
    pub const fn shape(self) -> ImageShape {
        match self {
            Self::Mnist => mnist::SHAPE,
            Self::FashionMnist => fashion_mnist::SHAPE,
            Self::Own(set) => set.shape,
        }
    }

    /// How many images a set has.
    pub const fn images(self, set: Split) -> usize {
        match (self, set) {
            (Self::Mnist, Split::Training) => mnist::TRAINING_IMAGES,
            (Self::Mnist, Split::Test) => mnist::TEST_IMAGES,
            (Self::FashionMnist, Split::Training) => fashion_mnist::TRAINING_IMAGES,
            (Self::FashionMnist, Split::Test) => fashion_mnist::TEST_IMAGES,
            (Self::Own(set), Split::Training) => set.training_images,
            (Self::Own(set), Split::Test) => set.test_images,
        }
    }

    /// The name of each class, in the order of the labels. Those of own images are in their manifest alone.
    pub const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Mnist => &mnist::CLASS_NAMES,
            Self::FashionMnist => &fashion_mnist::CLASS_NAMES,
            Self::Own(_) => &[],
        }
    }

    /// The words for its images.
    pub const fn words(self) -> Words {
        match self {
            Self::Mnist => mnist::WORDS,
            Self::FashionMnist => fashion_mnist::WORDS,
            Self::Own(_) => Words { sample: "image", samples: "images", about: "Your own images." },
        }
    }

    /// The description, as the manifest has it.
    pub fn spec(self) -> DatasetSpec {
        let licence = match self {
            Self::Mnist => mnist::LICENCE,
            Self::FashionMnist => fashion_mnist::LICENCE,
            Self::Own(_) => "not stated",
        };
        DatasetSpec {
            name: match self {
                Self::Own(set) => set.name(),
                served => served.name().into(),
            },
            title: self.title().into(),
            shape: self.shape(),
            classes: self.classes().iter().map(|&class| class.into()).collect(),
            training_images: self.images(Split::Training),
            test_images: self.images(Split::Test),
            licence: licence.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_set_has_a_sound_description_and_is_found_by_its_name() {
        for dataset in DatasetId::ALL {
            assert_eq!(dataset.spec().check(), Ok(()), "{}", dataset.name());
            assert_eq!(DatasetId::from_name(dataset.name()), Some(dataset));
            assert!(DatasetId::NAMES.contains(dataset.name()));
            assert!(dataset.images(Split::Training) <= OwnSet::MOST_IMAGES);
        }
        assert_eq!(DatasetId::from_name("MNIST"), None);
        assert_eq!(DatasetId::default(), DatasetId::Mnist);
    }

    #[test]
    fn classes_are_named_in_the_order_of_the_labels() {
        assert_eq!(DatasetId::Mnist.classes()[7], "7");
        let fashion = DatasetId::FashionMnist.classes();
        assert_eq!((fashion.len(), fashion[0], fashion[9]), (10, "T-shirt/top", "Ankle boot"));
    }
}
