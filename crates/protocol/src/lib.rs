//! The messages between the page and its workers: all that ever passes between them.
//!
//! A message is one block of bytes, [`VERSION`] followed by the postcard form of the enum, so that it can be
//! transferred without a copy and refused when page and worker are of different builds.

mod explorer;
mod helper;
mod role;
mod trainer;

pub use explorer::{ExplorerCommand, ExplorerEvent, Pair};
pub use helper::{HelperCommand, HelperEvent};
pub use role::Role;
pub use trainer::{Download, Phase, TrainerCommand, TrainerEvent};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

/// The version of this protocol.
pub const VERSION: u32 = 6;

/// A worker's first word. A worker of another release may mean something else by the same bytes: the page lets it go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// The release that the worker's files belong to.
    pub release: String,
}

/// Why a message isn't taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProtocolError {
    /// The other side speaks another version.
    #[error("page and worker are of different versions ({0} and {VERSION}): reload the page")]
    Version(u32),
    /// The bytes are no message.
    #[error("a message between page and worker can't be read")]
    Unreadable,
}

/// A message as bytes. Panics never: these enums have no form that postcard refuses.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    let start = VERSION.to_le_bytes().to_vec();
    postcard::to_extend(message, start).unwrap_or_default()
}

/// A message from bytes. Allocates no more than the bytes warrant.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ProtocolError> {
    let (version, message) = bytes.split_first_chunk().ok_or(ProtocolError::Unreadable)?;
    match u32::from_le_bytes(*version) {
        VERSION => {}
        other => return Err(ProtocolError::Version(other)),
    }
    match postcard::take_from_bytes(message) {
        Ok((message, [])) => Ok(message),
        _ => Err(ProtocolError::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{
        model::ModelSpec,
        plane::Plotted,
        settings::Settings,
        training::{
            Progress,
            history::{History, Validation},
        },
    };
    use proptest::prelude::*;

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let settings = Settings { model: ModelSpec::dense(&[5], 2, 0.3), ..Settings::default() };
        let progress = Progress::initial(&settings.model, 1);
        let weights = progress.weights.clone();
        for command in [
            TrainerCommand::Start {
                run: 7,
                settings,
                progress: Some(progress),
                history: History::restored(1, vec![0.5, 0.25], vec![Validation { steps: 3, loss: 0.125 }])
                    .into(),
            },
            TrainerCommand::Adjust { learning_rate: 0.001, epochs: 30 },
        ] {
            assert_eq!(decode(&encode(&command)), Ok(command));
        }
        for event in [
            TrainerEvent::Snapshot { run: 1, steps: 3, weights },
            TrainerEvent::Trained { run: 1, steps_before: 3, losses: vec![0.1, f32::MAX] },
            TrainerEvent::Entered(2, Phase::Compiling),
            TrainerEvent::Kept { run: 1, steps: 3, file: vec![1, 2, 3] },
        ] {
            assert_eq!(decode(&encode(&event)), Ok(event));
        }
        let images = HelperCommand::Images { from: 2, pixels: vec![7; 784] };
        assert_eq!(decode(&encode(&images)), Ok(images));
        let greeting = Greeting { release: "0123456789abcdef".into() };
        assert_eq!(decode(&encode(&greeting)), Ok(greeting));
        let show = ExplorerCommand::Plot(Plotted::Training);
        assert_eq!(decode(&encode(&show)), Ok(show));
        let pair = Pair { digit: 7, label: Some(3), original: Some(vec![0; 784]), copy: vec![9; 784] };
        let pairs = ExplorerEvent::Pairs(vec![Pair { original: None, ..pair.clone() }, pair]);
        assert_eq!(decode(&encode(&pairs)), Ok(pairs));
        let decoded = ExplorerEvent::Decoded { code: vec![0.5, -1.0], image: vec![255; 784] };
        assert_eq!(decode(&encode(&decoded)), Ok(decoded));
    }

    #[test]
    fn another_version_is_told_from_nonsense() {
        let mut bytes = encode(&TrainerCommand::Pause);
        bytes[0] += 1;
        assert_eq!(decode::<TrainerCommand>(&bytes), Err(ProtocolError::Version(VERSION + 1)));
        assert_eq!(decode::<TrainerCommand>(&[1, 0]), Err(ProtocolError::Unreadable));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let message = [&VERSION.to_le_bytes(), bytes.as_slice()].concat();
            let _ = decode::<Greeting>(&message);
            let _ = decode::<TrainerCommand>(&message);
            let _ = decode::<TrainerEvent>(&message);
            let _ = decode::<ExplorerCommand>(&message);
            let _ = decode::<ExplorerEvent>(&message);
            let _ = decode::<HelperCommand>(&message);
            let _ = decode::<HelperEvent>(&message);
        }

        #[test]
        fn a_cut_message_is_refused(cut in 1usize..40) {
            let bytes = encode(&TrainerCommand::Start {
                run: 1,
                settings: Settings::default(),
                progress: None,
                history: Box::default(),
            });
            prop_assert!(decode::<TrainerCommand>(&bytes[..bytes.len().saturating_sub(cut)]).is_err());
        }
    }
}
