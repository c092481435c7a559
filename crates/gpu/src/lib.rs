//! The training step as compute passes in WGSL, on a device that others made: no Burn, no browser.
//!
//! Everything dense is one product of two matrices (`wgsl/product.wgsl`), and a pass says what they are. In the order of a
//! step, with `x` the images, `W` the layers' weights and `d` the loss' gradients before the activations:
//!
//! | passes | compute |
//! |---|---|
//! | forward, one a layer | `a = leaky(a · W)`, from `x` to the code and on |
//! | compare, the last of them | `e = leaky(a · W) − x`, `d = 2e / n · leaky'`, the squares of `e` |
//! | backward, one a layer but the first | `d = (d · Wᵀ) · leaky'` |
//! | gradient, one for the first layer and one for all others | `aᵀ · d`, which Adam takes from the registers |
//! | loss | sums of the squares of `e` |
//!
//! Ten dispatches for one hidden layer, four more for each further one. There are no biases: every row of inputs
//! ends in a 1, and the bias is the weights' last row (`layout`).
//!
//! Where the decoder has one hidden layer and the code up to three numbers, as in the tutorial, its half of the step is
//! another one (`wgsl/linear.wgsl`), which is exact too and takes less arithmetic. From the codes on:
//!
//! | passes | compute |
//! |---|---|
//! | choose | lists of the units that bend between an image and the middle of its cell of the plane, and the inverse |
//! | bases | what each cell's codes are multiplied by |
//! | images | `e` and `d`, and how the error changes with the code |
//! | moments | sums of that, of the squares of `e`, and of `code · d` by cell |
//! | units | the output layer's gradient, which Adam takes from the registers, and the one before it |
//! | backward, for the layer to the code | `d = (d · Wᵀ) · leaky'` |
//! | around the code | sums of the small layers' gradients, which Adam takes |
//!
//! Read `wgsl/common.wgsl`, `wgsl/product.wgsl` and `wgsl/two_blocks.wgsl` first, or `wgsl/linear.wgsl` and
//! `wgsl/choose.wgsl` for those, then `pipelines` (which pass is put together from what), `layout` (what lies where),
//! `memory` (the buffers, made once), `schedule` (a step, dispatch by dispatch), `chunk` (many steps in one submission)
//! and `passes` (what a trainer does with it).

mod chunk;
mod device;
mod images;
mod layout;
mod memory;
mod passes;
mod pipelines;
mod readback;
mod schedule;

pub use device::Gpu;
pub use passes::Passes;
