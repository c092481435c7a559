//! The data sets that the project serves, by their names in links and files.

use super::{DatasetSpec, ImageShape, Split, fashion_mnist, mnist};
use serde::{Deserialize, Serialize};

/// A data set that the project serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DatasetId {
    /// Handwritten digits. Every link and file means it that names no data set.
    #[default]
    Mnist,
    /// Pictures of clothes, shoes and bags.
    FashionMnist,
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
    /// Every data set, in the order of menus.
    pub const ALL: [Self; 2] = [Self::Mnist, Self::FashionMnist];
    /// The names of all data sets, for a sentence.
    pub const NAMES: &'static str = "mnist or fashion-mnist";
    /// Images in the largest training set.
    pub const MOST_TRAINING_IMAGES: usize = {
        let mut most = 0;
        let mut at = 0;
        while at < Self::ALL.len() {
            let images = Self::ALL[at].images(Split::Training);
            most = if images > most { images } else { most };
            at += 1;
        }
        most
    };

    /// The name in links, in files, on the command line, and of the folder with the files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
        }
    }

    /// The data set of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dataset| dataset.name() == name)
    }

    /// The name in sentences.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Mnist => mnist::TITLE,
            Self::FashionMnist => fashion_mnist::TITLE,
        }
    }

    /// The shape of each image.
    pub const fn shape(self) -> ImageShape {
        match self {
            Self::Mnist => mnist::SHAPE,
            Self::FashionMnist => fashion_mnist::SHAPE,
        }
    }

    /// How many images a set has.
    pub const fn images(self, set: Split) -> usize {
        match (self, set) {
            (Self::Mnist, Split::Training) => mnist::TRAINING_IMAGES,
            (Self::Mnist, Split::Test) => mnist::TEST_IMAGES,
            (Self::FashionMnist, Split::Training) => fashion_mnist::TRAINING_IMAGES,
            (Self::FashionMnist, Split::Test) => fashion_mnist::TEST_IMAGES,
        }
    }

    /// The name of each class, in the order of the labels.
    pub const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Mnist => &mnist::CLASS_NAMES,
            Self::FashionMnist => &fashion_mnist::CLASS_NAMES,
        }
    }

    /// The words for its images.
    pub const fn words(self) -> Words {
        match self {
            Self::Mnist => mnist::WORDS,
            Self::FashionMnist => fashion_mnist::WORDS,
        }
    }

    /// The description, as the manifest has it.
    pub fn spec(self) -> DatasetSpec {
        let licence = match self {
            Self::Mnist => mnist::LICENCE,
            Self::FashionMnist => fashion_mnist::LICENCE,
        };
        DatasetSpec {
            name: self.name().into(),
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
            assert!(dataset.images(Split::Training) <= DatasetId::MOST_TRAINING_IMAGES);
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
