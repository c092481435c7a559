//! Arguments that several commands have.

use crate::Failure;
use latent_core::settings::{Field, Settings};
use latent_cpu::Instructions;
use std::path::PathBuf;

/// The model. docs/settings.md has all values.
#[derive(clap::Args)]
pub(crate) struct Network {
    /// Units of the encoder's hidden layers, separated by commas; the decoder mirrors them [default: 300].
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true)]
    hidden: Option<String>,
    /// The encoder's hidden layers one by one, such as dense512,dense128.
    #[arg(long, value_name = "LAYERS", conflicts_with = "hidden")]
    encoder: Option<String>,
    /// Units of the code, the dimensions of the latent space [default: 2].
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true)]
    code: Option<String>,
    /// LeakyReLU's slope for negative arguments [default: 0.3].
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    slope: Option<String>,
    /// The activation of the hidden layers: leaky_relu, relu, tanh, sigmoid or linear [default: leaky_relu].
    #[arg(long, value_name = "NAME")]
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
}

impl Network {
    /// The fields that are given.
    pub(crate) fn given(&self) -> impl Iterator<Item = (Field, &str)> {
        let all = [
            (Field::Hidden, &self.hidden),
            (Field::Encoder, &self.encoder),
            (Field::Code, &self.code),
            (Field::Slope, &self.slope),
            (Field::Activation, &self.activation),
            (Field::CodeActivation, &self.code_activation),
            (Field::Output, &self.output),
            (Field::Loss, &self.loss),
        ];
        all.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?)))
    }

    /// The tutorial's settings with the fields that are given.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::default();
        self.given().try_for_each(|(field, text)| settings.set(field, text))?;
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

/// Where the data set is.
#[derive(clap::Args)]
pub(crate) struct Data {
    /// The folder with the shards of the data set and their manifest.
    #[arg(long, value_name = "FOLDER", default_value = "public/mnist")]
    pub(crate) data: PathBuf,
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
