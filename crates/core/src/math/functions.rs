//! The elementary functions.

use super::Float;

const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts. The first has 9 significant bits, so its product with an exponent is exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// 1.5 · 2²³: adding and subtracting it rounds to the nearest integer.
const ROUNDING: f32 = 12_582_912.0;
/// 2²³: in a float from here to 2²⁴, the low bits are those of the integer.
const INTEGER: f32 = 8_388_608.0;
const EXPONENT_BIAS: f32 = 127.0;
const ABSOLUTE: f32 = f32::from_bits(0x7fff_ffff);
const MANTISSA: f32 = f32::from_bits(0x007f_ffff);

/// eˣ. Overflows to infinity and underflows gradually to 0.
#[inline(always)]
pub fn exp<F: Float>(x: F) -> F {
    let (low, high) = (F::splat(-104.0), F::splat(89.0));
    let x = x.select_greater(high, high, low.select_greater(x, low, x));
    let exponent = round(x * F::splat(LOG2_E));
    let r = x - exponent * F::splat(LN_2[0]) - exponent * F::splat(LN_2[1]);
    // (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2, from Cephes' expf.
    const TAIL: [f32; 6] =
        [0.500_000_06, 1.666_666_5e-1, 4.166_579_6e-2, 8.333_452e-3, 1.398_199_9e-3, 1.987_569_1e-4];
    let power = polynomial(r, TAIL) * (r * r) + r + F::splat(1.0);
    // In two factors, so that both are normal numbers where the result is infinite or subnormal.
    let half = round(exponent * F::splat(0.5));
    power * power_of_two(half) * power_of_two(exponent - half)
}

/// The natural logarithm. −∞ for 0, NaN for negative numbers.
#[inline(always)]
pub fn ln<F: Float>(x: F) -> F {
    let zero = F::splat(0.0);
    let normal = F::splat(f32::MIN_POSITIVE);
    let scaled = normal.select_greater(x, x * F::splat(INTEGER), x);
    let scale = normal.select_greater(x, F::splat(23.0), zero);
    let exponent = scaled.shift_right_23().bits_or(F::splat(INTEGER));
    let exponent = exponent - F::splat(INTEGER + EXPONENT_BIAS) - scale;
    let mantissa = scaled.bits_and(F::splat(MANTISSA)).bits_or(F::splat(1.0));
    // The mantissa from √½ to √2.
    let root = F::splat(std::f32::consts::SQRT_2);
    let exponent = mantissa.select_greater(root, exponent + F::splat(1.0), exponent);
    let mantissa = mantissa.select_greater(root, mantissa * F::splat(0.5), mantissa);

    let f = mantissa - F::splat(1.0);
    let correction = ln_1p_correction(f);
    let y = exponent * F::splat(LN_2[0]) - (correction - exponent * F::splat(LN_2[1]) - f);
    let y = x.select_greater(F::splat(f32::MAX), x, y);
    // 0 becomes −∞, and NaN stays NaN.
    let singular = zero.select_greater(x, F::splat(f32::NAN), x - F::splat(f32::INFINITY));
    x.select_greater(zero, y, singular)
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh<F: Float>(x: F) -> F {
    let magnitude = x.bits_and(F::splat(ABSOLUTE));
    // (tanh x − x) / x³ for |x| ≤ 0.625, from Cephes' tanhf.
    const TAIL: [f32; 5] = [-3.333_328e-1, 1.333_144_2e-1, -5.373_971_6e-2, 2.063_908_9e-2, -5.704_988_6e-3];
    let square = x * x;
    let near = magnitude + magnitude * (square * polynomial(square, TAIL));
    let one = F::splat(1.0);
    let far = one - F::splat(2.0) / (exp(magnitude + magnitude) + one);
    let y = magnitude.select_greater(F::splat(0.625), far, near);
    y.bits_or(x.bits_and(F::splat(-0.0)))
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub fn sigmoid<F: Float>(x: F) -> F {
    let small = exp_of_minus_abs(x);
    x.select_greater(F::splat(0.0), F::splat(1.0), small) / (F::splat(1.0) + small)
}

/// ln(1 + eˣ).
#[inline(always)]
pub fn softplus<F: Float>(x: F) -> F {
    let zero = F::splat(0.0);
    let positive = zero.select_greater(x, zero, x);
    positive + ln_1p(exp_of_minus_abs(x))
}

/// The sigmoid of `x` and ln(1 + e^−|x|), which is what binary cross-entropy is made of, for the price of one `exp`.
#[inline(always)]
pub fn sigmoid_and_log<F: Float>(x: F) -> (F, F) {
    let small = exp_of_minus_abs(x);
    let sigmoid = x.select_greater(F::splat(0.0), F::splat(1.0), small) / (F::splat(1.0) + small);
    (sigmoid, ln_1p(small))
}

#[inline(always)]
fn exp_of_minus_abs<F: Float>(x: F) -> F {
    exp(x.bits_or(F::splat(-0.0)))
}

/// ln(1 + f) for f from 0 to 1.
#[inline(always)]
fn ln_1p<F: Float>(f: F) -> F {
    f - ln_1p_correction(f)
}

/// f − ln(1 + f) for f from √½ − 1 to 1. With s = f / (2 + f), ln(1 + f) = 2 artanh s = f − s · (f − 2s² · tail(s²)).
#[inline(always)]
fn ln_1p_correction<F: Float>(f: F) -> F {
    // (artanh s / s − 1) / s² for |s| ≤ ⅓, interpolated at Chebyshev's nodes.
    const TAIL: [f32; 5] = [3.333_333_4e-1, 1.999_985_3e-1, 1.429_621e-1, 1.085_277_1e-1, 1.161_483_2e-1];
    let s = f / (F::splat(2.0) + f);
    let square = s * s;
    s * (f - (square + square) * polynomial(square, TAIL))
}

/// A polynomial by Horner's rule, its constant coefficient first.
#[inline(always)]
pub(super) fn polynomial<F: Float, const N: usize>(x: F, coefficients: [f32; N]) -> F {
    let mut sum = F::splat(coefficients[N - 1]);
    for k in (0..N - 1).rev() {
        sum = sum * x + F::splat(coefficients[k]);
    }
    sum
}

/// The nearest integer, if it is below 2²².
#[inline(always)]
pub(super) fn round<F: Float>(x: F) -> F {
    x + F::splat(ROUNDING) - F::splat(ROUNDING)
}

/// 2 to the power of an integer from −126 to 127.
#[inline(always)]
fn power_of_two<F: Float>(exponent: F) -> F {
    (exponent + F::splat(INTEGER + EXPONENT_BIAS)).shift_left_23()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
