//! The integration tests outside a browser: one program, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod architecture;
#[cfg(feature = "flex")]
mod burn_trainer;
mod checkpoint;
mod constants;
#[cfg(feature = "flex")]
mod cpu_against_burn;
mod cpu_models;
mod cpu_step;
mod dataset_files;
#[cfg(any(feature = "flex", feature = "wgpu"))]
mod dense_bce;
mod drawing;
mod explorer;
mod first_step_check;
#[cfg(feature = "wgpu")]
mod gpu;
#[cfg(feature = "wgpu")]
mod gpu_model_kinds;
#[cfg(feature = "wgpu")]
mod gpu_ranks;
mod keras;
mod layered;
mod layered_losses;
mod learning_rates;
mod lessons;
#[cfg(any(feature = "flex", feature = "wgpu"))]
mod model_kinds;
mod models_page;
mod plain;
mod pretrained;
mod session;
mod settings_page;
mod typical;
mod version_1;
