//! What leaves the page: programs for other libraries, pictures that move, pictures in a row, and QR codes.
//!
//! The crate knows no browser. `latent-worker` runs it in a worker, and the command line prints programs.

pub mod code; // a run as a program in Keras, PyTorch or Burn
