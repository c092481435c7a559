//! What the page does next: which engine trains, which one is faster, and what follows a failure.

pub mod contest; // which engine is faster
pub mod engine_selection; // which engine trains
pub mod recovery; // what becomes of a run whose engine dies
