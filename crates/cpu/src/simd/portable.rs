//! Four floats in an array: for targets whose vectors aren't spelled out here.

use super::Simd;
use latent_core::math::Float;
use std::{
    array::from_fn,
    ops::{Add, Div, Mul, Sub},
};

/// Four floats.
#[derive(Clone, Copy)]
pub(in super::super) struct Portable4([f32; 4]);

impl Portable4 {
    #[inline(always)]
    fn with(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(from_fn(|k| f(self.0[k], other.0[k])))
    }
}

impl Add for Portable4 {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }
}

impl Sub for Portable4 {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
}

impl Mul for Portable4 {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(other, |a, b| a * b)
    }
}

impl Div for Portable4 {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.with(other, |a, b| a / b)
    }
}

impl Float for Portable4 {
    const LANES: usize = 4;

    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        Self(from_fn(|k| from[k]))
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        to[..4].copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([x; 4])
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(f32::sqrt))
    }

    #[inline(always)]
    fn select_greater(self, other: Self, then: Self, otherwise: Self) -> Self {
        Self(from_fn(|k| if self.0[k] > other.0[k] { then.0[k] } else { otherwise.0[k] }))
    }

    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        self.with(other, f32::bits_and)
    }

    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        self.with(other, f32::bits_or)
    }

    #[inline(always)]
    fn shift_left_23(self) -> Self {
        Self(self.0.map(f32::shift_left_23))
    }

    #[inline(always)]
    fn shift_right_23(self) -> Self {
        Self(self.0.map(f32::shift_right_23))
    }
}

impl Simd for Portable4 {
    #[inline(always)]
    unsafe fn load_at(from: &[f32], at: usize) -> Self {
        // SAFETY: the caller promises that there are four floats from `at` on.
        Self(unsafe { from.as_ptr().add(at).cast::<[f32; 4]>().read_unaligned() })
    }

    #[inline(always)]
    fn load_bytes(from: &[u8]) -> Self {
        Self(from_fn(|k| f32::from(from[k])))
    }

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    #[inline(always)]
    fn where_positive(self, then: Self, otherwise: Self) -> Self {
        Self(from_fn(|k| if self.0[k] > 0.0 { then.0[k] } else { otherwise.0[k] }))
    }

    #[inline(always)]
    fn positive(self) -> u32 {
        (0..4).map(|k| u32::from(self.0[k] > 0.0) << k).sum()
    }

    #[inline(always)]
    fn store_columns(rows: [Self; 4], to: &mut [f32], stride: usize) {
        for column in 0..4 {
            to[column * stride..][..4].copy_from_slice(&rows.map(|row| row.0[column]));
        }
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        let [a, b, c, d] = self.0;
        (a + b) + (c + d)
    }

    #[inline(never)]
    fn run<T>(f: impl FnOnce() -> T) -> T {
        f()
    }
}
