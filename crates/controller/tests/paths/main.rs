//! Every path of the page's controller: each race between a person, the workers and the browser is an order of events.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod any_order;
mod candidate;
mod checkpoints;
mod datasets;
mod earlier_runs;
mod explorer;
mod fake_trainer;
mod learning_rates;
mod links;
mod models;
mod page;
mod past;
mod pinned;
mod presets;
mod programs;
mod recovery;
mod releases;
mod training;
