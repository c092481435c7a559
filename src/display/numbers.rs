//! Numbers as text.

/// Stands for a number that is not known yet.
const NONE: &str = "–";

pub use latent_controller::numbers::grouped;

use latent_core::plane::Axes;
use latent_protocol::CodeDistribution;

/// A loss with about four significant digits, or `not finite`.
pub fn loss(loss: Option<f32>) -> String {
    match loss {
        None => NONE.into(),
        Some(loss) if !loss.is_finite() => "not finite".into(),
        Some(loss) if loss != 0.0 && !(1e-3..1e3).contains(&loss.abs()) => format!("{loss:.2e}"),
        Some(loss) => format!("{loss:.4}"),
    }
}

/// A speed in steps per second.
pub fn speed(steps_per_second: Option<f64>) -> String {
    match steps_per_second {
        None => NONE.into(),
        Some(speed) if speed < 10.0 => format!("{speed:.1}"),
        Some(speed) => format!("{speed:.0}"),
    }
}

/// The time that so many steps take, rounded to seconds, minutes or hours as it grows.
pub fn time_left(steps: u64, steps_per_second: Option<f64>) -> String {
    let Some(speed) = steps_per_second.filter(|&speed| speed > 0.0) else { return NONE.into() };
    let seconds = (steps as f64 / speed).ceil();
    match seconds {
        ..90.0 => format!("{seconds:.0} s"),
        ..5400.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

/// An epoch and their number, both in the same width: `004/020`. A run that was trained for more than are planned has no such
/// share.
pub fn epoch(epoch: u64, epochs: u32) -> String {
    if epoch > u64::from(epochs) {
        return format!("{epoch} done");
    }
    let epochs = epochs.to_string();
    let width = epochs.len().max(3);
    format!("{epoch:0width$}/{epochs:0>width$}")
}

/// Characters of a file's name that are shown, at most.
const MOST_OF_NAME: usize = 32;

/// A file's name. Of a long one the middle is left out, because its end tells what the file is.
pub fn shortened(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= MOST_OF_NAME {
        return name.into();
    }
    let kept = (MOST_OF_NAME - 1) / 2;
    let [start, end] = [&letters[..kept + 1], &letters[letters.len() - kept..]];
    start.iter().chain(&['…']).chain(end).collect()
}

/// Bytes in units of 10⁶ bytes.
pub fn megabytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// A coordinate of the plane. Its minus sign is as wide as a figure.
pub fn coordinate(value: f32) -> String {
    format!("{value:.3}").replace('-', "−")
}

/// Mean and standard deviation of the numbers of a code that the plane shows: `z₁ 0.520 ± 0.118, z₂ −1.030 ± 0.306 (mean ± σ)`.
pub fn code_distribution(distribution: &CodeDistribution, axes: Axes) -> String {
    let number = |unit: usize| {
        let mean = distribution.mean.get(unit).copied().unwrap_or_default();
        format!("{} {} ± {}", unit_name(unit), coordinate(mean), coordinate(distribution.deviation(unit)))
    };
    let units = [Some(axes.right), axes.up];
    format!("{} (mean ± σ)", units.into_iter().flatten().map(number).collect::<Vec<_>>().join(", "))
}

/// The name of a unit of the code: z₁ is the first.
pub fn unit_name(unit: usize) -> String {
    let subscript = |numeral: char| char::from_u32(0x2080 + numeral.to_digit(10)?);
    format!("z{}", (unit + 1).to_string().chars().filter_map(subscript).collect::<String>())
}

/// A share in percent.
pub fn percent(share: f64) -> String {
    format!("{:.3} %", 100.0 * share)
}

/// The tick values of an axis: multiples of 1, 2 or 5 times a power of ten.
pub struct Ticks {
    step: f64,
    /// The values, ascending.
    pub values: Vec<f64>,
}

impl Ticks {
    /// About `count` ticks from `least` to `greatest`; none when an end is not finite.
    pub fn between(least: f64, greatest: f64, count: usize) -> Self {
        let step = round_up((greatest - least) / count.max(1) as f64);
        let values = if least.is_finite() && greatest.is_finite() {
            let (first, last) = ((least / step).ceil() as i64, (greatest / step).floor() as i64);
            (first..=last).map(|at| at as f64 * step).collect()
        } else {
            Vec::new()
        };
        Self { step, values }
    }

    /// The label of a value, with as many decimals as distinguish neighbouring ticks.
    pub fn label(&self, value: f64) -> String {
        let decimals = (-self.step.log10()).ceil().clamp(0.0, 9.0) as usize;
        format!("{value:.decimals$}").replace('-', "−")
    }
}

/// Values whose relative difference is smaller are the same `f32`.
const F32_ROUNDING: f64 = 1e-6;

/// The smallest of 1, 2 and 5 times a power of ten that is at least `value`; 1 for a value that is not above 0.
pub fn round_up(value: f64) -> f64 {
    if !(value.is_finite() && value > f64::MIN_POSITIVE) {
        return 1.0;
    }
    let power = 10f64.powi(value.log10().floor() as i32);
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= value * (1.0 - F32_ROUNDING));
    factor.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_start_and_its_end() {
        assert_eq!(shortened("mine.safetensors"), "mine.safetensors");
        let long = shortened("mnist-300-2-leaky-relu-adam-0.0005-940-steps.safetensors");
        assert_eq!(long, "mnist-300-2-leak…eps.safetensors");
        assert_eq!(long.chars().count(), MOST_OF_NAME);
    }

    #[test]
    fn a_codes_distribution_is_told_by_mean_and_deviation_on_the_axes() {
        let distribution = CodeDistribution {
            mean: vec![0.52, 9.0, -1.03],
            log_variance: vec![0.0, 1.0, 2.0 * 0.5f32.ln()],
        };
        let text = code_distribution(&distribution, Axes { right: 0, up: Some(2) });
        assert_eq!(text, "z₁ 0.520 ± 1.000, z₃ −1.030 ± 0.500 (mean ± σ)");
        let text = code_distribution(&distribution, Axes { right: 1, up: None });
        assert_eq!(text, "z₂ 9.000 ± 1.649 (mean ± σ)");
    }

    #[test]
    fn whole_numbers_come_in_groups_of_three() {
        assert_eq!(
            [0, 999, 1_000, 60_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "60,000", "1,234,567"]
        );
    }

    #[test]
    fn losses_keep_their_significant_digits() {
        let losses = [None, Some(0.04321), Some(0.0), Some(1.5e-5), Some(25_000.0), Some(f32::NAN)];
        assert_eq!(losses.map(loss), ["–", "0.0432", "0.0000", "1.50e-5", "2.50e4", "not finite"]);
    }

    #[test]
    fn units_have_subscripts_and_shares_three_decimals() {
        assert_eq!([0, 1, 31].map(unit_name), ["z₁", "z₂", "z₃₂"]);
        assert_eq!(percent(782.0 / 784.0), "99.745 %");
    }

    #[test]
    fn epochs_have_equal_width() {
        assert_eq!([epoch(4, 20), epoch(1, 1), epoch(7, 1000)], ["004/020", "001/001", "0007/1000"]);
        assert_eq!(epoch(2, 1), "2 done");
    }

    #[test]
    fn the_time_left_has_one_unit() {
        let left =
            [(10, None), (10, Some(0.0)), (100, Some(50.0)), (60_000, Some(100.0)), (3_600_000, Some(100.0))];
        assert_eq!(left.map(|(steps, speed)| time_left(steps, speed)), ["–", "–", "2 s", "10 min", "10.0 h"]);
    }

    #[test]
    fn ticks_are_round_and_have_distinct_labels() {
        let ticks = Ticks::between(-3.0, 3.0, 6);
        assert_eq!(ticks.values, [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(ticks.label(-2.0), "−2");
        let ticks = Ticks::between(0.0, 0.11, 5);
        let labels: Vec<_> = ticks.values.iter().map(|&value| ticks.label(value)).collect();
        assert_eq!(labels, ["0.00", "0.05", "0.10"]);
    }

    #[test]
    fn degenerate_ranges_have_few_ticks_too() {
        for (least, greatest) in
            [(0.0, 0.0), (1.0, 1.0), (0.0, f64::INFINITY), (f64::NAN, 1.0), (0.0, 1e-300)]
        {
            assert!(Ticks::between(least, greatest, 5).label(least).len() < 400);
        }
        assert_eq!([0.03, 0.05, 5.1, 1.0].map(round_up), [0.05, 0.05, 10.0, 1.0]);
    }
}
