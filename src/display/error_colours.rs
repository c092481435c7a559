//! The colours of errors: an ordered ramp whose lightness only falls, or in the dark theme only grows.

use latent_core::plane::errors::place;

/// The ramp's colours in the style sheets: `--error-0` is the least error.
pub const STOPS: usize = 5;

/// The colour of an error on a scale, between the two nearest stops.
pub fn error_colour(stops: &[[u8; 3]; STOPS], scale: [f32; 2], error: f32) -> [u8; 3] {
    let at = place(scale, error) * (STOPS - 1) as f32;
    let lower = (at as usize).min(STOPS - 2);
    let share = at - lower as f32;
    [0, 1, 2].map(|channel| {
        let [from, to] = [lower, lower + 1].map(|stop| f32::from(stops[stop][channel]));
        (from + share * (to - from)).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const STOPS_OF_TEST: [[u8; 3]; STOPS] = [[0; 3], [10, 0, 0], [20, 0, 0], [30, 0, 0], [250, 0, 0]];

    #[test]
    fn errors_lie_between_their_stops() {
        let red = |error| error_colour(&STOPS_OF_TEST, [1.0, 2.0], error)[0];
        assert_eq!([red(0.0), red(1.0), red(1.125), red(1.75), red(2.0), red(9.0)], [0, 0, 5, 30, 250, 250]);
    }

    /// CIE's lightness of a colour of a style sheet.
    fn lightness(sheet: &str, name: &str) -> f64 {
        let text = fs::read_to_string(format!("{}/style/{sheet}.css", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let at = text.find(&format!("{name}: #")).unwrap() + name.len() + 3;
        let linear = |at: usize| {
            let value = f64::from(u8::from_str_radix(&text[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * linear(at) + 0.7152 * linear(at + 2) + 0.0722 * linear(at + 4);
        116.0 * luminance.cbrt() - 16.0
    }

    #[test]
    fn the_order_is_told_by_lightness_alone_in_both_themes() {
        for (sheet, sign) in [("theme", -1.0), ("dark", 1.0)] {
            let stops: Vec<f64> =
                (0..STOPS).map(|stop| lightness(sheet, &format!("--error-{stop}"))).collect();
            // People tell lightnesses apart that differ by ten.
            assert!(stops.windows(2).all(|pair| sign * (pair[1] - pair[0]) > 9.0), "{sheet}: {stops:?}");
            let plane = lightness(sheet, "--plane");
            assert!((stops[0] - plane).abs() > 14.0, "{sheet}: {stops:?} on {plane}");
        }
    }
}
