//! What a link says: settings and engine in the URL's fragment, `#engine=cpu&epochs=2&seed=7`.

use crate::{
    choice::EngineChoice,
    settings::{Field, SettingError, Settings},
};
use thiserror::Error;

/// What a link asks for; defaults where it is silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// The run.
    pub settings: Settings,
    /// The engine.
    pub engine: EngineChoice,
}

/// Why a part of a link is left out.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LinkError {
    /// More than [`MAX_BYTES`].
    #[error("the link is longer than {MAX_BYTES} bytes and was not read")]
    TooLong,
    /// A name that no setting has.
    #[error("“{0}” is not a setting")]
    Unknown(String),
    /// No engine has this name.
    #[error("engine: “{0}” is not auto, cpu or webgpu")]
    Engine(String),
    /// A value that is not taken.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

/// Longer fragments are not read.
pub const MAX_BYTES: usize = 4096;

impl Link {
    /// Reads a fragment, with or without `#`. Whatever isn't understood is left at its default and told.
    pub fn parse(fragment: &str) -> (Self, Vec<LinkError>) {
        let mut link = Self::default();
        if fragment.len() > MAX_BYTES {
            return (link, vec![LinkError::TooLong]);
        }
        let pairs = fragment.trim_start_matches('#').split('&').filter(|pair| !pair.is_empty());
        let problems = pairs.filter_map(|pair| link.take(pair).err()).collect();
        (link, problems)
    }

    fn take(&mut self, pair: &str) -> Result<(), LinkError> {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let short = |text: &str| text.chars().take(40).collect::<String>();
        if key == "engine" {
            self.engine = EngineChoice::from_name(value).ok_or_else(|| LinkError::Engine(short(value)))?;
            return Ok(());
        }
        let field = Field::from_key(key).ok_or_else(|| LinkError::Unknown(short(key)))?;
        // A comma in a link may have been escaped on its way.
        Ok(self.settings.set(field, &value.replace("%2C", ","))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_link_sets_what_it_names_and_nothing_else() {
        let (link, problems) = Link::parse("#engine=cpu&epochs=2&batch=64&lr=0.001&seed=7&shuffle=0");
        assert_eq!(problems, []);
        let settings = Settings {
            epochs: 2,
            batch: 64,
            learning_rate: 0.001,
            seed: 7,
            shuffle: false,
            ..Settings::default()
        };
        assert_eq!(link, Link { settings, engine: EngineChoice::Cpu });
        assert_eq!(Link::parse(""), (Link::default(), vec![]));
    }

    #[test]
    fn what_is_not_understood_is_told_and_the_rest_taken() {
        let (link, problems) = Link::parse("#seed=7&lr=fast&engine=tpu&colour=red&batch");
        assert_eq!(link.settings, Settings { seed: 7, ..Settings::default() });
        assert_eq!(problems.len(), 4);
        assert_eq!(problems[1], LinkError::Engine("tpu".into()));
        let long = format!("#seed=7&x={}", "9".repeat(MAX_BYTES));
        assert_eq!(Link::parse(&long), (Link::default(), vec![LinkError::TooLong]));
    }

    proptest! {
        #[test]
        fn any_link_gives_settings_within_their_limits(fragment in ".*") {
            prop_assert_eq!(Link::parse(&fragment).0.settings.check(), Ok(()));
        }

        #[test]
        fn any_values_of_known_keys_are_taken_or_told(key in 0usize..9, value in "[0-9eE.,+-]*|[a-z]*") {
            let (link, _) = Link::parse(&format!("{}={value}", Field::ALL[key].key()));
            prop_assert_eq!(link.settings.check(), Ok(()));
        }
    }
}
