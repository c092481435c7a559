//! Decides what the page does next, as a pure state machine: events in, effects out, time as an argument, no I/O.
//!
//! [`Controller::handle`] takes one [`Event`] and gives the [`Effect`]s that the page executes in order. What the page
//! shows of the run is in [`Controller::view`]. Every race between a person, the workers and the browser is therefore
//! an order of events that a native test can play.

mod controller; // the state machine
mod effect; // what the page executes
pub mod engine_benchmark; // which engine is faster
pub mod engine_selection; // which engine trains
mod event; // what happens to the page
mod failure; // what a worker's error means, in words
pub mod numbers; // numbers as people read them
pub mod own_images; // a person's own images that this browser may not have
pub mod recovery; // what becomes of a run whose engine dies
mod view; // what the page shows of the run
pub mod watchdog; // how a worker that hangs is noticed

pub use controller::{Controller, Environment};
pub use effect::{Effect, HistoryChange};
pub use event::{Action, Event, NotSaved, SavedRecord, SavedRun, WorkerEvent, WorkerFailure, WorkerId};
pub use failure::plain_failure;
pub use view::{EngineInUse, Linked, PinnedRun, Replay, Resumable, RunView};
