//! What a setting is called, and the sentence below its field of the form.

use latent_core::settings::{Field, SettingError};

/// What the setting is called in a sentence: as its field of the form is.
pub fn name(field: Field) -> &'static str {
    match field {
        Field::Hidden | Field::Encoder => "hidden layers",
        Field::Code => "code size",
        Field::LearningRate => "learning rate",
        Field::Batch => "batch size",
        Field::TrainingImages => "training images",
        Field::Activation => "hidden activation",
        Field::CodeActivation => "code activation",
        Field::Output => "output activation",
        Field::Loss => "loss function",
        Field::Beta => "divergence weight β",
        _ => field.key(),
    }
}

/// Why a text was refused, beside the field that has it.
pub fn refusal(field: Field, error: &SettingError) -> String {
    let text = error.to_string();
    text.strip_prefix(&format!("{}: ", field.key())).unwrap_or(&text).into()
}

/// What the field is. `is_part` says that it shows a part of the setting: of the layers their dropout, of the corruption its strength.
pub fn sentence(field: Field, is_part: bool) -> &'static str {
    match (field, is_part) {
        (Field::Hidden | Field::Encoder, false) => "Units of each layer: 300, or 512,128.",
        (Field::Hidden | Field::Encoder, true) => "Share of units left out of each step.",
        (Field::Code, _) => "Numbers that describe an image.",
        (Field::LearningRate, _) => "How far a step goes.",
        (Field::Epochs, _) => "Times through all training images.",
        (Field::Batch, _) => "Images in a step.",
        (Field::Seed, _) => "Same seed, same run.",
        (Field::TrainingImages, _) => "How many are used.",
        (Field::Slope, _) => "Of LeakyReLU, below zero.",
        (Field::Activation, _) => "Behind each hidden layer.",
        (Field::CodeActivation, _) => "Behind the code.",
        (Field::Output, _) => "Behind the last layer.",
        (Field::Loss, _) => "What training makes small.",
        (Field::Variational, _) => "One point, or a mean and a spread.",
        (Field::Beta, _) => "Weight of the KL divergence.",
        (Field::Corruption, false) => "Of the input, while training.",
        (Field::Corruption, true) => "Deviation, or share of pixels.",
        (Field::Data | Field::Shuffle | Field::Numerics, _) => "",
    }
}
