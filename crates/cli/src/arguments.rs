//! Arguments that several commands have.

use crate::{Failure, dataset::Folder};
use latent_core::{
    data::DatasetId,
    model::Activation,
    settings::{Field, Settings},
};
use latent_cpu::Instructions;
use std::path::{Path, PathBuf};

/// The model. docs/settings.md has all values.
#[derive(clap::Args)]
pub(crate) struct Network {
    /// Units of the encoder's hidden layers, separated by commas; the decoder mirrors them [default: 300].
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true)]
    hidden: Option<String>,
    /// The encoder's hidden layers one by one, such as dense512,dense128 or conv32k3s2,dropout0.2,dense16.
    #[arg(long, value_name = "LAYERS", conflicts_with = "hidden")]
    encoder: Option<String>,
    /// Units of the code, the dimensions of the latent space [default: 2].
    #[arg(long, visible_alias = "latent", value_name = "UNITS", allow_negative_numbers = true)]
    code: Option<String>,
    /// Whether the code is drawn from a normal distribution: 0 or 1 [default: 0].
    #[arg(long, value_name = "0|1")]
    variational: Option<String>,
    /// The weight of the divergence in a variational model's loss [default: 1].
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    beta: Option<String>,
    /// LeakyReLU's slope for negative arguments [default: 0.3].
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    slope: Option<String>,
    #[arg(long, value_name = "NAME", help = format!("The activation of the hidden layers: {} [default: leaky_relu]", Activation::NAMES))]
    activation: Option<String>,
    /// The activation of the code: one of these, or hidden for that of the hidden layers [default: hidden].
    #[arg(long, value_name = "NAME")]
    code_activation: Option<String>,
    /// The activation of the reconstruction [default: leaky_relu].
    #[arg(long, value_name = "NAME")]
    output: Option<String>,
    /// The loss: mse, bce, mse-sum or bce-sum; bce needs --output sigmoid [default: mse].
    #[arg(long, value_name = "NAME")]
    loss: Option<String>,
    /// Noise on the images that the encoder reads in training, such as gaussian0.4 or masking0.3 [default: none].
    #[arg(long, value_name = "NOISE")]
    corruption: Option<String>,
    /// Settings as in a link, such as encoder=conv32k3s2,dense16&latent=2&variational=1. Options win over them.
    #[arg(long = "model", value_name = "SETTINGS")]
    link: Option<String>,
}

impl Network {
    /// The fields that are given, in an order in which they can be set.
    pub(crate) fn given(&self) -> Result<Vec<(Field, &str)>, Failure> {
        let mut given = self.of_link()?;
        let all = [
            (Field::Hidden, &self.hidden),
            (Field::Encoder, &self.encoder),
            (Field::Code, &self.code),
            (Field::Variational, &self.variational),
            (Field::Beta, &self.beta),
            (Field::Slope, &self.slope),
            (Field::Activation, &self.activation),
            (Field::CodeActivation, &self.code_activation),
            (Field::Output, &self.output),
            (Field::Loss, &self.loss),
            (Field::Corruption, &self.corruption),
        ];
        given.extend(all.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?))));
        given.sort_by_key(|(field, _)| !field.is_first());
        Ok(given)
    }

    /// Whether the options say which layers the network has.
    pub(crate) fn is_named(&self) -> bool {
        self.link.is_some() || self.encoder.is_some()
    }

    /// The settings of the link.
    fn of_link(&self) -> Result<Vec<(Field, &str)>, Failure> {
        let pairs = self.link.iter().flat_map(|link| link.trim_start_matches('#').split('&'));
        let pairs = pairs.filter(|pair| !pair.is_empty() && *pair != "v=1");
        let setting = |pair: &'_ str| Failure::UnknownSetting(pair.chars().take(40).collect());
        pairs
            .map(|pair| {
                let (key, text) = pair.split_once('=').ok_or_else(|| setting(pair))?;
                Ok((Field::from_key(key).ok_or_else(|| setting(pair))?, text))
            })
            .collect()
    }

    /// The tutorial's settings with the fields that are given.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::default();
        self.given()?.into_iter().try_for_each(|(field, text)| settings.set(field, text))?;
        settings.check()?;
        Ok(settings)
    }
}

/// How the CPU engine computes. Only instruction sets of another vector width change results, in their last digits.
#[derive(clap::Args)]
pub(crate) struct Cpu {
    /// The CPU engine's instruction set: avx2, sse2 or portable [default: the first of them that this machine has].
    #[arg(long, value_name = "NAME", value_parser = instructions)]
    pub(crate) instructions: Option<Instructions>,
    /// The CPU engine's threads [default: one for each core].
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

fn instructions(name: &str) -> Result<Instructions, String> {
    let available = Instructions::available();
    available.iter().copied().find(|instructions| instructions.name() == name).ok_or_else(|| {
        let names: Vec<_> = available.into_iter().map(Instructions::name).collect();
        format!("this machine has {}", names.join(", "))
    })
}

/// Which data set, and where it is.
#[derive(clap::Args)]
pub(crate) struct Data {
    #[arg(long, value_name = "NAME|PATH", help = format!("The data set, {}, whose files lie in public/NAME; or the folder or ZIP file with shards and their manifest, as `import` makes it [default: the model's, else mnist]", DatasetId::NAMES))]
    data: Option<PathBuf>,
}

impl Data {
    /// The data set that is given by its name.
    fn named(&self) -> Option<DatasetId> {
        DatasetId::from_name(self.data.as_ref()?.to_str()?)
    }

    /// The data set that is given, by its name or by a folder with its files, if one is.
    pub(crate) fn given(&self) -> Result<Option<DatasetId>, Failure> {
        let (Some(folder), None) = (&self.data, self.named()) else { return Ok(self.named()) };
        let dataset = Folder::open(folder)?.manifest.dataset;
        DatasetId::of(&dataset).map(Some).ok_or(Failure::UnknownDataset(dataset.name))
    }

    /// The folder with the files: that of the named data set, or the given one; without either, that of `default`.
    pub(crate) fn folder(&self, default: DatasetId) -> Result<PathBuf, Failure> {
        match (self.named(), &self.data) {
            (None, Some(folder)) => Ok(folder.clone()),
            (None, None) if default.is_own() => Err(Failure::OwnImages),
            (named, _) => Ok(Path::new("public").join(named.unwrap_or(default).name())),
        }
    }
}

/// One of the data set's two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Set {
    /// Images that training never sees.
    Test,
    /// The images to train on.
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
