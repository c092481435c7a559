//! The names of the settings in links, files and on the command line.

/// The name of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `data`: the data set.
    Data,
    /// `encoder`: the encoder's hidden layers, such as `conv32k3s2,dense16`.
    Encoder,
    /// `hidden`: the same, where all layers are dense: their units, separated by commas.
    Hidden,
    /// `code`: units of the code. `latent` is another name for it.
    Code,
    /// `variational`: 0 or 1.
    Variational,
    /// `beta`: the weight of the divergence in a variational model's loss.
    Beta,
    /// `slope`: LeakyReLU's slope.
    Slope,
    /// `activation`: of the hidden layers.
    Activation,
    /// `code-activation`: of the code.
    CodeActivation,
    /// `output`: the activation of the reconstruction.
    Output,
    /// `loss`.
    Loss,
    /// `corruption`: what is done to the images that the encoder reads in training.
    Corruption,
    /// `batch`: images in a step.
    Batch,
    /// `epochs`.
    Epochs,
    /// `lr`: the learning rate.
    LearningRate,
    /// `seed`.
    Seed,
    /// `shuffle`: 0 or 1.
    Shuffle,
    /// `images`: size of the training set.
    TrainingImages,
    /// `numerics`: the order of sums.
    Numerics,
}

impl Field {
    /// Every setting once, in the order in which people read them. [`Field::Encoder`] is another way to write
    /// [`Field::Hidden`] and is not among them.
    ///
    /// Those of [`Field::is_first`] are to be set before the others, which depend on them.
    pub const ALL: [Self; 18] = [
        Self::Data,
        Self::Hidden,
        Self::Code,
        Self::Variational,
        Self::Beta,
        Self::Slope,
        Self::Activation,
        Self::CodeActivation,
        Self::Output,
        Self::Loss,
        Self::Corruption,
        Self::Batch,
        Self::Epochs,
        Self::LearningRate,
        Self::Seed,
        Self::Shuffle,
        Self::TrainingImages,
        Self::Numerics,
    ];

    /// The settings of the model, a subset of [`Field::ALL`].
    pub const MODEL: [Self; 10] = [
        Self::Hidden,
        Self::Code,
        Self::Variational,
        Self::Beta,
        Self::Slope,
        Self::Activation,
        Self::CodeActivation,
        Self::Output,
        Self::Loss,
        Self::Corruption,
    ];

    /// The settings that earlier releases do not know. Files name them where they differ from the defaults, so that those
    /// releases open all other files.
    pub const ADDED_LATER: [Self; 4] = [Self::Data, Self::Variational, Self::Beta, Self::Corruption];

    /// The settings that every file of version 1 has.
    pub const VERSION_1: [Self; 9] = [
        Self::Hidden,
        Self::Code,
        Self::Slope,
        Self::Batch,
        Self::Epochs,
        Self::LearningRate,
        Self::Seed,
        Self::Shuffle,
        Self::TrainingImages,
    ];

    /// The field's name in links, in files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Encoder => "encoder",
            Self::Hidden => "hidden",
            Self::Code => "code",
            Self::Variational => "variational",
            Self::Beta => "beta",
            Self::Slope => "slope",
            Self::Activation => "activation",
            Self::CodeActivation => "code-activation",
            Self::Output => "output",
            Self::Loss => "loss",
            Self::Corruption => "corruption",
            Self::Batch => "batch",
            Self::Epochs => "epochs",
            Self::LearningRate => "lr",
            Self::Seed => "seed",
            Self::Shuffle => "shuffle",
            Self::TrainingImages => "images",
            Self::Numerics => "numerics",
        }
    }

    /// Whether it can change while a run goes on; any other makes another run.
    pub fn is_live(self) -> bool {
        matches!(self, Self::LearningRate | Self::Epochs)
    }

    /// Whether other fields depend on it: [`Field::TrainingImages`] on the data set, [`Field::Beta`] and
    /// [`Field::CodeActivation`] on whether the code is variational.
    pub fn is_first(self) -> bool {
        matches!(self, Self::Data | Self::Variational)
    }

    /// The field of that name, if there is one.
    pub fn from_key(key: &str) -> Option<Self> {
        let key = if key == "latent" { Self::Code.key() } else { key };
        Self::ALL.into_iter().chain([Self::Encoder]).find(|field| field.key() == key)
    }
}
