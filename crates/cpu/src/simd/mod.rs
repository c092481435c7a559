//! The few vector operations that the kernels need, for each instruction set that browsers and desktops have.
//!
//! They are spelled out because LLVM's autovectoriser can't be relied on here: the same loops written plainly
//! ran at 40 to 70 % of the speed, depending on changes that should not matter. Relaxed SIMD stays out: Safari
//! refuses a module with one such opcode.

use latent_core::math::Float;

#[cfg(not(target_arch = "wasm32"))]
mod portable;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(not(target_arch = "wasm32"))]
pub(super) use portable::Portable4;
#[cfg(target_arch = "wasm32")]
pub(super) use wasm::Wasm4;
#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx8, Sse4};

/// Vectors side by side in a panel: 4 rows of them are the 8 sums that a tile holds in registers.
pub(super) const VECTORS: usize = 2;

/// A vector of floats in a register.
pub(super) trait Simd: Float + Send + Sync + 'static {
    /// Floats in a row of a panel.
    const PANEL: usize = VECTORS * Self::LANES;

    /// The floats from `at` on, without a check.
    ///
    /// # Safety
    /// `at + LANES` is at most `from.len()`.
    unsafe fn load_at(from: &[f32], at: usize) -> Self;
    /// The first bytes of a slice as whole numbers.
    fn load_bytes(from: &[u8]) -> Self;
    /// `self + a · b`, rounded once or twice, as the hardware has it.
    fn add_product(self, a: Self, b: Self) -> Self;
    /// Where `self` is greater than zero: `then`, elsewhere (also where it is no number): `otherwise`.
    fn where_positive(self, then: Self, otherwise: Self) -> Self;
    /// A bit for each lane, the first one's the lowest: whether it is greater than zero.
    fn positive(self) -> u32;
    /// Four vectors as the rows of a matrix: writes column `j`, which is four floats, to `to[j · stride..]`.
    fn store_columns(rows: [Self; 4], to: &mut [f32], stride: usize);
    /// The sum of the lanes, always added in the same order.
    fn sum(self) -> f32;
    /// Calls `f` compiled for these vectors' instruction set: see [`run!`].
    fn run<T>(f: impl FnOnce() -> T) -> T;
}

/// Computes something compiled for the instruction set of these vectors.
///
/// All of it must be inlined here: elsewhere, every operation is a call. So the functions that it calls are
/// `#[inline(always)]`, and so are the closures that it gives them; its own is by this macro.
macro_rules! run {
    ($vectors:ident, $what:expr) => {
        <$vectors as $crate::simd::Simd>::run(
            #[inline(always)]
            || $what,
        )
    };
}
pub(super) use run;

/// The vectors that `f` gives for 0, 1 …
///
/// `std::array::from_fn` and `map` would say the same, but whatever isn't sure to be inlined may end up outside
/// [`Simd::run`], where every operation is a call.
#[inline(always)]
pub(super) fn vectors<F: Simd, const K: usize>(f: impl Fn(usize) -> F) -> [F; K] {
    let mut vectors = [F::splat(0.0); K];
    for k in 0..K {
        vectors[k] = f(k);
    }
    vectors
}

/// The vectors at the start of a slice.
#[inline(always)]
pub(super) fn load<F: Simd, const K: usize>(from: &[f32]) -> [F; K] {
    let from = &from[..K * F::LANES];
    vectors(|k| F::load(&from[k * F::LANES..]))
}

