//! The title of the loss axis.

use super::AxisKind;
use latent_core::model::Loss;

/// The width of a character of the title in CSS pixels, on average.
const CHARACTER: f64 = 6.0;

/// The title beside a loss axis `height` CSS pixels high: the loss's title if it fits, else its name.
pub fn axis_title(loss: Loss, kind: AxisKind, height: f64) -> String {
    let suffix = match kind {
        AxisKind::Linear => "",
        AxisKind::Logarithmic => ", log",
    };
    let [title, name] = [loss.title(), loss.name()].map(|text| format!("{text}{suffix}"));
    if title.chars().count() as f64 * CHARACTER <= height { title } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_is_too_long_gives_way_to_the_name() {
        let loss = |name| Loss::from_name(name).unwrap();
        assert_eq!(axis_title(loss("mse"), AxisKind::Linear, 186.0), "mean squared error");
        assert_eq!(axis_title(loss("mse"), AxisKind::Logarithmic, 186.0), "mean squared error, log");
        assert_eq!(axis_title(loss("bce-sum"), AxisKind::Logarithmic, 186.0), "bce-sum, log");
    }
}
