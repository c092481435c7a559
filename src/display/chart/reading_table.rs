//! The losses at a step as a table, as HTML text.

use super::{EarlierReading, Reading};
use crate::display::numbers::{grouped, loss};

/// The table of a reading. Where earlier runs have losses at the step, the runs stand below each other.
pub fn table(reading: &Reading, others: &[EarlierReading]) -> String {
    let validation = reading.validation.map(|taken| taken.loss);
    let mut rows = vec![("raw", "training", Some(reading.raw))];
    if others.is_empty() {
        rows.extend([
            ("training", "smoothed", Some(reading.smoothed)),
            ("validation", "validation", validation),
        ]);
    }
    if let Some(parts) = reading.parts {
        let taken = reading.validation.and_then(|taken| taken.parts);
        rows.extend([
            ("reconstruction", "reconstruction", Some(parts.reconstruction)),
            ("reconstruction", "its validation", taken.map(|parts| parts.reconstruction)),
            ("divergence", "divergence", Some(parts.divergence)),
            ("divergence", "its validation", taken.map(|parts| parts.divergence)),
        ]);
    }
    let row = |(series, name, value): (&str, &str, Option<f32>)| {
        format!("<dt class=\"series-{series}\">{name}</dt><dd>{}</dd>", loss(value))
    };
    let rows: String = rows.into_iter().map(row).collect();
    let runs = if others.is_empty() { String::new() } else { runs(reading.smoothed, validation, others) };
    format!("<p>step {}, epoch {}</p><dl>{rows}</dl>{runs}", grouped(reading.step), reading.epoch)
}

/// The smoothed loss and the validation loss of this run and of the others.
fn runs(smoothed: f32, validation: Option<f32>, others: &[EarlierReading]) -> String {
    let row = |class: &str, name: &str, smoothed: f32, validation: Option<f32>| {
        let [smoothed, validation] = [Some(smoothed), validation].map(loss);
        format!("<tr><th class=\"{class}\">{name}</th><td>{smoothed}</td><td>{validation}</td></tr>")
    };
    let other = |reading: &EarlierReading| {
        let EarlierReading { number, style, smoothed, validation } = *reading;
        row(&format!("run line-{style}"), &format!("Run {number}"), smoothed, validation)
    };
    let others: String = others.iter().map(other).collect();
    format!(
        "<table><thead><tr><td></td><th>smoothed</th><th>validation</th></tr></thead><tbody>{}{others}</tbody></table>",
        row("series-training", "This run", smoothed, validation)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::training::history::Validation;

    #[test]
    fn a_run_alone_has_its_losses_below_each_other_and_several_have_a_row_each() {
        let validation = Some(Validation::total(470, 0.045));
        let reading = Reading { step: 1_300, epoch: 6, raw: 0.05, smoothed: 0.04, parts: None, validation };
        assert_eq!(
            table(&reading, &[]),
            "<p>step 1,300, epoch 6</p><dl><dt class=\"series-raw\">training</dt><dd>0.0500</dd>\
             <dt class=\"series-training\">smoothed</dt><dd>0.0400</dd>\
             <dt class=\"series-validation\">validation</dt><dd>0.0450</dd></dl>"
        );
        let other = EarlierReading { number: 2, style: 1, smoothed: 0.03, validation: None };
        let text = table(&reading, &[other]);
        assert!(text.contains("<dl><dt class=\"series-raw\">training</dt><dd>0.0500</dd></dl>"), "{text}");
        assert!(text.contains(">This run</th><td>0.0400</td><td>0.0450</td></tr>"), "{text}");
        assert!(text.contains("<th class=\"run line-1\">Run 2</th><td>0.0300</td><td>–</td></tr>"), "{text}");
    }
}
