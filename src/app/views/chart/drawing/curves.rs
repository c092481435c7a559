//! Draws the curves of the losses.

use super::{Failure, LossChart, area, chart, colour, plot_size};
use crate::{
    app::views::{canvas::Surface, screen::Theme},
    display::chart::{
        Curves, DASHES, EarlierRun, LINE, LabelPlace, Labels, LossAxis, PlotPoint, Point, STYLES, Scale,
        clip_polyline, is_inside,
    },
};
use latent_core::training::LossParts;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// Validation losses get dots if these are at least this far apart, in CSS pixels.
const DOT_DISTANCE: f64 = 7.0;

/// Draws the losses, those of earlier runs first, and the labels above them.
pub(in super::super) fn curves(
    surface: &Surface,
    theme: &Theme,
    scale: &Scale,
    curves: &Curves,
) -> Result<(), Failure> {
    let Some(area) = area(surface) else { return Ok(()) };
    let chart = chart(&area, surface.density, scale)?;
    let size = plot_size(surface, scale.divergence.is_some());
    let mut plot = Plot { chart, scale, theme, surface, density: surface.density };
    plot.interruptions(curves.interruptions)?;
    plot.earlier(&curves.earlier)?;
    plot.interruptions(&curves.rates.iter().map(|change| change.steps).collect::<Vec<_>>())?;
    plot.training(curves)?;
    plot.parts(curves)?;
    plot.validation(curves, size[0])?;
    plot.labels(curves, size)?;
    area.present()?;
    Ok(())
}

/// The places of finite losses on an axis.
fn places_on(axis: &LossAxis, points: impl Iterator<Item = Point>) -> Vec<PlotPoint> {
    let finite = points.filter(|point| point.loss.is_finite());
    finite.map(|point| (point.step as f64, axis.place(f64::from(point.loss)))).collect()
}

/// The plot and what its drawings need.
struct Plot<'a> {
    chart: LossChart<'a>,
    scale: &'a Scale,
    theme: &'a Theme,
    surface: &'a Surface,
    density: f64,
}

