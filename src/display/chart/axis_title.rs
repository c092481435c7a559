//! The title of the loss axis.

use super::AxisKind;
use crate::display::loss_text::{abbreviation, total_title};
use latent_core::model::ModelSpec;

/// The width of a character of the title in CSS pixels, on average.
const CHARACTER: f64 = 6.0;

/// The title beside a loss axis `height` CSS pixels high: the loss's title if it fits, else its name.
pub fn axis_title(model: &ModelSpec, kind: AxisKind, height: f64) -> String {
    let suffix = match kind {
        AxisKind::Linear => "",
        AxisKind::Logarithmic => ", log",
    };
    let [title, name] = [total_title(model), abbreviation(model)].map(|text| format!("{text}{suffix}"));
    if title.chars().count() as f64 * CHARACTER <= height { title } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::Loss;

    #[test]
    fn a_title_that_is_too_long_gives_way_to_the_name() {
        let model = |name| ModelSpec { loss: Loss::from_name(name).unwrap(), ..ModelSpec::default() };
        assert_eq!(axis_title(&model("mse"), AxisKind::Linear, 186.0), "mean squared error");
        assert_eq!(axis_title(&model("mse"), AxisKind::Logarithmic, 186.0), "mean squared error, log");
        assert_eq!(axis_title(&model("bce-sum"), AxisKind::Logarithmic, 186.0), "summed BCE, log");
    }
}
