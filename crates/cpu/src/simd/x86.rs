//! x86-64: SSE2, which every such processor has, and AVX2 with FMA, which is asked for at run time.

use super::Simd;
use latent_core::math::Float;
use std::{
    arch::x86_64::*,
    ops::{Add, Div, Mul, Sub},
};

/// Four floats in an SSE register. Its results are those of plain WebAssembly SIMD, bit for bit.
#[derive(Clone, Copy)]
pub(in super::super) struct Sse4(__m128);

/// Eight floats in an AVX register: only to be used inside `Avx8::run`, and that only if
/// [`Avx8::is_available`].
#[derive(Clone, Copy)]
pub(in super::super) struct Avx8(__m256);

macro_rules! operators {
    ($vector:ident: $($operator:ident, $method:ident, $intrinsic:ident;)*) => {
        $(impl $operator for $vector {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: the processor has the instruction (see the type).
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        })*
    };
}
operators!(Sse4: Add, add, _mm_add_ps; Sub, sub, _mm_sub_ps; Mul, mul, _mm_mul_ps; Div, div, _mm_div_ps;);
operators!(Avx8: Add, add, _mm256_add_ps; Sub, sub, _mm256_sub_ps; Mul, mul, _mm256_mul_ps; Div, div, _mm256_div_ps;);

impl Float for Sse4 {
    const LANES: usize = 4;

    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        let from = &from[..4];
        // SAFETY: the slice above has four floats.
        Self(unsafe { _mm_loadu_ps(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        let to = &mut to[..4];
        // SAFETY: the slice above has four floats.
        unsafe { _mm_storeu_ps(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_set1_ps(x) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_sqrt_ps(self.0) })
    }

    #[inline(always)]
    fn select_greater(self, other: Self, then: Self, otherwise: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe {
            let greater = _mm_cmpgt_ps(self.0, other.0);
            _mm_or_ps(_mm_and_ps(greater, then.0), _mm_andnot_ps(greater, otherwise.0))
        })
    }

    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_and_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_or_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn shift_left_23(self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_castsi128_ps(_mm_slli_epi32::<23>(_mm_castps_si128(self.0))) })
    }

    #[inline(always)]
    fn shift_right_23(self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe { _mm_castsi128_ps(_mm_srli_epi32::<23>(_mm_castps_si128(self.0))) })
    }
}

impl Simd for Sse4 {
    #[inline(always)]
    unsafe fn load_at(from: &[f32], at: usize) -> Self {
        // SAFETY: the caller promises that there are four floats from `at` on.
        Self(unsafe { _mm_loadu_ps(from.as_ptr().add(at)) })
    }

    #[inline(always)]
    fn load_bytes(from: &[u8]) -> Self {
        let bytes = i32::from_le_bytes([from[0], from[1], from[2], from[3]]);
        // SAFETY: every x86-64 has SSE2. Zeros between the bytes make them 16, then 32 bits wide.
        Self(unsafe {
            let zero = _mm_setzero_si128();
            let pairs = _mm_unpacklo_epi8(_mm_cvtsi32_si128(bytes), zero);
            _mm_cvtepi32_ps(_mm_unpacklo_epi16(pairs, zero))
        })
    }

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    #[inline(always)]
    fn where_positive(self, then: Self, otherwise: Self) -> Self {
        // SAFETY: every x86-64 has SSE2.
        Self(unsafe {
            let positive = _mm_cmpgt_ps(self.0, _mm_setzero_ps());
            _mm_or_ps(_mm_and_ps(positive, then.0), _mm_andnot_ps(positive, otherwise.0))
        })
    }

    #[inline(always)]
    fn positive(self) -> u32 {
        // SAFETY: every x86-64 has SSE2.
        unsafe { _mm_movemask_ps(_mm_cmpgt_ps(self.0, _mm_setzero_ps())) as u32 }
    }

    #[inline(always)]
    fn store_columns([mut a, mut b, mut c, mut d]: [Self; 4], to: &mut [f32], stride: usize) {
        // SAFETY: every x86-64 has SSE2.
        unsafe { _MM_TRANSPOSE4_PS(&mut a.0, &mut b.0, &mut c.0, &mut d.0) };
        a.store(to);
        b.store(&mut to[stride..]);
        c.store(&mut to[2 * stride..]);
        d.store(&mut to[3 * stride..]);
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        let mut lanes = [0.0; 4];
        self.store(&mut lanes);
        (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
    }

    #[inline(never)]
    fn run<T>(f: impl FnOnce() -> T) -> T {
        f()
    }
}

impl Avx8 {
    /// Whether this processor has AVX2 and FMA.
    pub(in super::super) fn is_available() -> bool {
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
    }

