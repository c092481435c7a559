//! Standard normal deviates from random integers (Box and Muller, 1958).

use super::{
    Float,
    functions::{ln, polynomial, round},
};

/// What [`box_muller`] makes normal deviates of, from random integers: uniform numbers, and turns. No deviate is beyond ±6.8.
#[inline(always)]
pub fn uniforms_and_turns<const N: usize>([a, b]: [[u32; N]; 2]) -> [[f32; N]; 2] {
    let [mut uniforms, mut turns] = [[0.0; N]; 2];
    // A loop and no iterator, so that the compiler makes vectors of it.
    for n in 0..N {
        // Conversion to f32 rounds to nearest everywhere. The half keeps the uniform number above 0.
        uniforms[n] = (a[n] as f32 + 0.5) * (1.0 / (1u64 << 32) as f32);
        // 24 bits, so that the turn is exact and below 1.
        turns[n] = (b[n] >> 8) as f32 * (1.0 / (1 << 24) as f32);
    }
    [uniforms, turns]
}

/// √(−2 ln `uniform`) times the cosine and the sine of `turn` · 2π, for a uniform number in (0, 1] and a turn in [0, 1).
#[inline(always)]
pub fn box_muller<F: Float>(uniform: F, turn: F) -> (F, F) {
    let radius = (ln(uniform) * F::splat(-2.0)).sqrt();
    let (cosine, sine) = cosine_and_sine_of_turn(turn);
    (radius * cosine, radius * sine)
}

/// The cosine and the sine of `turn` · 2π, for a turn in [0, 1].
#[inline(always)]
fn cosine_and_sine_of_turn<F: Float>(turn: F) -> (F, F) {
    // Quarter turns to the nearest multiple, which is exact: at most half a quarter remains.
    let quarters = turn * F::splat(4.0);
    let quadrant = round(quarters);
    let f = quarters - quadrant;
    let square = f * f;
    // sin(½π f) = f · (½π + f² · tail), cos(½π f) = 1 + f² · tail, interpolated at Chebyshev's nodes.
    let sine =
        polynomial(square, [1.570_796_4, -6.459_641e-1, 7.969_261e-2, -4.681_474_5e-3, 1.586_508e-4]) * f;
    let cosine = polynomial(square, [1.0, -1.233_700_5, 2.536_694e-1, -2.086_152_7e-2, 9.067_349e-4]);
    let zero = F::splat(0.0);
    (
        in_quadrant(quadrant, [cosine, zero - sine, zero - cosine, sine]),
        in_quadrant(quadrant, [sine, cosine, zero - sine, zero - cosine]),
    )
}

/// The value of a quadrant, which is an integer from 0 to 4. The fourth is the same as the one with number 0.
#[inline(always)]
fn in_quadrant<F: Float>(quadrant: F, values: [F; 4]) -> F {
    let value = quadrant.select_greater(F::splat(0.5), values[1], values[0]);
    let value = quadrant.select_greater(F::splat(1.5), values[2], value);
    let value = quadrant.select_greater(F::splat(2.5), values[3], value);
    quadrant.select_greater(F::splat(3.5), values[0], value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal_pair([a, b]: [u32; 2]) -> [f32; 2] {
        let [[uniform], [turn]] = uniforms_and_turns([[a], [b]]);
        box_muller(uniform, turn).into()
    }

    #[test]
    fn cosine_and_sine_are_those_of_f64() {
        for at in 0..=1 << 16 {
            let turn = at as f32 / 65_536.0;
            let (cosine, sine) = cosine_and_sine_of_turn(turn);
            let angle = f64::from(turn) * std::f64::consts::TAU;
            let off = (f64::from(cosine) - angle.cos()).abs().max((f64::from(sine) - angle.sin()).abs());
            assert!(off < 1.2e-7, "{turn}: {off}");
        }
    }

    #[test]
    fn extreme_integers_give_finite_deviates() {
        let extremes = [0, 1, 255, 256, 1 << 30, 1 << 31, u32::MAX - 255, u32::MAX];
        for a in extremes {
            for b in extremes {
                let pair = normal_pair([a, b]);
                assert!(pair.iter().all(|x| x.abs() < 6.8), "{a} {b}: {pair:?}");
            }
        }
    }

    #[test]
    fn deviates_are_pinned_so_that_runs_replay_for_ever() {
        let bits = normal_pair([0x1234_5678, 0x9abc_def0]).map(f32::to_bits);
        assert_eq!(bits, [0xbfe9_2f3c, 0xbfb3_937c]);
    }

    #[test]
    fn deviates_have_the_moments_of_the_normal_distribution() {
        // A Weyl sequence and its hash stand for the generator.
        let hash = |n: u64| {
            let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
            (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        let pairs = (1..=100_000).map(|n| {
            let bits = hash(n);
            normal_pair([(bits >> 32) as u32, bits as u32])
        });
        let (mut moments, mut product, mut beyond) = ([0.0; 4], 0.0, 0);
        for pair in pairs {
            let [x, y] = pair.map(f64::from);
            product += x * y;
            for x in [x, y] {
                (0..4).for_each(|k| moments[k] += x.powi(k as i32 + 1));
                beyond += usize::from(x.abs() > 1.959_964);
            }
        }
        let [mean, variance, skewness, kurtosis] = moments.map(|sum| sum / 2e5);
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.015, "{mean} {variance}");
        assert!(skewness.abs() < 0.03 && (kurtosis - 3.0).abs() < 0.1, "{skewness} {kurtosis}");
        assert!((product / 1e5).abs() < 0.01, "{product}");
        assert!((beyond as f64 / 2e5 - 0.05).abs() < 0.002, "{beyond}");
    }
}
