//! The worker programs: the trainer, its helpers, and the explorer.
//!
//! The sessions know no browser and are tested natively: inputs arrive in a channel, and what they give out is passed to a
//! function. The other modules connect them to a browser.

pub mod analysis; // what neighbourhoods of codes say, and strokes as images
pub mod explorer; // the explorer's session
pub mod first_step_check; // compares a trainer's first step with the CPU's
pub mod parallel; // the CPU trainer with several workers
pub mod session; // a trainer's session

#[cfg(target_family = "wasm")]
mod allocator; // notes allocations that fail
#[cfg(target_family = "wasm")]
mod dataset_loader; // loads the data set
#[cfg(target_family = "wasm")]
mod event_loop; // lets messages in between two pieces of work
#[cfg(all(target_family = "wasm", feature = "export_program"))]
pub mod exporter; // makes programs, pictures and QR codes
#[cfg(all(target_family = "wasm", feature = "import_program"))]
pub mod importer; // imports a person's own images
#[cfg(target_family = "wasm")]
mod messages; // messages to and from who spawned this worker
#[cfg(target_family = "wasm")]
mod panics; // puts panics into words
#[cfg(target_family = "wasm")]
pub mod programs; // what the worker programs do
#[cfg(target_family = "wasm")]
mod release; // the release that this worker belongs to
