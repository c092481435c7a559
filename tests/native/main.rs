//! The integration tests outside a browser: one program, so that it is linked once.

mod architecture;
#[cfg(feature = "flex")]
mod burn_trainer;
#[cfg(feature = "flex")]
mod cpu_against_burn;
mod cpu_step;
mod keras;
mod mnist_files;
mod session;
mod support;