/// Writes vectors side by side to the start of a slice.
#[inline(always)]
pub(super) fn store<F: Simd, const K: usize>(vectors: [F; K], to: &mut [f32]) {
    let to = &mut to[..K * F::LANES];
    for k in 0..K {
        vectors[k].store(&mut to[k * F::LANES..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::math;

    fn lanes<F: Simd>(vector: F) -> Vec<f32> {
        let mut lanes = vec![0.0; F::LANES];
        vector.store(&mut lanes);
        lanes
    }

    fn operations_are_those_of_each_lane<F: Simd>() {
        let numbers = |from: f32| (0..F::LANES).map(|k| from + k as f32).collect::<Vec<_>>();
        let (a, b) = (numbers(-2.0), numbers(9.0));
        let check = |found: F, expected: fn(f32, f32) -> f32| {
            let expected: Vec<_> = a.iter().zip(&b).map(|(&a, &b)| expected(a, b)).collect();
            assert_eq!(lanes(found), expected);
        };
        let (x, y) = (F::load(&a), F::load(&b));
        check(x + y, |a, b| a + b);
        check(x - y, |a, b| a - b);
        check(x * y, |a, b| a * b);
        check(x.add_product(y, y), |a, b| a + b * b);
        check(x / y, |a, b| a / b);
        check(y.sqrt(), |_, b| b.sqrt());
        check(x.where_positive(x, y), |a, b| if a > 0.0 { a } else { b });
        check(F::splat(7.0), |_, _| 7.0);
        // SAFETY: one float and LANES more are there.
        check(unsafe { F::load_at(&[&[5.0], &a[..]].concat(), 1) }, |a, _| a);
        assert_eq!(x.sum(), a.iter().sum::<f32>());
        let positive = (0..).zip(&a).map(|(lane, &a)| u32::from(a > 0.0) << lane);
        assert_eq!(x.positive(), positive.sum::<u32>());
        assert_eq!((F::splat(-0.0).positive(), F::splat(f32::NAN).positive()), (0, 0));

        let bytes: Vec<_> = (0..F::LANES as u8 + 3).map(|k| 255 - k).collect();
        let expected: Vec<_> = bytes[..F::LANES].iter().map(|&byte| f32::from(byte)).collect();
        assert_eq!(lanes(F::load_bytes(&bytes)), expected);
        assert!(lanes(F::splat(f32::NAN).where_positive(x, y)) == b);
    }

    /// Arguments around every joint of the formulas, special values among them.
    fn arguments() -> Vec<f32> {
        let special = [
            0.0,
            -0.0,
            1.0,
            0.625,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            1e-45,
            -1e-40,
            f32::MAX,
            -104.5,
            89.5,
        ];
        let spread =
            (0..if cfg!(miri) { 40 } else { 20_000u32 }).map(|k| f32::from_bits(k.wrapping_mul(0x9e37_79b9)));
        special.into_iter().chain(spread).chain((-300..300).map(|k| k as f32 / 3.0)).collect()
    }

    fn functions_give_the_bits_of_each_lane_alone<F: Simd>() {
        let arguments = arguments();
        let same = |name, found: F, expected: [f32; 8]| {
            for (lane, (found, expected)) in lanes(found).into_iter().zip(expected).enumerate() {
                let equal = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
                assert!(equal, "{name}, lane {lane}: {found:e} for {expected:e}");
            }
        };
        for these in arguments.chunks_exact(8) {
            for these in these.chunks_exact(F::LANES) {
                let x = F::load(these);
                let each =
                    |f: fn(f32) -> f32| std::array::from_fn(|lane| these.get(lane).map_or(0.0, |&x| f(x)));
                same("exp", math::exp(x), each(math::exp));
                same("ln", math::ln(x), each(math::ln));
                same("tanh", math::tanh(x), each(math::tanh));
                same("sigmoid", math::sigmoid(x), each(math::sigmoid));
                same("softplus", math::softplus(x), each(math::softplus));
                same("cosine", math::box_muller(x, F::splat(0.3)).0, each(|x| math::box_muller(x, 0.3).0));
            }
        }
    }

    fn columns_are_stored_as_rows<F: Simd>() {
        let rows = std::array::from_fn(|row| {
            F::load(&(0..F::LANES).map(|column| (10 * row + column) as f32).collect::<Vec<_>>())
        });
        let stride = 5;
        let mut to = vec![-1.0; stride * F::LANES];
        F::store_columns(rows, &mut to, stride);
        for (column, found) in to.chunks_exact(stride).enumerate() {
            let expected = [0, 10, 20, 30].map(|row| (row + column) as f32);
            assert_eq!((&found[..4], found[4]), (&expected[..], -1.0));
        }
    }

    #[test]
    fn every_instruction_set_computes_what_it_says() {
        fn check<F: Simd>() {
            F::run(operations_are_those_of_each_lane::<F>);
            F::run(columns_are_stored_as_rows::<F>);
            F::run(functions_give_the_bits_of_each_lane_alone::<F>);
        }
        check::<Portable4>();
        #[cfg(target_arch = "x86_64")]
        {
            check::<Sse4>();
            if Avx8::is_available() {
                check::<Avx8>();
            }
        }
    }
}
