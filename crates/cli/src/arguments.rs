//! Arguments that several commands have.

use crate::Failure;
use latent_core::settings::{Field, Settings};
use std::path::PathBuf;

/// The network's shape.
#[derive(clap::Args)]
pub(crate) struct Network {
    /// Units of the encoder's hidden layers, separated by commas; the decoder mirrors them [default: 300].
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true)]
    hidden: Option<String>,
    /// Units of the code, the dimensions of the latent space [default: 2].
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true)]
    code: Option<String>,
    /// LeakyReLU's slope for negative arguments [default: 0.3].
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    slope: Option<String>,
}

impl Network {
    /// The fields that are given.
    pub(crate) fn given(&self) -> impl Iterator<Item = (Field, &str)> {
        let all = [(Field::Hidden, &self.hidden), (Field::Code, &self.code), (Field::Slope, &self.slope)];
        all.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?)))
    }

    /// The tutorial's settings with the fields that are given.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::default();
        self.given().try_for_each(|(field, text)| settings.set(field, text))?;
        Ok(settings)
    }
}

/// Where MNIST is.
#[derive(clap::Args)]
pub(crate) struct Data {
    /// The folder with the shards of MNIST and their manifest.
    #[arg(long, value_name = "FOLDER", default_value = "public/mnist")]
    pub(crate) data: PathBuf,
}

/// One of MNIST's sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Set {
    /// 10,000 images that training never sees.
    Test,
    /// The 60,000 images to train on.
    Train,
}

impl Set {
    /// Its name in sentences.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Train => "training",
        }
    }
}
