//! A run as a complete program for another library: model, page's weights, Keras' Adam, training.
//!
//! The texts are those of the files beside each dialect, with the run's settings filled in. `make test-code` runs the programs.

mod burn;
mod facts;
mod keras;
mod parts;
mod pytorch;
mod template;

use latent_core::{
    dialect::Dialect,
    settings::{SettingError, Settings},
};

/// The program that builds the model of these settings, loads the page's weights, and trains. Fails on settings beyond their
/// limits.
pub fn program(settings: &Settings, dialect: Dialect) -> Result<String, SettingError> {
    settings.check()?;
    Ok(match dialect {
        Dialect::Keras => keras::program(settings),
        Dialect::PyTorch => pytorch::program(settings),
        Dialect::Burn => burn::program(settings),
    })
}
