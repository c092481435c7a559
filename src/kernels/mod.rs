//! Training steps written by hand for this network, each tested against its plain Burn reference.

pub mod cpu;
#[cfg(feature = "wgpu")]
pub mod gpu;
