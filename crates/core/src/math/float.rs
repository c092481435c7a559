//! What the formulas compute with: a number, or a vector of numbers.

use std::ops::{Add, Div, Mul, Sub};

/// A 32-bit float, or several side by side on which every operation acts lane by lane.
///
/// Each operation is rounded by itself: an implementation fuses no multiplication with an addition.
pub trait Float:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Floats side by side: 1, 2, 4 or 8.
    const LANES: usize;
    /// The first floats of a slice.
    fn load(from: &[f32]) -> Self;
    /// Writes to the start of a slice.
    fn store(self, to: &mut [f32]);
    /// The same number in every lane.
    fn splat(x: f32) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// `then` where `self` is greater than `other`, and `otherwise` elsewhere, also where one of them is NaN.
    fn select_greater(self, other: Self, then: Self, otherwise: Self) -> Self;
    /// The bits that both have.
    fn bits_and(self, other: Self) -> Self;
    /// The bits that either has.
    fn bits_or(self, other: Self) -> Self;
    /// The bits shifted by the width of the mantissa towards the sign: an integer becomes an exponent.
    fn shift_left_23(self) -> Self;
    /// The bits shifted by the width of the mantissa away from the sign, zeros first: an exponent becomes an integer.
    fn shift_right_23(self) -> Self;
}

impl Float for f32 {
    const LANES: usize = 1;

    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        from[0]
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        to[0] = self;
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        x
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self::sqrt(self)
    }

    #[inline(always)]
    fn select_greater(self, other: Self, then: Self, otherwise: Self) -> Self {
        if self > other { then } else { otherwise }
    }

    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        Self::from_bits(self.to_bits() & other.to_bits())
    }

    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        Self::from_bits(self.to_bits() | other.to_bits())
    }

    #[inline(always)]
    fn shift_left_23(self) -> Self {
        Self::from_bits(self.to_bits() << 23)
    }

    #[inline(always)]
    fn shift_right_23(self) -> Self {
        Self::from_bits(self.to_bits() >> 23)
    }
}