impl Plot<'_> {
    fn pixels(&self, css: f64) -> i32 {
        (css * self.density).round() as i32
    }

    fn place(&self, step: u64, loss: f32) -> PlotPoint {
        (step as f64, self.scale.loss.place(f64::from(loss)))
    }

    fn places(&self, points: &[Point]) -> Vec<PlotPoint> {
        places_on(&self.scale.loss, points.iter().copied())
    }

    fn line(
        &mut self,
        places: impl IntoIterator<Item = PlotPoint>,
        style: impl Into<ShapeStyle>,
        css: f64,
    ) -> Result<(), Failure> {
        let style = style.into().stroke_width(self.pixels(css) as u32);
        let parts = clip_polyline(places, self.scale.steps).into_iter();
        self.chart.draw_series(parts.map(|part| PathElement::new(part, style)))?;
        Ok(())
    }

    fn dots(&mut self, places: &[PlotPoint], colour: RGBColor, css: f64) -> Result<(), Failure> {
        let (radius, steps) = (self.pixels(css), self.scale.steps);
        let inside = places.iter().filter(|place| is_inside(**place, steps));
        self.chart.draw_series(inside.map(|&place| Circle::new(place, radius, colour.filled())))?;
        Ok(())
    }

    /// A dotted vertical line where another engine took over.
    fn interruptions(&mut self, steps: &[u64]) -> Result<(), Failure> {
        let style = colour(self.theme, "ink-soft").stroke_width(self.pixels(1.0) as u32);
        let [dot, gap] = [2.0, 3.0].map(|css| self.pixels(css) as u32);
        for &step in steps {
            let ends = [(step as f64, 0.0), (step as f64, 1.0)];
            self.chart.draw_series(DashedLineSeries::new(ends, dot, gap, style))?;
        }
        Ok(())
    }

    /// Writes what curves and lines are, beside them: the reference, the numbers of earlier runs, and the learning rates.
    fn labels(&self, curves: &Curves, size: [f64; 2]) -> Result<(), Failure> {
        let mut labels = Labels::on(size);
        let [width, height] = size;
        let css = |(step, up): PlotPoint| [step / self.scale.steps * width, height * (1.0 - up)];
        let validation = curves.validation.iter().map(|taken| Point { step: taken.steps, loss: taken.loss });
        let drawn = [self.places(&curves.smoothed), places_on(&self.scale.loss, validation)];
        let earlier = curves.earlier.iter().map(|run| self.places(&run.curve));
        // The last part of each curve.
        let mut lasts = Vec::new();
        for places in drawn.into_iter().chain(earlier) {
            let mut last = None;
            for part in clip_polyline(places, self.scale.steps) {
                last = Some(labels.avoid(part.into_iter().map(css).collect()));
            }
            lasts.push(last);
        }
        let soft = colour(self.theme, "ink-soft");
        if let Some(reference) = curves.reference {
            let down = height * (1.0 - self.scale.loss.place(f64::from(reference.loss)));
            self.write(reference.label(), soft, |width| labels.at_level(down, width))?;
            labels.avoid(vec![[0.0, down], [width, down]]);
        }
        for (run, last) in curves.earlier.iter().zip(lasts.into_iter().skip(2)) {
            if let Some(last) = last {
                let label = format!("Run {}", run.number);
                self.write(label, self.ink_of(run), |width| labels.at_curve(last, width))?;
            }
        }
        for change in curves.rates {
            let across = change.steps as f64 / self.scale.steps * width;
            self.write(format!("learning rate {}", change.rate), soft, |width| {
                labels.at_line(across, width)
            })?;
        }
        Ok(())
    }

    /// Writes a label where there is a place for its width, in CSS pixels, on a ground that covers what is below it.
    fn write(
        &self,
        label: String,
        ink: RGBColor,
        place: impl FnOnce(f64) -> Option<LabelPlace>,
    ) -> Result<(), Failure> {
        let font = self.theme.get("font");
        let text = (font.as_str(), 11.0 * self.density).into_font().color(&ink);
        let (width, _) = text.font.box_size(&label)?;
        // The size is rounded to whole pixels.
        if let Some(LabelPlace { left, top, width }) = place(f64::from(width + 1) / self.density) {
            let text = text.pos(Pos::new(HPos::Left, VPos::Top));
            let at = |left: f64, top: f64| (self.pixels(left), self.pixels(top));
            let area = self.chart.plotting_area().strip_coord_spec();
            // plotters would take a kilobyte for a rectangle.
            let (corner, context) = (area.get_base_pixel(), &self.surface.context);
            let [x, y] = [(left - 2.0, corner.0), (top, corner.1)]
                .map(|(css, corner)| f64::from(self.pixels(css) + corner));
            context.set_fill_style_str(&self.theme.get("panel"));
            context.fill_rect(x, y, (width + 4.0) * self.density, LINE * self.density);
            area.draw(&Text::new(label, at(left, top), text))?;
        }
        Ok(())
    }

    /// The raw losses, faint: a line from the greatest loss of a column to its smallest, and on to the next column. Above
    /// it the smoothed loss.
    fn training(&mut self, curves: &Curves) -> Result<(), Failure> {
        let known =
            curves.columns.iter().filter(|column| column.least.is_finite() && column.greatest.is_finite());
        let raw: Vec<_> = known
            .flat_map(|column| {
                [self.place(column.step, column.greatest), self.place(column.last, column.least)]
            })
            .collect();
        // With several steps to a column, the lines form a band.
        let is_dense = curves.columns.first().is_some_and(|column| column.last > column.step);
        let ink = colour(self.theme, "training");
        self.line(raw, ink.mix(if is_dense { 0.22 } else { 0.4 }), 1.0)?;
        self.line(self.places(&curves.smoothed), ink, 2.5)
    }

    /// The smoothed parts of a variational model's loss, and those of the validation losses as dots.
    fn parts(&mut self, curves: &Curves) -> Result<(), Failure> {
        let (Some(parts), Some(axis)) = (&curves.parts, &self.scale.divergence) else { return Ok(()) };
        let taken = |of: fn(LossParts) -> f32| {
            let taken = curves.validation.iter();
            taken.filter_map(move |taken| Some(Point { step: taken.steps, loss: of(taken.parts?) }))
        };
        let loss = &self.scale.loss;
        let drawn = [
            ("reconstruction", loss, &parts.reconstruction, places_on(loss, taken(|it| it.reconstruction))),
            ("divergence", axis, &parts.divergence, places_on(axis, taken(|it| it.divergence))),
        ];
        for (name, axis, points, validation) in drawn {
            let ink = colour(self.theme, name);
            self.line(places_on(axis, points.iter().copied()), ink, 2.0)?;
            self.dots(&validation, ink, 2.5)?;
        }
        Ok(())
    }

    /// The validation losses: a dashed line, so that a training loss below it stays visible, and dots with a border.
    fn validation(&mut self, curves: &Curves, width: f64) -> Result<(), Failure> {
        let taken = curves.validation.iter().filter(|taken| taken.loss.is_finite());
        let places: Vec<_> = taken.map(|taken| self.place(taken.steps, taken.loss)).collect();
        let (panel, ink) = (colour(self.theme, "panel"), colour(self.theme, "validation"));
        let [dash, gap] = [7.0, 4.0].map(|css| self.pixels(css) as u32);
        let style = ink.stroke_width(self.pixels(1.75) as u32);
        for part in clip_polyline(places.iter().copied(), self.scale.steps) {
            self.chart.draw_series(DashedLineSeries::new(part, dash, gap, style))?;
        }
        if width * curves.validation_distance() / self.scale.steps >= DOT_DISTANCE {
            self.dots(&places, panel, 4.25)?;
            self.dots(&places, ink, 3.0)?;
        }
        Ok(())
    }

    /// The earlier runs, each with a colour and dashes of its own.
    fn earlier(&mut self, runs: &[&EarlierRun]) -> Result<(), Failure> {
        let panel = colour(self.theme, "panel");
        for run in runs {
            let (ink, [dash, gap]) = (self.ink_of(run), DASHES[run.style % STYLES]);
            let curve = self.places(&run.curve);
            if gap == 0.0 {
                self.line(curve, ink, 1.5)?;
            } else {
                let [dash, gap] = [dash, gap].map(|css| self.pixels(css) as u32);
                let style = ink.stroke_width(self.pixels(1.5) as u32);
                for part in clip_polyline(curve, self.scale.steps) {
                    self.chart.draw_series(DashedLineSeries::new(part, dash, gap, style))?;
                }
            }
            self.dots(&self.places(&run.validation), ink, 2.0)?;
            // Where its learning rate changed.
            let changes = self.places(&run.rate_changes());
            self.dots(&changes, ink, 4.0)?;
            self.dots(&changes, panel, 2.5)?;
        }
        Ok(())
    }

    fn ink_of(&self, run: &EarlierRun) -> RGBColor {
        colour(self.theme, &format!("earlier-{}", run.style % STYLES))
    }
}
