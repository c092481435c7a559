//! The analysis: looks at codes and draws strokes, in a worker of its own, which the page loads when it needs it first.
//!
//! Each command is a piece of work without a state. The page ends the worker to cancel one.

#[cfg(target_family = "wasm")]
mod serve;

#[cfg(target_family = "wasm")]
pub use serve::serve;

use latent_core::{
    drawing::{Placement, draw},
    plane::{contours, votes},
};
use latent_protocol::{AnalysisCommand, AnalysisEvent};

/// Does what a command says.
pub fn answer(command: AnalysisCommand) -> AnalysisEvent {
    match command {
        AnalysisCommand::Vote { units, labels, codes } => AnalysisEvent::Voted(votes(&codes, units, &labels)),
        AnalysisCommand::Contours { classes, labels, points } => {
            AnalysisEvent::Contours(contours(&points, &labels, &classes))
        }
        AnalysisCommand::Draw { strokes, dataset, shape, ink } => {
            // Sizes come from the page's own model; others would only cost memory.
            let drawn = shape.is_supported().then(|| draw(&strokes, shape, Placement::of(dataset), ink));
            AnalysisEvent::Drawn(drawn.flatten())
        }
    }
}
