//! Descriptions of models, data sets and runs; weights; model files; the step loop; links; geometry of the latent plane.
//!
//! This crate has no browser, no SIMD and no Burn. Every other crate depends on it.

pub mod adapter; // what is known of a GPU
pub mod data; // data sets: descriptions, files, images at rest
pub mod dialect; // libraries that models are written as programs for
pub mod drawing; // a person's own drawing as an image
pub mod engine; // the engines there are
pub mod lesson; // lessons: their files, what they ask for, and who has done what
pub mod link; // settings <-> URL fragment
pub mod math; // exp, ln, tanh, sigmoid and normal deviates with the same bits on every platform
pub mod model; // what a model is, and the layers that it is lowered to
pub mod noise; // the randomness of a training step, by counters
pub mod picture; // pictures that leave the page, as they are asked for
pub mod plane; // the visible range of the latent plane
pub mod pretrained; // the file of the pretrained decoder
pub mod random; // the seeded generator of initial weights and orders
pub mod reference; // docs/settings.md
pub mod settings; // what a run is, its defaults and limits, and its text form
pub mod team; // workers that train one network together
pub mod trace; // what layers give and weigh, as pictures
pub mod training; // the trainer's interface, the step loop, the order of an epoch, model files, losses over time
pub mod weights; // named weights, and their initial values
