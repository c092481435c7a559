//! Arguments that several commands have.

use crate::Failure;
use latent_core::settings::{Field, Settings};
use latent_cpu::Instructions;
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
    /// The hidden layers' activation: leaky_relu, relu, tanh, sigmoid or linear [default: leaky_relu].
    #[arg(long, value_name = "NAME")]
    activation: Option<String>,
    /// The code's activation [default: the hidden layers'].
    #[arg(long, value_name = "NAME")]
    code_activation: Option<String>,
    /// The reconstruction's activation [default: leaky_relu].
    #[arg(long, value_name = "NAME")]
    output: Option<String>,
    /// The loss: mse, mse-sum, bce or bce-sum; bce needs a sigmoid as --output [default: mse].
    #[arg(long, value_name = "NAME")]
    loss: Option<String>,
}

impl Network {
    /// The fields that are given.
    pub(crate) fn given(&self) -> impl Iterator<Item = (Field, &str)> {
        let all = [
            (Field::Hidden, &self.hidden),
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
