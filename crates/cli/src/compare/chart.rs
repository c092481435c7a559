//! The validation losses of all runs as one chart, in SVG. (A picture of pixels would need a font in the program.)

use super::FinishedRun;
use crate::Failure;
use plotters::prelude::*;

/// Width and height in pixels.
const SIZE: (u32, u32) = (960, 540);
/// The colours of the best runs, which the legend names; they are told apart by people who see no red or no green. The others
/// are grey.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];

/// The chart of these runs, of which the best comes first.
pub(super) fn draw(runs: &[FinishedRun]) -> Result<String, Failure> {
    let mut svg = String::new();
    drawn(&mut svg, runs).map_err(|error| Failure::Chart(error.to_string()))?;
    Ok(svg)
}

fn drawn(svg: &mut String, runs: &[FinishedRun]) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let points = || runs.iter().flat_map(|run| &run.validation);
    let epochs = points().map(|(epoch, _)| *epoch).fold(1.0, f64::max);
    let (least, most) =
        points().fold((f64::INFINITY, 0.0_f64), |(a, b), (_, loss)| (a.min(*loss), b.max(*loss)));
    let least = if least.is_finite() { least } else { 0.0 };
    let margin = 0.05 * (most - least).max(1e-6);
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(72)
        .build_cartesian_2d(0.0..epochs, least - margin..most + margin)?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc("validation loss")
        .label_style(("sans-serif", 14))
        .light_line_style(TRANSPARENT)
        .draw()?;
    // The best are drawn last, above all others.
    for (place, run) in runs.iter().enumerate().rev() {
        let colour = COLOURS.get(place);
        let style = colour.map_or(RGBColor(150, 150, 150).mix(0.5).stroke_width(1), |colour| {
            colour.to_rgba().stroke_width(2)
        });
        chart.draw_series(LineSeries::new(run.validation.iter().copied(), style))?;
    }
    for (run, colour) in runs.iter().zip(&COLOURS) {
        // Legends are in the order of series: an empty one for each, the best first.
        let series = chart.draw_series(LineSeries::new(std::iter::empty(), colour))?;
        series
            .label(&run.name)
            .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .label_font(("sans-serif", 14))
        .draw()?;
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, validation: Vec<(f64, f64)>) -> FinishedRun {
        FinishedRun {
            name: name.into(),
            settings: None,
            steps: None,
            steps_per_s: None,
            loss: None,
            validation,
        }
    }

    #[test]
    fn every_run_is_a_line_and_the_best_are_named() {
        let runs: Vec<_> = (0..9)
            .map(|at| run(&format!("run <{at}>"), vec![(1.0, 0.5), (2.0, 0.1 + f64::from(at) / 50.0)]))
            .collect();
        let svg = draw(&runs).unwrap();
        let named = |at| svg.contains(&format!("run &lt;{at}&gt;"));
        assert!(named(0) && named(6) && !named(7) && !svg.contains("run <"));
        let lines = svg.matches("<polyline").count();
        // Nine runs, and seven lines of the legend; the rest are axes and ticks.
        assert!(lines >= 16, "{lines}");
        assert!(svg.contains("validation loss"));
    }

    #[test]
    fn runs_without_a_validation_have_an_empty_chart() {
        assert!(draw(&[run("cut", vec![])]).unwrap().starts_with("<svg"));
    }
}
