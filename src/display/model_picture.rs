//! A small picture of a model: a shape for each layer, as high as the logarithm of its values.

use latent_core::model::{Corruption, Half, Layer, LayerKind, ModelSpec, Role, Shape};
use std::fmt::Write;

/// Width and height of a picture.
pub const SIDES: [f64; 2] = [96.0, 44.0];
/// The space between two layers.
const GAP: f64 = 3.0;
/// The widest that a layer is drawn.
const WIDEST: f64 = 9.0;
/// How far the shapes of a convolution's channels are apart.
const OFFSET: f64 = 2.0;

/// The content of an SVG element of [`SIDES`].
pub fn picture(model: &ModelSpec) -> String {
    let layers = model.layers();
    let drawn: Vec<&Layer> = layers.iter().filter(|layer| layer.role != Role::LogVariance).collect();
    let image = Shape::Map(model.input).values();
    let most = drawn.iter().map(|layer| layer.outputs).chain([image]).max().unwrap_or(1);
    let height =
        |values: usize| ((1 + values) as f64).ln() / ((1 + most) as f64).ln() * (SIDES[1] - 2.0 * OFFSET);
    let pitch = SIDES[0] / (drawn.len() + 1) as f64;
    let width = (pitch - GAP).min(WIDEST);
    let at = |place: usize| (place as f64 + 0.5) * pitch - width / 2.0;

    let mut svg = String::new();
    let noisy = if model.corruption == Corruption::None { "ends" } else { "ends noisy" };
    block(&mut svg, noisy, at(0), width, height(image));
    for (place, layer) in (1..).zip(drawn) {
        let (x, high) = (at(place), height(layer.outputs));
        match (layer.role, layer.kind) {
            (Role::Mean, _) => {
                for radius in [1.0, 2.0] {
                    let (x, y) = (x + width / 2.0, SIDES[1] / 2.0);
                    circle(&mut svg, x, y, radius * high / 4.0 + 1.0);
                }
            }
            (Role::Code, _) => block(&mut svg, "code", x, width, high),
            (Role::Reconstruction, _) => block(&mut svg, "ends", x, width, high),
            (_, LayerKind::Dropout { .. }) => block(&mut svg, "noisy", x, width, high),
            (_, LayerKind::Conv2d(_) | LayerKind::Conv2dTranspose(_)) => {
                for offset in [OFFSET, 0.0, -OFFSET] {
                    block(&mut svg, class(layer.half), x + offset / 2.0, width - OFFSET, high - offset.abs());
                }
            }
            (_, LayerKind::Dense) => block(&mut svg, class(layer.half), x, width, high),
        }
    }
    svg
}

fn class(half: Half) -> &'static str {
    match half {
        Half::Encoder => "layer",
        Half::Decoder => "mirrored",
    }
}

/// A rectangle around the middle.
fn block(svg: &mut String, class: &str, x: f64, width: f64, height: f64) {
    let (height, y) = (height.max(2.0), (SIDES[1] - height.max(2.0)) / 2.0);
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="1.5"/>"#
    );
}

fn circle(svg: &mut String, x: f64, y: f64, radius: f64) {
    let _ = write!(svg, r#"<circle class="code" cx="{x:.1}" cy="{y:.1}" r="{radius:.1}"/>"#);
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::model::presets;

    #[test]
    fn every_model_of_the_menu_has_a_picture_of_its_own_within_its_sides() {
        let mut pictures: Vec<_> = presets::ALL.iter().map(|preset| picture(&preset.model())).collect();
        for svg in &pictures {
            let numbers = |name: &str| {
                svg.split(&format!(" {name}=\""))
                    .skip(1)
                    .map(|rest| rest.split('"').next().unwrap().parse::<f64>().unwrap())
                    .collect::<Vec<_>>()
            };
            for (x, width) in numbers("x").iter().zip(numbers("width")) {
                assert!(*x >= -1.0 && x + width <= SIDES[0] + 1.0, "{svg}");
            }
            for (y, height) in numbers("y").iter().zip(numbers("height")) {
                assert!(*y >= 0.0 && y + height <= SIDES[1], "{svg}");
            }
        }
        pictures.sort();
        pictures.dedup();
        assert_eq!(pictures.len(), presets::ALL.len());
    }

    #[test]
    fn a_picture_narrows_to_the_code() {
        let svg = picture(&presets::ALL[0].model());
        assert_eq!(svg.matches("<rect").count(), 5);
        assert_eq!(svg.matches(r#"class="code""#).count(), 1);
        assert!(picture(&presets::ALL[4].model()).contains("<circle"));
        assert!(picture(&presets::ALL[6].model()).contains("ends noisy"));
    }
}
