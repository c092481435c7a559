//! Strokes of a pen become an image.

use super::{Centre, Placement};
use crate::data::ImageShape;
use std::ops::Range;

/// The points of a stroke, across and down, in shares of the pad's side.
pub type Stroke = Vec<[f32; 2]>;

/// The pen's width as a share of the image's shorter side: that of MNIST's lines.
pub const PEN: f32 = 0.1;
/// A drawing is enlarged to its box at most as if it filled this share of the pad: a dot stays a dot.
const LEAST_EXTENT: f32 = 0.25;

/// The image that strokes are: light ink on black, antialiased, scaled to the box of the `placement` and centred. The pen is as
/// wide after scaling, whatever the size of the drawing. `ink` is the colour of the pen, which only images in colour show.
/// Returns the values `[height, width, channels]`; none where no stroke has a point.
pub fn draw(strokes: &[Stroke], shape: ImageShape, placement: Placement, ink: [u8; 3]) -> Option<Vec<u8>> {
    let sides = [shape.width, shape.height];
    let pen = PEN * sides[0].min(sides[1]) as f32;
    let is_sound = |point: &&[f32; 2]| point.iter().all(|at| at.is_finite() && at.abs() < 1e3);
    let strokes: Vec<Vec<[f32; 2]>> =
        strokes.iter().map(|stroke| stroke.iter().filter(is_sound).copied().collect()).collect();
    let bounds = [0, 1].map(|axis| {
        let values = strokes.iter().flatten().map(|point| point[axis]);
        [values.clone().fold(f32::INFINITY, f32::min), values.fold(f32::NEG_INFINITY, f32::max)]
    });
    if bounds[0][0] > bounds[0][1] {
        return None;
    }
    let scale = [0, 1]
        .map(|axis| {
            let space = (placement.box_share * sides[axis] as f32 - pen).max(0.0);
            space / (bounds[axis][1] - bounds[axis][0]).max(LEAST_EXTENT)
        })
        .into_iter()
        .fold(f32::INFINITY, f32::min);
    let middle = bounds.map(|[least, most]| (least + most) / 2.0);
    let scaled = |offset: [f32; 2]| -> Vec<Vec<[f32; 2]>> {
        let place = |point: &[f32; 2]| [0, 1].map(|axis| (point[axis] - middle[axis]) * scale + offset[axis]);
        strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect()
    };
    let centre = sides.map(|side| side as f32 / 2.0);
    let drawn = coverage(&scaled(centre), sides, pen / 2.0);
    let drawn = match placement.centre {
        Centre::Box => drawn,
        Centre::Mass => {
            let mass = mass(&drawn, sides[0])?;
            // The middle of the pixel behind the middle of the image is where MNIST has its centres.
            let offset = [0, 1].map(|axis| 2.0 * centre[axis] + 0.5 - mass[axis] as f32);
            coverage(&scaled(offset), sides, pen / 2.0)
        }
    };
    let value = |share: f32, of: u8| (share * f32::from(of)).round() as u8;
    Some(match shape.channels {
        3 => drawn.iter().flat_map(|&share| ink.map(|of| value(share, of))).collect(),
        _ => drawn.iter().map(|&share| value(share, u8::MAX)).collect(),
    })
}

/// The centre of mass of `[rows, width]` shares, across and down: in pixels from the first pixel's edge. None of a blank image.
fn mass(shares: &[f32], width: usize) -> Option<[f64; 2]> {
    let (mut sum, mut moments) = (0.0, [0.0; 2]);
    for (at, &share) in shares.iter().enumerate() {
        let share = f64::from(share);
        sum += share;
        moments[0] += share * ((at % width) as f64 + 0.5);
        moments[1] += share * ((at / width) as f64 + 0.5);
    }
    (sum > 0.0).then(|| moments.map(|moment| moment / sum))
}

/// The share of each pixel that the strokes of a round pen cover, `[height, width]`. Points are in pixels.
fn coverage(strokes: &[Vec<[f32; 2]>], [width, height]: [usize; 2], radius: f32) -> Vec<f32> {
    let mut shares = vec![0f32; width * height];
    for stroke in strokes {
        let ends = stroke.iter().zip(stroke.iter().skip(1).chain(stroke.last()));
        for (from, to) in ends {
            // Pixels that the pen can reach on its way.
            let reach = |axis: usize, side: usize| -> Range<usize> {
                let [least, most] = [from[axis].min(to[axis]), from[axis].max(to[axis])];
                let start = (least - radius - 1.0).max(0.0) as usize;
                start.min(side)..((most + radius + 2.0).max(0.0) as usize).min(side)
            };
            for row in reach(1, height) {
                for column in reach(0, width) {
                    let distance = distance([column as f32 + 0.5, row as f32 + 0.5], *from, *to);
                    let share = &mut shares[row * width + column];
                    *share = share.max((radius + 0.5 - distance).clamp(0.0, 1.0));
                }
            }
        }
    }
    shares
}

/// The distance of a point from the line between two others.
fn distance(point: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let share = (point[0] - from[0]) * along[0] + (point[1] - from[1]) * along[1];
    let share = if length > 0.0 { (share / length).clamp(0.0, 1.0) } else { 0.0 };
    (point[0] - from[0] - share * along[0]).hypot(point[1] - from[1] - share * along[1])
}