    /// Lanes 0 to 3, and 4 to 7.
    #[inline(always)]
    fn halves(self) -> [Sse4; 2] {
        // SAFETY: the processor has AVX (see the type).
        unsafe { [Sse4(_mm256_castps256_ps128(self.0)), Sse4(_mm256_extractf128_ps::<1>(self.0))] }
    }
}

impl Float for Avx8 {
    const LANES: usize = 8;

    #[inline(always)]
    fn load(from: &[f32]) -> Self {
        let from = &from[..8];
        // SAFETY: the slice above has eight floats, and the processor AVX.
        Self(unsafe { _mm256_loadu_ps(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        let to = &mut to[..8];
        // SAFETY: the slice above has eight floats, and the processor AVX.
        unsafe { _mm256_storeu_ps(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        // SAFETY: the processor has AVX (see the type).
        Self(unsafe { _mm256_set1_ps(x) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: the processor has AVX (see the type).
        Self(unsafe { _mm256_sqrt_ps(self.0) })
    }

    #[inline(always)]
    fn select_greater(self, other: Self, then: Self, otherwise: Self) -> Self {
        // SAFETY: the processor has AVX (see the type).
        Self(unsafe {
            let greater = _mm256_cmp_ps::<_CMP_GT_OQ>(self.0, other.0);
            _mm256_blendv_ps(otherwise.0, then.0, greater)
        })
    }

    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        // SAFETY: the processor has AVX (see the type).
        Self(unsafe { _mm256_and_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        // SAFETY: the processor has AVX (see the type).
        Self(unsafe { _mm256_or_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn shift_left_23(self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(self.0))) })
    }

    #[inline(always)]
    fn shift_right_23(self) -> Self {
        // SAFETY: the processor has AVX2 (see the type).
        Self(unsafe { _mm256_castsi256_ps(_mm256_srli_epi32::<23>(_mm256_castps_si256(self.0))) })
    }
}

impl Simd for Avx8 {
    #[inline(always)]
    unsafe fn load_at(from: &[f32], at: usize) -> Self {
        // SAFETY: the caller promises that there are eight floats from `at` on; the processor has AVX.
        Self(unsafe { _mm256_loadu_ps(from.as_ptr().add(at)) })
    }

    #[inline(always)]
    fn load_bytes(from: &[u8]) -> Self {
        let from = &from[..8];
        // SAFETY: the slice above has the eight bytes that are read, and the processor AVX2.
        Self(unsafe { _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(from.as_ptr().cast()))) })
    }

    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        // SAFETY: the processor has FMA (see the type).
        Self(unsafe { _mm256_fmadd_ps(a.0, b.0, self.0) })
    }

    #[inline(always)]
    fn where_positive(self, then: Self, otherwise: Self) -> Self {
        // SAFETY: the processor has AVX (see the type).
        Self(unsafe {
            let positive = _mm256_cmp_ps::<_CMP_GT_OQ>(self.0, _mm256_setzero_ps());
            _mm256_blendv_ps(otherwise.0, then.0, positive)
        })
    }

    #[inline(always)]
    fn positive(self) -> u32 {
        // SAFETY: the processor has AVX (see the type).
        unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(self.0, _mm256_setzero_ps())) as u32 }
    }

    #[inline(always)]
    fn store_columns([a, b, c, d]: [Self; 4], to: &mut [f32], stride: usize) {
        // Spelled out: an array's `map` may end up outside `run`.
        let [a, b, c, d] = [a.halves(), b.halves(), c.halves(), d.halves()];
        Sse4::store_columns([a[0], b[0], c[0], d[0]], to, stride);
        Sse4::store_columns([a[1], b[1], c[1], d[1]], &mut to[4 * stride..], stride);
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        let [low, high] = self.halves();
        (low + high).sum()
    }

    #[inline(always)]
    fn run<T>(f: impl FnOnce() -> T) -> T {
        #[target_feature(enable = "avx2,fma")]
        fn with_avx2<T>(f: impl FnOnce() -> T) -> T {
            f()
        }
        assert!(Self::is_available());
        // SAFETY: the processor has AVX2 and FMA, as asserted.
        unsafe { with_avx2(f) }
    }
}
