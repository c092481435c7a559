//! The notes beside the tensors: the settings by their names, and the steps done.
//!
//! Version 2 begins the names of its notes with `latent_playground.`, so that a note of this program can be told from
//! one that another program added. A missing note takes its default, and an unknown note of this program is refused.
//! Version 1 has its notes without that beginning, and each of them.

use super::{CheckpointError, container::Notes, reader::shortened};
use crate::{
    data::ImageShape,
    settings::{Field, Settings},
};

/// The note that holds the version.
const VERSION_NOTE: &str = "latent_playground";
/// What the names of all other notes begin with, from version 2 on.
const PREFIX: &str = "latent_playground.";
/// The version that is written.
pub(super) const VERSION: &str = "2";
pub(super) const STEPS: &str = "steps";
/// The shape of an image.
const INPUT: &str = "input";

/// The notes of a run.
pub(super) fn write(settings: &Settings, steps: u64) -> Notes {
    let mut notes = Notes::default();
    notes.insert(VERSION_NOTE.into(), VERSION.into());
    notes.insert(format!("{PREFIX}{STEPS}"), steps.to_string());
    notes.insert(format!("{PREFIX}{INPUT}"), settings.model.input.name());
    let defaults = Settings::default();
    for field in Field::ALL {
        if Field::ADDED_LATER.contains(&field) && settings.get(field) == defaults.get(field) {
            continue;
        }
        // Every kind of layer can be written layer by layer.
        let field = if field == Field::Hidden { Field::Encoder } else { field };
        notes.insert(format!("{PREFIX}{}", field.key()), settings.get(field));
    }
    notes
}

/// Whether the notes say which layers the encoder has.
pub(super) fn name_the_encoder(notes: &Notes) -> bool {
    [Field::Encoder, Field::Hidden]
        .iter()
        .any(|field| notes.contains_key(&format!("{PREFIX}{}", field.key())))
}

/// Reads the notes: the settings, which are those of `bare` where a note is missing, and the steps.
pub(super) fn read(notes: &Notes, bare: Settings) -> Result<(Settings, Option<u64>), CheckpointError> {
    match notes.get(VERSION_NOTE).map(String::as_str) {
        Some("1") => read_version_1(notes, bare),
        Some(VERSION) | None => read_version_2(notes, bare),
        Some(found) => Err(CheckpointError::Version(shortened(found))),
    }
}

fn read_version_1(notes: &Notes, mut settings: Settings) -> Result<(Settings, Option<u64>), CheckpointError> {
    let note = |key: &'static str| notes.get(key).ok_or(CheckpointError::MissingNote(key));
    for field in Field::VERSION_1 {
        settings.set(field, note(field.key())?)?;
    }
    Ok((settings, Some(steps(note(STEPS)?)?)))
}

fn read_version_2(notes: &Notes, mut settings: Settings) -> Result<(Settings, Option<u64>), CheckpointError> {
    let mut done = None;
    let is_first =
        |name: &str| name.strip_prefix(PREFIX).and_then(Field::from_key).is_some_and(Field::is_first);
    let (first, others): (Vec<_>, Vec<_>) = notes.iter().partition(|(name, _)| is_first(name));
    for (name, text) in first.into_iter().chain(others) {
        match name.strip_prefix(PREFIX) {
            None => {}
            Some(INPUT) => {
                let shape = ImageShape::from_name(text);
                settings.model.input = shape.ok_or_else(|| CheckpointError::Input(shortened(text)))?;
            }
            Some(STEPS) => done = Some(steps(text)?),
            Some(key) => {
                let field = Field::from_key(key);
                let field = field.ok_or_else(|| CheckpointError::UnknownNote(shortened(key)))?;
                settings.set(field, text)?;
            }
        }
    }
    Ok((settings, done))
}

fn steps(text: &str) -> Result<u64, CheckpointError> {
    text.parse().map_err(|_| CheckpointError::Steps(shortened(text)))
}
