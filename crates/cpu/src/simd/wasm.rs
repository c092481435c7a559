//! WebAssembly's 128-bit SIMD, which every browser with WebGPU has.

use super::Simd;
use latent_core::math::Float;
use std::{
    arch::wasm32::*,
    ops::{Add, Div, Mul, Sub},
};

/// Four floats in a `v128`.
#[derive(Clone, Copy)]
pub(in super::super) struct Wasm4(v128);

impl Add for Wasm4 {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }
}

impl Sub for Wasm4 {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }
}

impl Mul for Wasm4 {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }
}

impl Div for Wasm4 {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }
}

impl Float for Wasm4 {
    const LANES: usize = 4;

    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        let from = &from[..4];
        // SAFETY: the slice above has four floats; v128_load takes any alignment.
        Self(unsafe { v128_load(from.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        let to = &mut to[..4];
        // SAFETY: the slice above has four floats; v128_store takes any alignment.
        unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(f32x4_splat(x))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }

    #[inline(always)]
    fn select_greater(self, other: Self, then: Self, otherwise: Self) -> Self {
        Self(v128_bitselect(then.0, otherwise.0, f32x4_gt(self.0, other.0)))
    }

    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        Self(v128_or(self.0, other.0))
    }

    #[inline(always)]
    fn shift_left_23(self) -> Self {
        Self(u32x4_shl(self.0, 23))
    }

    #[inline(always)]
    fn shift_right_23(self) -> Self {
        Self(u32x4_shr(self.0, 23))
    }
}

impl Simd for Wasm4 {
    #[inline(always)]
    unsafe fn load_at(from: &[f32], at: usize) -> Self {
        // SAFETY: the caller promises that there are four floats from `at` on.
        Self(unsafe { v128_load(from.as_ptr().add(at).cast()) })
    }

    #[inline(always)]
    fn load_bytes(from: &[u8]) -> Self {
        let from = &from[..4];
        // SAFETY: the slice above has the four bytes that are read.
        let bytes = unsafe { v128_load32_zero(from.as_ptr().cast()) };
        Self(f32x4_convert_u32x4(u32x4_extend_low_u16x8(u16x8_extend_low_u8x16(bytes))))
    }

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    #[inline(always)]
    fn where_positive(self, then: Self, otherwise: Self) -> Self {
        Self(v128_bitselect(then.0, otherwise.0, f32x4_gt(self.0, f32x4_splat(0.0))))
    }

    #[inline(always)]
    fn positive(self) -> u32 {
        u32::from(i32x4_bitmask(f32x4_gt(self.0, f32x4_splat(0.0))))
    }

    #[inline(always)]
    fn store_columns([a, b, c, d]: [Self; 4], to: &mut [f32], stride: usize) {
        let ab = [i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0), i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0)];
        let cd = [i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0), i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0)];
        for pair in 0..2 {
            let to = &mut to[2 * pair * stride..];
            Self(i64x2_shuffle::<0, 2>(ab[pair], cd[pair])).store(to);
            Self(i64x2_shuffle::<1, 3>(ab[pair], cd[pair])).store(&mut to[stride..]);
        }
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        let low = f32x4_extract_lane::<0>(self.0) + f32x4_extract_lane::<1>(self.0);
        let high = f32x4_extract_lane::<2>(self.0) + f32x4_extract_lane::<3>(self.0);
        low + high
    }

    // Never inlined: each phase is a function of its own, which browsers' compilers take better than a large one.
    #[inline(never)]
    fn run<T>(f: impl FnOnce() -> T) -> T {
        f()
    }
}
