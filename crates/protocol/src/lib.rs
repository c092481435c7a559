//! The messages between the page and its workers, and between workers.
//!
//! A message is one block of bytes: [`VERSION`], then the postcard form of the message. It is transferred without a copy,
//! and refused where the two sides are of different builds.

mod analysis;
mod explorer;
mod export;
mod helper;
mod import;
mod role;
mod snapshot;
mod trainer;

pub use analysis::{AnalysisCommand, AnalysisEvent};
pub use explorer::{CodeDistribution, ExplorerCommand, ExplorerEvent, Pair, TraceRequest};
pub use export::{ExportCommand, ExportReply, ExportRequest, ExportResult};
pub use helper::{HelperCommand, HelperEvent};
pub use import::{ImportCommand, ImportEvent, PictureUse, SkippedReport, SurveyReport};
pub use role::Role;
pub use snapshot::Snapshot;
pub use trainer::{Download, Phase, TrainerCommand, TrainerEvent};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

/// The version of this protocol.
pub const VERSION: u32 = 13;

/// A worker's first message. A worker of another release may mean something else by the same bytes, so it is ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// The release that the worker's files belong to.
    pub release: String,
}

/// Why a message cannot be written or read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProtocolError {
    /// The other side speaks another version.
    #[error("page and worker are of different versions ({0} and {VERSION}): reload the page")]
    Version(u32),
    /// The bytes are not a message.
    #[error("a message between page and worker can't be read")]
    Unreadable,
    /// The message has no form in bytes.
    #[error("a message between page and worker can't be written")]
    Unwritable,
}

/// Writes a message as bytes. Fails with [`ProtocolError::Unwritable`] if it has a part that postcard refuses.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, ProtocolError> {
    let start = VERSION.to_le_bytes().to_vec();
    postcard::to_extend(message, start).map_err(|_| ProtocolError::Unwritable)
}

