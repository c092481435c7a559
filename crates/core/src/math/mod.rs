//! Elementary functions and normal deviates whose results are the same bits on every platform and in every SIMD width.
//!
//! The libraries of WebAssembly engines and operating systems round `exp`, `ln` and `tanh` differently. The functions here
//! use only operations that IEEE 754 rounds exactly (+, −, ×, ÷, √), comparisons and bit operations, in a fixed order and
//! without fused multiply-add. They are generic over [`Float`], which `f32` and the CPU engine's vectors implement, so
//! each formula exists once.
//!
//! Errors are below these bounds, in units in the last place of the result, against `f64`:
//!
//! | function | error | results never decrease |
//! |---|---|---|
//! | [`exp`] | 1.04 | yes |
//! | [`ln`] | 0.9 | yes |
//! | [`tanh`] | 1.4 | yes |
//! | [`sigmoid`] | 2.5 | within an error |
//! | [`softplus`] | 2.5 | within an error |
//!
//! Tests check one number in 997, and every number around the joints of the formulas; an ignored test checks all 2³²
//! (`exp` has passed it). Results below the smallest normal number are measured in units of the subnormal grid.
//!
//! All functions are total: they take infinities, subnormal numbers and NaN. The bits of a NaN are not fixed.
//!
//! [`read_f32`] and [`shortest`] are numbers as text.

mod decimal;
mod float;
mod functions;
mod natural;
mod normal;
mod number;
mod typed_number;

pub use decimal::{read_f32, shortest};
pub use float::Float;
pub use functions::{exp, ln, sigmoid, sigmoid_and_log, softplus, tanh};
pub use normal::{box_muller, uniforms_and_turns};
pub(crate) use number::Number;
pub use typed_number::{MOST_IN_CODE, items, read_decimal, read_decimals, read_whole};
