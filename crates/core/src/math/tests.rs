use super::*;

/// Name, function, the same in f64, the largest error in units in the last place, and whether no result is less than that of
/// the number before.
type Function = (&'static str, fn(f32) -> f32, fn(f64) -> f64, f64, bool);

const FUNCTIONS: [Function; 5] = [
    ("exp", exp, f64::exp, 1.04, true),
    ("ln", ln, f64::ln, 0.9, true),
    ("tanh", tanh, f64::tanh, 1.4, true),
    ("sigmoid", sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 2.5, false),
    ("softplus", softplus, |x| x.max(0.0) + (-x.abs()).exp().ln_1p(), 2.5, false),
];

/// The error in units in the last place of the exact result; infinite where one is NaN or infinite and the other is not.
fn error(found: f32, exact: f64) -> f64 {
    if found.is_nan() || exact.is_nan() {
        return if found.is_nan() && exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if f64::from(found) == exact || found == exact as f32 {
        return 0.0;
    }
    let magnitude = (exact.abs() as f32).clamp(f32::MIN_POSITIVE, f32::MAX);
    let unit = f64::from(magnitude) - f64::from(magnitude.next_down());
    (f64::from(found) - exact).abs() / unit
}

/// The largest error over these arguments and its argument, after checking that no result is less than the one before.
fn largest_error((name, ours, exact, _, increases): Function, bits: impl Iterator<Item = u32>) -> (f64, f32) {
    let mut worst = (0.0, 0.0);
    let mut before = f32::NEG_INFINITY;
    for bits in bits {
        let x = f32::from_bits(bits);
        let y = ours(x);
        let off = error(y, exact(f64::from(x)));
        if off > worst.0 {
            worst = (off, x);
        }
        if !y.is_nan() {
            assert!(y >= before || !increases, "{name} decreases at {x:e}: {y:e} after {before:e}");
            before = y;
        }
    }
    worst
}

/// Every `stride`th number, ascending.
fn all_numbers(stride: usize) -> impl Iterator<Item = u32> {
    let negative = (0x8000_0000..=0xff80_0000u32).rev().step_by(stride);
    negative.chain((0..=0x7f80_0000).step_by(stride))
}

#[test]
fn errors_and_order_are_as_documented() {
    for function in FUNCTIONS {
        let (off, x) = largest_error(function, all_numbers(if cfg!(miri) { 10_000_019 } else { 997 }));
        assert!(off <= function.3, "{}({x:e}) is off by {off} units", function.0);
    }
}

#[test]
fn errors_and_order_hold_around_joints() {
    // Where pieces of a formula meet, every number counts.
    let joints =
        [0.625f32, -0.625, 0.0, 1.0, std::f32::consts::SQRT_2, 0.5, 9.01, -9.01, 88.7, -87.4, -103.9];
    let exponents = (-40..40).map(|k| (k as f32 + 0.5) * std::f32::consts::LN_2);
    for joint in joints.into_iter().chain(exponents) {
        let mut numbers: Vec<f32> = vec![joint];
        for _ in 0..if cfg!(miri) { 10 } else { 2_000 } {
            numbers.push(numbers[numbers.len() - 1].next_up());
            numbers.insert(0, numbers[0].next_down());
        }
        for function in FUNCTIONS {
            let (off, x) = largest_error(function, numbers.iter().map(|x| x.to_bits()));
            assert!(off <= function.3, "{}({x:e}) is off by {off} units", function.0);
        }
    }
}

#[test]
#[ignore = "takes minutes: cargo test --release -p latent-core -- --ignored --nocapture every_number"]
fn errors_over_every_number() {
    for function in FUNCTIONS {
        let (off, x) = largest_error(function, all_numbers(1));
        println!("{}: {off:.3} units at {x:e}", function.0);
        assert!(off <= function.3);
    }
}

#[test]
fn special_values_are_those_of_the_functions() {
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    assert_eq!([exp(0.0), exp(inf), exp(-inf), exp(89.0), exp(-104.0)], [1.0, inf, 0.0, inf, 0.0]);
    assert_eq!([ln(1.0), ln(inf), ln(0.0), ln(-0.0)], [0.0, inf, -inf, -inf]);
    assert!(
        [ln(-1.0), ln(-inf), exp(nan), ln(nan), tanh(nan), sigmoid(nan), softplus(nan)]
            .iter()
            .all(|x| x.is_nan())
    );
    assert_eq!([tanh(inf), tanh(-inf), tanh(20.0), tanh(-1e-40)], [1.0, -1.0, 1.0, -1e-40]);
    assert_eq!(tanh(-0.0).to_bits(), (-0.0f32).to_bits());
    assert_eq!([sigmoid(0.0), sigmoid(inf), sigmoid(-inf), sigmoid(-200.0)], [0.5, 1.0, 0.0, 0.0]);
    assert_eq!([softplus(inf), softplus(-inf), softplus(200.0)], [inf, 0.0, 200.0]);
}

#[test]
fn the_parts_of_cross_entropy_are_the_sigmoid_and_the_logarithm() {
    for x in [-100.0f32, -20.0, -1.5, -0.0, 0.0, 0.3, 7.0, 40.0] {
        let (y, log) = sigmoid_and_log(x);
        assert_eq!((y, log), (sigmoid(x), softplus(-x.abs())));
    }
}

#[test]
fn results_are_pinned_so_that_runs_replay_for_ever() {
    let found = [exp(1.25), ln(7.5), tanh(0.4), tanh(-1.7), sigmoid(-2.2), softplus(0.9)].map(f32::to_bits);
    assert_eq!(found, [0x405f_61c8, 0x4000_f42c, 0x3ec2_88ac, 0xbf6f_76f8, 0x3dcc_49fc, 0x3f9e_de21]);
}
