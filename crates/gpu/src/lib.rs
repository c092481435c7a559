//! The training step as compute passes in WGSL: no Burn, no browser, and no optional feature of the device.
//!
//! Models of any kind are trained (`general`). Deterministic networks of dense layers have kernels of their own, which are
//! described here.
//!
//! Dense layers are products of two matrices (`wgsl/product.wgsl`); a kernel says which. In the order of a step, with `x`
//! the images, `W` the layers' weights, `f` the layers' activations and `d` the gradients by their pre-activations:
//!
//! | passes | compute |
//! |---|---|
//! | forward, one a layer but the last | `y = f(y · W)`, from `x` on |
//! | output losses | the last layer's `d`, and the pixels' losses |
//! | sum losses | the losses of each four images |
//! | backward, one a layer but the first | `d = (d · Wᵀ) · f'` |
//! | update, one for the first layer and one for all others | `yᵀ · d`, which Adam takes from the registers |
//!
//! Ten dispatches for one hidden layer, four more for each further one. There are no biases: every row of inputs
//! ends in a 1, and the bias is the last row of the weights (`layout`).
//!
//! A decoder with one piecewise linear hidden layer behind a code of up to three numbers, as in the tutorial, is computed
//! by its linear regions instead (`wgsl/linear/decoder.wgsl`), which is exact too and takes less arithmetic. From the
//! codes on:
//!
//! | passes | compute |
//! |---|---|
//! | boundary units | lists of the units that change sign between an image and the centre of its cell, and the inverse |
//! | bases | the matrix that each cell's codes are multiplied by |
//! | linear losses | `d` and the losses, and the gradient by the code |
//! | moments | sums of the gradient by the code, of the losses, and of `code · d` by cell |
//! | update output layer | the output layer's gradient, which Adam takes from the registers, and that of the hidden layer |
//! | backward, for the layer to the code | `d = (d · Wᵀ) · f'` |
//! | update code layers | the gradients of the layers on both sides of the code, which Adam takes |
//!
//! An activation is a file in `wgsl/activation`, a loss a file in `wgsl/loss`: a kernel is compiled for each that a network
//! has. Slopes and sizes are data.
//!
//! From the top: `passes` (what a trainer does), `team` (what it does as one of several ranks), `runner` (one submission and one
//! readback), `chunk` (many steps in one submission, and the parts of batches), `network` (either kind of model), `schedule` (a
//! step, dispatch by dispatch), `kernel` (which pieces of WGSL a kernel consists of), `pipelines` (kernels, compiled), `buffers`
//! and `images` (what is on the device), `layout` and `weights` (where each matrix begins). In `wgsl/`, begin with `common`,
//! `product` and `tile_2x1`.

mod activation;
mod buffers;
mod chunk;
mod device;
mod errors;
mod general;
mod images;
mod kernel;
mod layout;
mod network;
mod passes;
mod pipelines;
#[cfg(any(target_family = "wasm", test))]
mod polling;
#[cfg(not(target_family = "wasm"))]
mod profile;
mod readback;
mod runner;
mod schedule;
mod team;
#[cfg(target_family = "wasm")]
mod ticker;
mod weights;

pub use device::Gpu;
pub use passes::Passes;
#[cfg(not(target_family = "wasm"))]
pub use profile::KernelTime;
