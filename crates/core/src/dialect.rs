//! The libraries that a model can be written as a program for.

use serde::{Deserialize, Serialize};

/// A library that a model can be written as a program for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// Keras 3, in Python.
    Keras,
    /// PyTorch, in Python.
    PyTorch,
    /// Burn 0.22, in Rust.
    Burn,
}

impl Dialect {
    /// Every dialect, in the order of tabs.
    pub const ALL: [Self; 3] = [Self::Keras, Self::PyTorch, Self::Burn];

    /// The library's name in sentences.
    pub fn title(self) -> &'static str {
        match self {
            Self::Keras => "Keras",
            Self::PyTorch => "PyTorch",
            Self::Burn => "Burn",
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keras => "keras",
            Self::PyTorch => "pytorch",
            Self::Burn => "burn",
        }
    }

    /// The dialect of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// The name of the program's file.
    pub fn file(self) -> &'static str {
        match self {
            Self::Keras => "keras_autoencoder.py",
            Self::PyTorch => "pytorch_autoencoder.py",
            Self::Burn => "main.rs",
        }
    }
}
