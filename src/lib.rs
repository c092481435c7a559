//! The page: what its views show as plain functions, and, in a browser, the views themselves.

#[cfg(target_family = "wasm")]
pub mod app;
pub mod display; // what the views show, as plain functions