/// Reads a message from bytes. Allocates no more memory than the number of bytes justifies.
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
        data::DatasetId,
        dialect::Dialect,
        model::ModelSpec,
        plane::Plotted,
        settings::Settings,
        trace::Tiles,
        training::{
            LossParts, Progress, StepLosses,
            history::{History, Validation},
        },
    };
    use proptest::prelude::*;

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let settings = Settings { model: ModelSpec::dense(&[5], 2, 0.3), ..Settings::default() };
        let progress = Progress::initial(&settings.model, 1);
        let weights = progress.weights.clone();
        let parts = LossParts { reconstruction: 2.5, divergence: 0.5 };
        let variational = StepLosses { totals: vec![3.0], parts: vec![parts] };
        for command in [
            TrainerCommand::Start {
                run: 7,
                settings,
                progress: Some(progress.into()),
                history: History::restored(1, vec![0.5, 0.25], vec![Validation::total(3, 0.125)]).into(),
            },
            TrainerCommand::Adjust { learning_rates: 0.001.into(), epochs: 30 },
        ] {
            assert_eq!(decode(&encode(&command).unwrap()), Ok(command));
        }
        for event in [
            TrainerEvent::Snapshot { run: 1, steps: 3 },
            TrainerEvent::Trained {
                run: 1,
                steps_before: 3,
                losses: vec![0.1, f32::MAX].into(),
                learning_rate: 0.001,
            },
            TrainerEvent::Trained { run: 1, steps_before: 3, losses: variational, learning_rate: 0.001 },
            TrainerEvent::Validated { run: 1, epochs: 2, loss: 3.0, parts: Some(parts) },
            TrainerEvent::Entered(2, Phase::Compiling),
            TrainerEvent::Checkpoint { run: 1, steps: 3, file: vec![1, 2, 3] },
        ] {
            assert_eq!(decode(&encode(&event).unwrap()), Ok(event));
        }
        let images = HelperCommand::Images { from: 2, total: 3, pixels: vec![7; 784] };
        assert_eq!(decode(&encode(&images).unwrap()), Ok(images));
        let model = ModelSpec::dense(&[5], 2, 0.3);
        let progress = Progress::initial(&model, 1);
        let join =
            HelperCommand::Join { member: 0, members: 2, model: model.clone(), progress, seed: u64::MAX };
        assert_eq!(decode(&encode(&join).unwrap()), Ok(join));
        let snapshot = Snapshot { run: 1, steps: 3, weights };
        assert_eq!(decode(&encode(&snapshot).unwrap()), Ok(snapshot));
        let greeting = Greeting { release: "0123456789abcdef".into() };
        assert_eq!(decode(&encode(&greeting).unwrap()), Ok(greeting));
        let show = ExplorerCommand::Plot(Plotted::Training);
        assert_eq!(decode(&encode(&show).unwrap()), Ok(show));
        let distribution = Some(CodeDistribution { mean: vec![0.5, -1.0], log_variance: vec![-2.0, 0.25] });
        let pair = Pair {
            image: 7,
            label: Some(3),
            original: Some(vec![0; 784]),
            corrupted: Some(vec![5; 784]),
            copy: vec![9; 784],
            distribution,
        };
        let bare = Pair { original: None, corrupted: None, distribution: None, ..pair.clone() };
        let pairs = ExplorerEvent::Pairs(vec![bare, pair]);
        assert_eq!(decode(&encode(&pairs).unwrap()), Ok(pairs));
        let command = ExportCommand::Program(Box::default(), Dialect::Burn);
        let request = ExportRequest { number: 7, command };
        assert_eq!(decode(&encode(&request).unwrap()), Ok(request));
        let reply = ExportReply { number: 7, result: ExportResult::File(vec![1, 2]) };
        assert_eq!(decode(&encode(&reply).unwrap()), Ok(reply));
        let tiles = Tiles { shape: model.input, values: vec![3; 784] };
        let traced = ExplorerEvent::Traced { rows: vec![None, Some(tiles.clone())], weights: Some(tiles) };
        assert_eq!(decode(&encode(&traced).unwrap()), Ok(traced));
        let draw = AnalysisCommand::Draw {
            strokes: vec![vec![[0.5, 0.25]], vec![]],
            dataset: DatasetId::Mnist,
            shape: model.input,
            ink: [1, 2, 3],
        };
        assert_eq!(decode(&encode(&draw).unwrap()), Ok(draw));
        let decoded = ExplorerEvent::Decoded { code: vec![0.5, -1.0], image: vec![255; 784] };
        assert_eq!(decode(&encode(&decoded).unwrap()), Ok(decoded));
    }

    #[test]
    fn another_version_is_told_from_nonsense() {
        let mut bytes = encode(&TrainerCommand::Pause).unwrap();
        bytes[0] += 1;
        assert_eq!(decode::<TrainerCommand>(&bytes), Err(ProtocolError::Version(VERSION + 1)));
        assert_eq!(decode::<TrainerCommand>(&[1, 0]), Err(ProtocolError::Unreadable));
    }

    /// A message that refuses to be written.
    struct Unwritable;

    impl Serialize for Unwritable {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no form in bytes"))
        }
    }

    #[test]
    fn a_message_that_cannot_be_written_is_an_error_and_not_an_empty_one() {
        assert_eq!(encode(&Unwritable), Err(ProtocolError::Unwritable));
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
            let _ = decode::<Snapshot>(&message);
            let _ = decode::<ExportRequest>(&message);
            let _ = decode::<ExportReply>(&message);
            let _ = decode::<AnalysisCommand>(&message);
            let _ = decode::<AnalysisEvent>(&message);
        }

        #[test]
        fn a_cut_message_is_refused(cut in 1usize..40) {
            let bytes = encode(&TrainerCommand::Start {
                run: 1,
                settings: Settings::default(),
                progress: None,
                history: Box::default(),
            }).unwrap();
            prop_assert!(decode::<TrainerCommand>(&bytes[..bytes.len().saturating_sub(cut)]).is_err());
        }
    }
}
